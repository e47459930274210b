"use client";

import { Stack, Table, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { factLines } from "@/components/telemetry/decision/fact-lines";
import { numberText, plural, shareText } from "@/components/telemetry/words";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { TableRegion } from "@/components/ui/table-region";
import { Time } from "@/components/ui/time";
import type { Facts } from "@/lib/policy/facts";
import type { TriedCondition } from "@/lib/telemetry/views";
import type { Check } from "./use-check";

/** What the check says: warnings, and how much of the recorded traffic the condition matches. */
export function TriedPanel({ check, hasCondition }: { check: Check; hasCondition: boolean }) {
  const { view, isBehind, error, retry } = check;
  return (
    <Stack gap={6} aria-live="polite" aria-busy={isBehind}>
      {error && <ProblemAlert error={error} onRetry={retry} />}
      {isBehind && (
        <Text size="xs" c="dimmed">
          Checking …
        </Text>
      )}
      {view?.warnings.map((warning) => (
        <Text size="sm" fw={600} key={warning}>
          <IconAlertTriangle size={14} aria-hidden /> Warning: {warning}
        </Text>
      ))}
      {view?.tried && <Tried tried={view.tried} />}
      {view && !view.tried && view.problems.length === 0 && !hasCondition && (
        <Text size="sm" c="dimmed">
          What was said is not kept, so phrases and patterns cannot be tried on what was recorded. Try them on
          a text below.
        </Text>
      )}
    </Stack>
  );
}

function Tried({ tried }: { tried: TriedCondition }) {
  const { triedDecisions, triedFacts, matchedDecisions, matchedFacts, examples } = tried;
  if (triedDecisions === 0) {
    return (
      <Text size="sm">
        Nothing was recorded of this use case from <Time at={tried.from} dateOnly /> to{" "}
        <Time at={tried.to} dateOnly />, so it could not be tried.
      </Text>
    );
  }
  return (
    <div>
      <Text size="sm">
        On what was recorded from <Time at={tried.from} dateOnly /> to <Time at={tried.to} dateOnly /> its
        condition alone would have fired on <b>{numberText(matchedDecisions)}</b> of{" "}
        {plural(triedDecisions, "decision")} ({shareText(matchedDecisions, triedDecisions)};{" "}
        {numberText(matchedFacts)} of {numberText(triedFacts)} distinct facts).
        {tried.facts > triedFacts &&
          ` The rarest ${numberText(tried.facts - triedFacts)} facts (${plural(tried.decisions - triedDecisions, "decision")}) were left out.`}
      </Text>
      {examples.length > 0 && (
        <details>
          <Text component="summary" size="sm" style={{ cursor: "pointer" }}>
            The facts that it matches most often: {examples.length} of {numberText(matchedFacts)}
          </Text>
          <TableRegion label="Facts that it matches">
            <Table verticalSpacing={2} fz="xs" miw={520}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th scope="col" ta="right" w={90}>
                    Decisions
                  </Table.Th>
                  <Table.Th scope="col">Facts</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {examples.map(({ facts, n }) => (
                  <Table.Tr key={JSON.stringify(facts)}>
                    <Table.Td ta="right">{numberText(n)}</Table.Td>
                    <Table.Td style={{ overflowWrap: "anywhere" }}>{factText(facts)}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </TableRegion>
        </details>
      )}
    </div>
  );
}

/** Facts in one line. Who is enrolled when is nothing that a condition reads, and no signals are not worth a word. */
function factText(facts: Facts): string {
  return factLines(facts)
    .filter(({ name, value }) => name !== "Cohort" && !(name === "Signals" && value === "none"))
    .map(({ name, value }) => `${name}: ${value}`)
    .join("; ");
}
