"use client";

import { Text } from "@mantine/core";
import type { ReactNode } from "react";
import { Panel } from "@/components/telemetry/panel";
import { agoText, numberText, plural } from "@/components/telemetry/words";
import { Fact, FactList } from "@/components/ui/facts";
import { Time } from "@/components/ui/time";
import type { HealthView } from "@/lib/telemetry/views";

/** Can the figures be trusted: who decides, how fresh it is, what is missing, what is anchored. */
export function TelemetryHealth({ health, now }: { health: HealthView; now: Date }) {
  const up = health.decisionPoints.filter((point) => point.up).length;
  const all = health.decisionPoints.length;
  return (
    <Panel
      title="Health of telemetry"
      aside={all > 0 && `${numberText(up)} of ${plural(all, "decision point")} up`}
    >
      <FactList>
        <Fact name="Decision points">
          {all === 0
            ? "none was ever seen"
            : health.decisionPoints.map((point) => (
                <Text key={point.name} size="sm" component="div">
                  {point.name}: {point.up ? "up" : "down"}, seen <Since at={point.seenAt} now={now} />
                </Text>
              ))}
        </Fact>
        <Fact name="Last decision">
          <Since at={health.lastDecisionAt} now={now} />
        </Fact>
        <Fact name="Newest anchored decision">
          <Since at={health.newestAnchoredAt} now={now} />
          {health.unanchoredBatches > 0 &&
            `, ${numberText(health.unanchoredBatches)} ${health.unanchoredBatches === 1 ? "batch waits" : "batches wait"} for the next anchor`}
        </Fact>
        <Fact name="Gaps">
          {health.gapHours === 0
            ? `none in ${numberText(health.hours)} hours`
            : `${numberText(health.gapHours)} of ${numberText(health.hours)} hours without telemetry`}
        </Fact>
      </FactList>
    </Panel>
  );
}

function Since({ at, now }: { at: string | null; now: Date }): ReactNode {
  if (at === null) return "never";
  return (
    <>
      <Time at={at} /> ({agoText(at, now)})
    </>
  );
}
