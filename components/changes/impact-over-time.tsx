"use client";

import { Button, Group, Table, Text, Title } from "@mantine/core";
import { useState } from "react";
import { TableRegion } from "@/components/ui/table-region";
import type { ImpactView } from "@/lib/telemetry/views";
import { count, type FlipsAt, flipsText, overTime, type TimeUnit, unitFor } from "./impact";
import classes from "./impact-panel.module.css";
import { WaysHead, WaysRow } from "./impact-ways";

/** Flips over the window, by hour or day, as bars or as a table. What has no telemetry is a gap, never a zero. */
export function ImpactOverTime({ impact }: { impact: ImpactView }) {
  const shortest = unitFor(impact);
  const [wanted, setUnit] = useState<TimeUnit>(shortest);
  const [table, setTable] = useState(false);
  const { unit, rows } = overTime(impact, wanted);
  return (
    <section aria-label={`Flips by ${unit}`}>
      <Group gap="xs" mb={4}>
        <Title order={3} size="h5">
          By {unit} (UTC)
        </Title>
        <Button size="compact-xs" variant="subtle" className="no-print" onClick={() => setTable(!table)}>
          {table ? "Show as bars" : "Show as a table"}
        </Button>
        {shortest === "day" && (
          <Button
            size="compact-xs"
            variant="subtle"
            className="no-print"
            onClick={() => setUnit(unit === "day" ? "hour" : "day")}
          >
            {unit === "day" ? "By hour" : "By day"}
          </Button>
        )}
      </Group>
      {table ? <FlipsTable unit={unit} rows={rows} /> : <Bars unit={unit} rows={rows} />}
      <GapNote impact={impact} rows={rows} unit={unit} />
    </section>
  );
}

interface Shown {
  unit: TimeUnit;
  rows: readonly FlipsAt[];
}

/** Above so many rows, those in which nothing flips are left out, and it is said. */
const LONG = 100;

function FlipsTable({ unit, rows }: Shown) {
  const shown = rows.length > LONG ? rows.filter((row) => row.gap || row.stricter + row.looser > 0) : rows;
  return (
    <TableRegion label={`Table of flips by ${unit}`}>
      <Table verticalSpacing={3} fz="sm" w="auto" captionSide="bottom">
        {shown.length < rows.length && (
          <Table.Caption ta="left">
            {shown.length} of {rows.length}: a {unit} in which nothing flips is left out.
          </Table.Caption>
        )}
        <WaysHead first={unit} />
        <Table.Tbody>
          {shown.map((row) =>
            row.gap ? (
              <Table.Tr key={row.key}>
                <Table.Th scope="row" fw={400}>
                  {whenText(row.key)}
                </Table.Th>
                <Table.Td colSpan={2} ta="right" c="dimmed">
                  no telemetry
                </Table.Td>
              </Table.Tr>
            ) : (
              <WaysRow key={row.key} row={row} name={whenText(row.key)} />
            ),
          )}
        </Table.Tbody>
      </Table>
    </TableRegion>
  );
}

function Bars({ unit, rows }: Shown) {
  const highest = Math.max(1, ...rows.map((row) => Math.max(row.stricter, row.looser)));
  const gaps = rows.filter(({ gap }) => gap).length;
  const share = (n: number) => ({ height: `${(n / highest) * 100}%` });
  return (
    <>
      <TableRegion label={`Bars of flips by ${unit}`}>
        <div
          className={classes["bars"]}
          role="img"
          aria-label={`Flips of ${rows.length} ${unit}s, at most ${count(highest)} one way in one ${unit}${gaps > 0 ? `, ${gaps} without telemetry` : ""}; the table has every number`}
        >
          {rows.map((row) => (
            <div
              key={row.key}
              className={classes["bar"]}
              title={`${whenText(row.key)}: ${flipsText(row)}`}
              {...(row.gap ? { "data-gap": true } : {})}
            >
              <div className={classes["up"]}>
                <div data-way="stricter" style={share(row.stricter)} />
              </div>
              <div className={classes["down"]}>
                <div data-way="looser" style={share(row.looser)} />
              </div>
            </div>
          ))}
        </div>
      </TableRegion>
      <Group justify="space-between" wrap="nowrap">
        {[rows[0], rows.at(-1)].map((row, end) => (
          <Text size="xs" c="dimmed" key={end === 0 ? "first" : "last"}>
            {row && whenText(row.key)}
          </Text>
        ))}
      </Group>
      <Text size="xs" c="dimmed">
        Above the line stricter, below it looser; the highest bar is {count(highest)}.
      </Text>
    </>
  );
}

function GapNote({ impact, rows, unit }: Shown & { impact: ImpactView }) {
  const whole = rows.filter(({ gap }) => gap).length;
  const partly = rows.filter(({ gap, gapHours }) => !gap && gapHours > 0).length;
  if (impact.gaps && whole + partly === 0) return null;
  const said = [
    whole > 0 && `Hatched: no telemetry (${whole} of ${rows.length} ${unit}s), so nothing is known.`,
    partly > 0 && `${partly} ${partly === 1 ? `${unit} lacks` : `${unit}s lack`} some hours of telemetry.`,
  ];
  return (
    <Text size="xs" c="dimmed">
      {impact.gaps
        ? said.filter(Boolean).join(" ")
        : "Where telemetry had gaps was not kept with this evidence."}
    </Text>
  );
}

const DAY: Intl.DateTimeFormatOptions = { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" };

/** `21 Oct 2026` of a day, `21 Oct 2026, 10:00` of an hour; both in UTC, as the heading says. */
function whenText(key: string): string {
  const isDay = key.length === DAY_LENGTH;
  const format: Intl.DateTimeFormatOptions = isDay ? DAY : { ...DAY, hour: "2-digit", minute: "2-digit" };
  return new Intl.DateTimeFormat("en-GB", format).format(new Date(isDay ? key : `${key}Z`));
}

/** Of a key such as `2026-10-21`; that of an hour is longer. */
const DAY_LENGTH = 10;
