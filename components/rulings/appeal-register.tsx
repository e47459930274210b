"use client";

import { Table, VisuallyHidden } from "@mantine/core";
import { api, fetched } from "@/components/api";
import { controlTitle } from "@/components/telemetry/words";
import { EmptyState } from "@/components/ui/empty-state";
import { LinkAnchor, LinkButton } from "@/components/ui/links";
import { Time } from "@/components/ui/time";
import { WordBadge } from "@/components/vocabulary/badges";
import { APPEAL_STATUSES } from "@/lib/rulings/lifecycle";
import type { AppealView } from "@/lib/rulings/views";
import { Register, type RegisterProps } from "./register";
import { Cell } from "./ruling-register";

/** Every appeal, newest first; those that the reader may answer say so. */
export function AppealRegister(props: RegisterProps<AppealView>) {
  return (
    <Register
      {...props}
      noun="appeals"
      read={(query) => fetched(api.telemetry.appeals.$get({ query }))}
      words={[{ name: "status", label: "State", values: APPEAL_STATUSES }]}
      file="/api/v1/telemetry/appeals.csv"
      home="/telemetry/appeals"
      empty={
        <EmptyState
          title="Nobody has appealed yet"
          action={
            <LinkButton href="/telemetry/decisions?wouldBe=block" variant="default">
              Find what would be blocked
            </LinkButton>
          }
        >
          An application owner appeals a finding on the page of its decision, and somebody else rules on it.
        </EmptyState>
      }
      table={(appeals) => <AppealTable appeals={appeals} />}
    />
  );
}

function AppealTable({ appeals }: { appeals: readonly AppealView[] }) {
  return (
    <Table verticalSpacing={4} horizontalSpacing="xs" highlightOnHover fz="sm" miw={1000}>
      <VisuallyHidden component="caption">Appeals, newest first</VisuallyHidden>
      <Table.Thead>
        <Table.Tr>
          {["Appeal", "State", "Finding", "Use case", "Reason", "By", "Since", "Answer", "Closed by"].map(
            (name) => (
              <Table.Th key={name} scope="col" style={{ whiteSpace: "nowrap" }}>
                {name}
              </Table.Th>
            ),
          )}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {appeals.map((appeal) => (
          <Table.Tr key={appeal.id}>
            <Table.Th scope="row" fw={600} style={{ whiteSpace: "nowrap" }}>
              <LinkAnchor href={`/telemetry/appeals/${appeal.ref}`}>{appeal.ref}</LinkAnchor>
            </Table.Th>
            <Table.Td>
              <WordBadge word={appeal.status} />
            </Table.Td>
            <Table.Td style={{ whiteSpace: "nowrap" }}>
              <LinkAnchor href={`/telemetry/decisions/${appeal.decisionId}`} prefetch={false}>
                {controlTitle(appeal.control)}
                {appeal.level && ` ${appeal.level}`}
              </LinkAnchor>
            </Table.Td>
            <Cell text={appeal.useCase.name} width={120} />
            <Cell text={appeal.reason} width={170} />
            <Cell text={appeal.openedBy.name} width={120} />
            <Table.Td style={{ whiteSpace: "nowrap" }}>
              <Time at={appeal.openedAt} />
            </Table.Td>
            <Cell text={appeal.answer ?? "–"} width={130} />
            <Table.Td style={{ whiteSpace: "nowrap" }}>
              {appeal.actions.some(({ name, allowed }) => allowed && name !== "withdraw") ? (
                <LinkAnchor href={`/telemetry/appeals/${appeal.ref}`}>
                  Answer<VisuallyHidden> {appeal.ref}</VisuallyHidden>
                </LinkAnchor>
              ) : (
                (appeal.closedBy?.name ?? "–")
              )}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
