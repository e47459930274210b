"use client";

import {
  Anchor,
  Box,
  Button,
  Group,
  SegmentedControl,
  Stack,
  Table,
  Text,
  VisuallyHidden,
} from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { api, fetched } from "@/components/api";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { TableRegion } from "@/components/ui/table-region";
import { Time, useInBrowser } from "@/components/ui/time";
import { useLastGood, useUrlFilter } from "@/components/ui/use-url-filter";
import type { CalendarEvent } from "@/lib/exceptions/views";
import classes from "./calendar-board.module.css";
import { type CalendarDay, dayIn, isMonth, monthAfter, prepareMonth, windowOf } from "./prepare-month";

interface CalendarBoardProps {
  initial: CalendarEvent[];
  initialMonth: string;
  now: string;
}

const KINDS = { starts: "starts", review: "review due", expires: "expires" } as const;
/** So many events stand in a day of the grid; the list has all. */
const SHOWN = 5;
const WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/** What begins, is due for review and ends, month by month: as a grid, or as a list. */
export function CalendarBoard({ initial, initialMonth, now }: CalendarBoardProps) {
  const [params, change] = useUrlFilter();
  const inBrowser = useInBrowser();
  const zone = inBrowser ? Intl.DateTimeFormat().resolvedOptions().timeZone : "UTC";
  const asked = params.get("month");
  const month = isMonth(asked) ? asked : now.slice(0, 7);
  const query = useQuery({
    queryKey: ["exceptions", "calendar", month],
    queryFn: () => fetched(api.exceptions.calendar.$get({ query: windowOf(month) })),
    placeholderData: keepPreviousData,
    ...(month === initialMonth ? { initialData: initial } : {}),
  });
  const events = useLastGood(query.data) ?? initial;
  const isList = params.get("view") === "list";
  const inMonth = events.filter(({ at }) => dayIn(at, zone).startsWith(month));
  const go = (by: number) => change({ month: monthAfter(month, by) });
  return (
    <Stack gap="sm">
      <Group justify="space-between" gap="xs" className="no-print">
        <Group gap="xs">
          <Button size="compact-sm" variant="default" onClick={() => go(-1)}>
            Month before
          </Button>
          <Button size="compact-sm" variant="default" onClick={() => change({ month: null })}>
            This month
          </Button>
          <Button size="compact-sm" variant="default" onClick={() => go(1)}>
            Month after
          </Button>
        </Group>
        <Box visibleFrom="sm">
          <SegmentedControl
            size="xs"
            aria-label="Show as"
            data={[
              { value: "month", label: "Month" },
              { value: "list", label: "List" },
            ]}
            value={isList ? "list" : "month"}
            onChange={(value) => change({ view: value === "list" ? "list" : null })}
          />
        </Box>
      </Group>
      {query.error && <ProblemAlert error={query.error} onRetry={() => query.refetch()} />}
      <Text component="h2" fw={600} size="md" aria-live="polite">
        {monthText(month)}: {inMonth.length === 1 ? "1 event" : `${inMonth.length} events`}
      </Text>
      {!isList && (
        <Box visibleFrom="sm">
          <MonthGrid weeks={prepareMonth(month, events, zone, now)} title={monthText(month)} />
        </Box>
      )}
      <Box {...(isList ? {} : { hiddenFrom: "sm" })}>
        <EventList events={inMonth} />
      </Box>
    </Stack>
  );
}

function monthText(month: string): string {
  const format = { month: "long", year: "numeric", timeZone: "UTC" } as const;
  return new Intl.DateTimeFormat("en-GB", format).format(new Date(`${month}-01T00:00:00Z`));
}

function MonthGrid({ weeks, title }: { weeks: CalendarDay[][]; title: string }) {
  return (
    <TableRegion label="The month">
      <Table className={classes["grid"] ?? ""} withTableBorder withColumnBorders layout="fixed" miw={700}>
        <VisuallyHidden component="caption">Exceptions that begin, are due or end in {title}</VisuallyHidden>
        <Table.Thead>
          <Table.Tr>
            {WEEKDAYS.map((name) => (
              <Table.Th key={name} scope="col" fz="xs">
                {name}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {weeks.map((week) => (
            <Table.Tr key={week[0]?.day}>
              {week.map((day) => (
                <Day key={day.day} day={day} />
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </TableRegion>
  );
}

function Day({ day: { number, inMonth, isToday, events } }: { day: CalendarDay }) {
  return (
    <Table.Td
      className={classes["day"] ?? ""}
      data-out={!inMonth || undefined}
      data-today={isToday || undefined}
    >
      <Text size="xs" fw={isToday ? 700 : 400} {...(isToday || inMonth ? {} : { c: "dimmed" })}>
        {number}
        {isToday && " today"}
      </Text>
      {events.slice(0, SHOWN).map((event) => (
        <Anchor
          key={`${event.ref} ${event.kind}`}
          component={Link}
          href={`/exceptions/${event.ref}`}
          className={classes["event"] ?? ""}
          data-kind={event.kind}
          title={`${event.useCase}, ${event.riskOwner}`}
        >
          {event.ref} {KINDS[event.kind]}
        </Anchor>
      ))}
      {events.length > SHOWN && <Text size="xs">and {events.length - SHOWN} more: see the list</Text>}
    </Table.Td>
  );
}

function EventList({ events }: { events: CalendarEvent[] }) {
  if (events.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        Nothing begins, is due or ends in this month.
      </Text>
    );
  }
  return (
    <TableRegion label="Events of the month">
      <Table fz="sm" verticalSpacing={4} horizontalSpacing="xs">
        <VisuallyHidden component="caption">
          Exceptions that begin, are due or end, in the order of time
        </VisuallyHidden>
        <Table.Thead>
          <Table.Tr>
            {["When", "What", "Use case", "Risk owner"].map((name) => (
              <Table.Th key={name} scope="col">
                {name}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {events.map(({ at, kind, ref, useCase, riskOwner }) => (
            <Table.Tr key={`${ref} ${kind}`}>
              <Table.Td>
                <Time at={at} />
              </Table.Td>
              <Table.Th scope="row" fw={400} style={{ whiteSpace: "nowrap" }}>
                <Anchor component={Link} href={`/exceptions/${ref}`} size="sm" underline="always">
                  {ref}
                </Anchor>{" "}
                {KINDS[kind]}
              </Table.Th>
              <Table.Td>{useCase}</Table.Td>
              <Table.Td>{riskOwner}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </TableRegion>
  );
}
