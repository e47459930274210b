"use client";

import { Anchor, Table, Text, VisuallyHidden } from "@mantine/core";
import Link from "next/link";
import { TableRegion } from "@/components/ui/table-region";
import { Time } from "@/components/ui/time";
import { WordBadge } from "@/components/vocabulary/badges";
import type { DecisionRow } from "@/lib/telemetry/views";
import { Labels } from "../decision-table";
import { decisionsHref } from "../filter";
import { controlTitle, numberText, word } from "../words";
import classes from "./chain-table.module.css";

interface ChainTableProps {
  /** Id of the decision that is looked at. */
  current: string;
  chain: readonly DecisionRow[];
  chainOf: number;
  sessionId: string | null;
}

/** The session in order, from the first prompt to the last completion, with this decision marked. */
export function ChainTable({ current, chain, chainOf, sessionId }: ChainTableProps) {
  return (
    <>
      <Text size="sm" c="dimmed" mb={4}>
        {sessionId === null
          ? "The request named no session, so it stands alone."
          : chain.length < chainOf
            ? `${numberText(chain.length)} of ${numberText(chainOf)} requests of the session, around this one. `
            : `${chainOf === 1 ? "The only request" : `All ${numberText(chainOf)} requests`} of the session. `}
        {sessionId !== null && chain.length < chainOf && (
          <Anchor
            component={Link}
            href={decisionsHref({ session: sessionId }, { period: "90d" })}
            size="sm"
            underline="always"
          >
            Show the whole session
          </Anchor>
        )}
      </Text>
      <TableRegion label="Table of the session">
        <Table verticalSpacing={3} horizontalSpacing="xs" fz="sm" miw={760} className={classes["table"]}>
          <VisuallyHidden component="caption">The session in order</VisuallyHidden>
          <Table.Thead>
            <Table.Tr>
              {["Step", "When", "Action", "Outcome", "Would be", "What", "Findings"].map((name) => (
                <Table.Th key={name} scope="col">
                  {name}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {chain.map((row, at) => (
              <Step key={row.id} row={row} step={at + 1} isCurrent={row.id === current} />
            ))}
          </Table.Tbody>
        </Table>
      </TableRegion>
    </>
  );
}

function Step({ row, step, isCurrent }: { row: DecisionRow; step: number; isCurrent: boolean }) {
  return (
    <Table.Tr aria-current={isCurrent ? "true" : undefined}>
      <Table.Td>{step}</Table.Td>
      <Table.Th scope="row" fw={isCurrent ? 600 : 400}>
        {isCurrent ? (
          <>
            <Time at={row.decidedAt} seconds /> (this one)
          </>
        ) : (
          <Anchor
            component={Link}
            href={`/telemetry/decisions/${row.id}`}
            prefetch={false}
            size="sm"
            data-row
          >
            <Time at={row.decidedAt} seconds />
          </Anchor>
        )}
      </Table.Th>
      <Table.Td>{row.action ? word(row.action) : "–"}</Table.Td>
      <Table.Td>
        <WordBadge word={row.outcome} />
      </Table.Td>
      <Table.Td>
        <WordBadge word={row.wouldBe} />
      </Table.Td>
      <Table.Td>
        {row.tool ?? row.destination ?? row.model ?? "–"} <Labels decision={row} />
      </Table.Td>
      <Table.Td>{row.findings.map(({ control }) => controlTitle(control)).join(", ") || "none"}</Table.Td>
    </Table.Tr>
  );
}
