"use client";

import { Text } from "@mantine/core";
import type { ReactNode } from "react";
import { Panel } from "@/components/telemetry/panel";
import { numberText, plural, shareText } from "@/components/telemetry/words";
import { Fact, FactList } from "@/components/ui/facts";
import { LinkAnchor } from "@/components/ui/links";
import type { DecideTimes, ProcessView } from "@/lib/process/views";
import type { Direction } from "@/lib/use-cases/views";
import { beforeText, timesText } from "./process-words";

const DIRECTIONS: Record<Direction, string> = {
  tightens: "tightened",
  loosens: "loosened",
  mixed: "mixed",
  equal: "neutral",
};

/** How changes and exceptions are decided; each figure leads to the list of exactly what it counts. */
export function ProcessFigures({ process, to }: { process: ProcessView; to: string }) {
  const { since, overdue, applied, brokeGlass } = process;
  return (
    <Panel title="How we decide, 30 days">
      <FactList>
        <Fact name="Time to decide changes">
          <Times href={listHref("/changes", { decidedSince: since })} {...process.changes} />
        </Fact>
        <Fact name="Time to decide exceptions">
          <Times href={listHref("/exceptions", { decidedSince: since })} {...process.exceptions} />
        </Fact>
        <Fact name={`Waiting over ${overdue.days} days`}>
          <Figure n={overdue.changes} href={listHref("/changes", { waitingDays: String(overdue.days) })}>
            {plural(overdue.changes, "change")}
          </Figure>
          ,{" "}
          <Figure
            n={overdue.exceptions}
            href={listHref("/exceptions", { waitingDays: String(overdue.days) })}
          >
            {plural(overdue.exceptions, "exception")}
          </Figure>
        </Fact>
        <Fact name="Changes applied">
          <Applied applied={applied} since={since} />
        </Fact>
        <Fact name="Broke the glass">
          <Figure n={brokeGlass} href={listHref("/changes", { emergency: "break_glass", since })}>
            {brokeGlass === 0 ? "never" : plural(brokeGlass, "change")}
          </Figure>
        </Fact>
        <Fact name="Under exception">
          {process.underException.map((share, index) => (
            <span key={share.days}>
              {index > 0 && "; "}
              <Share {...share} to={to} />
            </span>
          ))}
        </Fact>
      </FactList>
    </Panel>
  );
}

function listHref(path: string, filter: Record<string, string>): string {
  return `${path}?${new URLSearchParams(filter)}`;
}

/** A figure is a link to its list, but where the list would be empty. */
function Figure({ n, href, children }: { n: number; href: string; children: ReactNode }) {
  if (n === 0) return children;
  return (
    <LinkAnchor href={href} underline="always">
      {children}
    </LinkAnchor>
  );
}

function Times({ href, now, previous }: { href: string; now: DecideTimes; previous: DecideTimes }) {
  return (
    <>
      <Figure n={now.n} href={href}>
        {timesText(now)}
      </Figure>
      {(now.n > 0 || previous.n > 0) && (
        <Text size="xs" c="dimmed" component="div">
          {beforeText(previous)}
        </Text>
      )}
    </>
  );
}

function Applied({ applied, since }: { applied: ProcessView["applied"]; since: string }) {
  const some = (Object.keys(DIRECTIONS) as Direction[]).filter((direction) => applied[direction] > 0);
  if (some.length === 0) return "none";
  return some.map((direction, index) => (
    <span key={direction}>
      {index > 0 && ", "}
      <LinkAnchor href={listHref("/changes", { status: "applied", direction, since })} underline="always">
        {numberText(applied[direction])} {DIRECTIONS[direction]}
      </LinkAnchor>
    </span>
  ));
}

function Share({ days, from, exempted, total, to }: ProcessView["underException"][number] & { to: string }) {
  if (total === 0) return `no decisions yet in ${days} days`;
  return (
    <>
      <Figure n={exempted} href={listHref("/telemetry/decisions", { exempted: "true", from, to })}>
        {shareText(exempted, total)}
      </Figure>{" "}
      of {plural(total, "decision")} in {days} days
    </>
  );
}
