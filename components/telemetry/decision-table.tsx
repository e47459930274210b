"use client";

import { Anchor, Table, Text, VisuallyHidden } from "@mantine/core";
import Link from "next/link";
import { Time } from "@/components/ui/time";
import { WordBadge } from "@/components/vocabulary/badges";
import type { DecisionRow } from "@/lib/telemetry/views";
import classes from "./decision-table.module.css";
import { controlTitle, word } from "./words";

const COLUMNS = [
  "When",
  "Outcome",
  "Would be",
  "Use case",
  "Action",
  "What",
  "Workload",
  "Model",
  "Findings",
  "Note",
];

/** Decisions, newest first, one line each. The time is the link to the decision. */
export function DecisionTable({ decisions }: { decisions: readonly DecisionRow[] }) {
  return (
    <Table
      verticalSpacing={2}
      horizontalSpacing={8}
      highlightOnHover
      fz="xs"
      miw={1120}
      className={classes["table"]}
    >
      <VisuallyHidden component="caption">
        Decisions with their outcome, what was asked and findings
      </VisuallyHidden>
      <Table.Thead>
        <Table.Tr>
          {COLUMNS.map((name) => (
            <Table.Th key={name} scope="col">
              {name}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {decisions.map((decision) => (
          <DecisionLine key={decision.id} decision={decision} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function DecisionLine({ decision }: { decision: DecisionRow }) {
  const { id, decidedAt, outcome, wouldBe, useCase, action, workload, model, findings } = decision;
  const found = findings
    .map(({ control, effect }) => `${controlTitle(control)} (${word(effect)})`)
    .join(", ");
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={400}>
        <Anchor component={Link} href={`/telemetry/decisions/${id}`} prefetch={false} fz="xs" data-row>
          <Time at={decidedAt} seconds />
        </Anchor>
      </Table.Th>
      <Table.Td>
        <WordBadge word={outcome} />
      </Table.Td>
      <Table.Td>{wouldBe === outcome ? <Same /> : <WordBadge word={wouldBe} />}</Table.Td>
      <Cut text={useCase.name} width={170} />
      <Table.Td style={{ whiteSpace: "nowrap" }}>{action ? word(action) : "–"}</Table.Td>
      <Cut text={decision.tool ?? decision.destination ?? decision.dataClass} width={130} />
      <Cut text={workload} width={120} />
      <Cut text={model} width={160} />
      <Table.Td w="100%" maw={0} miw={130}>
        <Text size="xs" truncate title={found || undefined}>
          {found || "none"}
        </Text>
      </Table.Td>
      <Table.Td>
        <Labels decision={decision} />
      </Table.Td>
    </Table.Tr>
  );
}

/** What else one must know to read the line rightly. */
export function Labels({ decision }: { decision: Pick<DecisionRow, "kind" | "late" | "synthetic"> }) {
  const labels = [
    decision.kind === "observation" ? "observed" : null,
    decision.late ? "late" : null,
    decision.synthetic.length > 0 ? "synthetic" : null,
  ].filter((label) => label !== null);
  return labels.length === 0 ? null : (
    <Text size="xs" c="dimmed" style={{ whiteSpace: "nowrap" }}>
      {labels.join(", ")}
    </Text>
  );
}

function Same() {
  return (
    <Text size="xs" c="dimmed" component="span">
      same
    </Text>
  );
}

function Cut({ text, width }: { text: string | null; width: number }) {
  return (
    <Table.Td>
      <Text size="xs" truncate maw={width} title={text ?? undefined}>
        {text ?? "–"}
      </Text>
    </Table.Td>
  );
}
