"use client";

import { Table, Text, VisuallyHidden } from "@mantine/core";
import { api, fetched } from "@/components/api";
import { controlTitle, word } from "@/components/telemetry/words";
import { EmptyState } from "@/components/ui/empty-state";
import { LinkAnchor, LinkButton } from "@/components/ui/links";
import { Time } from "@/components/ui/time";
import { WordBadge } from "@/components/vocabulary/badges";
import { ANSWERS, BASES } from "@/lib/rulings/lifecycle";
import type { RulingView } from "@/lib/rulings/views";
import { Register, type RegisterProps } from "./register";
import { BASIS_TEXT } from "./words";

/** Every ruling that was given, newest first. */
export function RulingRegister(props: RegisterProps<RulingView>) {
  return (
    <Register
      {...props}
      noun="rulings"
      read={(query) => fetched(api.telemetry.rulings.$get({ query }))}
      words={[
        { name: "answer", label: "Answer", values: ANSWERS },
        { name: "basis", label: "Basis", values: BASES },
      ]}
      file="/api/v1/telemetry/rulings.csv"
      home="/telemetry/rulings?tab=given"
      empty={
        <EmptyState
          title="Nobody has ruled on a finding yet"
          action={<LinkButton href="/telemetry/rulings">Open the queue</LinkButton>}
        />
      }
      table={(rulings) => <RulingTable rulings={rulings} />}
    />
  );
}

function RulingTable({ rulings }: { rulings: readonly RulingView[] }) {
  return (
    <Table verticalSpacing={4} horizontalSpacing="xs" highlightOnHover fz="sm" miw={1000}>
      <VisuallyHidden component="caption">Rulings, newest first</VisuallyHidden>
      <Table.Thead>
        <Table.Tr>
          {["Ruled", "Answer", "Finding", "Effect", "Use case", "By", "Basis", "Note"].map((name) => (
            <Table.Th key={name} scope="col" style={{ whiteSpace: "nowrap" }}>
              {name}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rulings.map((ruling) => (
          <Table.Tr key={ruling.id}>
            <Table.Td style={{ whiteSpace: "nowrap" }}>
              <Time at={ruling.ruledAt} />
            </Table.Td>
            <Table.Td>
              <WordBadge word={ruling.answer} />
            </Table.Td>
            <Table.Th scope="row" fw={500} style={{ whiteSpace: "nowrap" }}>
              <LinkAnchor href={`/telemetry/decisions/${ruling.decisionId}`} prefetch={false}>
                {controlTitle(ruling.control)}
                {ruling.level && ` ${ruling.level}`}
              </LinkAnchor>
            </Table.Th>
            <Table.Td style={{ whiteSpace: "nowrap" }}>{word(ruling.effect)}</Table.Td>
            <Cell text={ruling.useCase.name} width={160} />
            <Cell text={ruling.ruledBy.name} width={140} />
            <Table.Td style={{ whiteSpace: "nowrap" }}>
              {BASIS_TEXT[ruling.basis]}
              {ruling.appeal && ` (${ruling.appeal})`}
              {!ruling.current && ", superseded"}
            </Table.Td>
            <Table.Td miw={120} w="100%" style={{ maxWidth: 0 }}>
              <Text size="sm" truncate title={ruling.note ?? undefined}>
                {ruling.note ?? "–"}
              </Text>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** A cell that is cut where it would push the others out. */
export function Cell({ text, width }: { text: string; width: number }) {
  return (
    <Table.Td>
      <Text size="sm" truncate maw={width} title={text}>
        {text}
      </Text>
    </Table.Td>
  );
}
