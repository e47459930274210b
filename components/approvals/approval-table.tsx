"use client";

import { Anchor, Table, Text, VisuallyHidden } from "@mantine/core";
import Link from "next/link";
import { Time } from "@/components/ui/time";
import { WordBadge } from "@/components/vocabulary/badges";
import type { ApprovalSummary } from "@/lib/approvals/views";
import { TimeLeft } from "./time-left";
import { askedText } from "./words";

interface ApprovalTableProps {
  approvals: readonly ApprovalSummary[];
  caption: string;
}

/** Held requests, one line each: what is asked by whom, and how it stands. */
export function ApprovalTable({ approvals, caption }: ApprovalTableProps) {
  return (
    <Table verticalSpacing={4} horizontalSpacing="xs" highlightOnHover fz="sm" miw={1080}>
      <VisuallyHidden component="caption">{caption}</VisuallyHidden>
      <Table.Thead>
        <Table.Tr>
          {[
            "Request",
            "State",
            "Left",
            "Asks to",
            "Workload",
            "Use case",
            "Held by",
            "Asked",
            "Decided by",
          ].map((name) => (
            <Table.Th key={name} scope="col" style={{ whiteSpace: "nowrap" }}>
              {name}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {approvals.map((approval) => (
          <ApprovalRow key={approval.id} approval={approval} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function ApprovalRow({ approval }: { approval: ApprovalSummary }) {
  const { ref, status, createdAt, expiresAt, asked, workload, useCase, controls, decidedBy } = approval;
  const isOpen = status === "pending" || status === "granted";
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={600}>
        <Anchor component={Link} href={`/approvals/${ref}`} size="sm" style={{ whiteSpace: "nowrap" }}>
          {ref}
        </Anchor>
      </Table.Th>
      <Table.Td>
        <WordBadge word={status} />
      </Table.Td>
      <Table.Td style={{ whiteSpace: "nowrap" }}>{isOpen ? <TimeLeft until={expiresAt} /> : "–"}</Table.Td>
      <Cell text={askedText(asked)} width={240} />
      <Cell text={workload.name} width={160} />
      <Cell text={useCase.name} width={160} />
      <Cell text={controls.map(({ title }) => title).join(", ")} width={220} />
      <Table.Td>
        <Time at={createdAt} />
      </Table.Td>
      <Cell text={decidedBy?.name ?? "–"} width={140} />
    </Table.Tr>
  );
}

function Cell({ text, width }: { text: string; width: number }) {
  return (
    <Table.Td>
      <Text size="sm" truncate maw={width} title={text}>
        {text}
      </Text>
    </Table.Td>
  );
}
