"use client";

import { Skeleton, Stack, Table, Text, VisuallyHidden } from "@mantine/core";
import { useId } from "react";
import { ChartFrame } from "@/components/charts/chart-frame";
import { lookOf } from "@/components/charts/looks";
import { PatternDefs, patternFill } from "@/components/charts/patterns";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { TableRegion } from "@/components/ui/table-region";
import type { UsageView } from "@/lib/exceptions/views";
import { lapseText } from "./words";

interface UsePanelProps {
  usage: UsageView | undefined;
  error: unknown;
  onRetry: () => void;
}

const HEIGHT = 84;
const LOOK = lookOf("exempted");

/** How often an exception spared, day by day, and what would be stopped if it lapsed now. */
export function UsePanel({ usage, error, onRetry }: UsePanelProps) {
  if (error && !usage) return <ProblemAlert error={error} onRetry={onRetry} />;
  if (!usage)
    return (
      <div role="status">
        <VisuallyHidden>Reading how it is used</VisuallyHidden>
        <Skeleton height={HEIGHT + 60} />
      </div>
    );
  return (
    <Stack gap={6}>
      {usage.forecast && (
        <Text size="sm" role="status">
          <b>{lapseText(usage.forecast)}</b>
        </Text>
      )}
      <ChartFrame
        title="Spared over the last 30 days"
        summary={summaryOf(usage)}
        chart={<Bars usage={usage} />}
        table={<DayTable usage={usage} />}
      />
    </Stack>
  );
}

const number = (n: number) => n.toLocaleString("en-GB");
const dayText = (day: string) =>
  new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" }).format(new Date(day));

function summaryOf({ total, used, days }: UsageView): string {
  const busy = days.filter(({ n }) => n > 0).length;
  if (total === 0) return `Nothing in these 30 days; ${number(used)} ever.`;
  return `${number(total)} decisions on ${busy} of 30 days (UTC); ${number(used)} ever.`;
}

function Bars({ usage: { days } }: { usage: UsageView }) {
  const prefix = useId();
  const max = Math.max(1, ...days.map(({ n }) => n));
  const width = 100 / days.length;
  return (
    <div>
      <svg
        width="100%"
        height={HEIGHT}
        role="img"
        aria-label="Spared decisions a day; the table has the figures"
      >
        <PatternDefs prefix={prefix} looks={[LOOK]} />
        {days.map(({ day, n }, index) => {
          const height = n === 0 ? 0 : Math.max(2, (n / max) * (HEIGHT - 2));
          return (
            <rect
              key={day}
              x={`${index * width + 0.3}%`}
              width={`${width - 0.6}%`}
              y={HEIGHT - 1 - height}
              height={height}
              fill={patternFill(prefix, LOOK)}
              stroke={LOOK.colour}
            >
              <title>{`${dayText(day)}: ${number(n)}`}</title>
            </rect>
          );
        })}
        <line
          x1="0"
          x2="100%"
          y1={HEIGHT - 0.5}
          y2={HEIGHT - 0.5}
          stroke="var(--mantine-color-default-border)"
        />
      </svg>
      <Text size="xs" c="dimmed" component="div" style={{ display: "flex", justifyContent: "space-between" }}>
        <span>{dayText(days[0]?.day ?? "")}</span>
        <span>most on a day: {number(max === 1 && days.every(({ n }) => n === 0) ? 0 : max)}</span>
        <span>{dayText(days.at(-1)?.day ?? "")}</span>
      </Text>
    </div>
  );
}

function DayTable({ usage: { days } }: { usage: UsageView }) {
  return (
    <TableRegion label="Spared decisions by day, as a table">
      <Table.ScrollContainer minWidth={160} maxHeight={HEIGHT + 60}>
        <Table fz="xs" verticalSpacing={2} stickyHeader>
          <VisuallyHidden component="caption">Spared decisions by day (UTC)</VisuallyHidden>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Day</Table.Th>
              <Table.Th scope="col" ta="right">
                Spared
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {days.toReversed().map(({ day, n }) => (
              <Table.Tr key={day}>
                <Table.Th scope="row" fw={400}>
                  {dayText(day)}
                </Table.Th>
                <Table.Td ta="right">{number(n)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </TableRegion>
  );
}
