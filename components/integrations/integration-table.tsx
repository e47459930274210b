"use client";

import { Table, Text, VisuallyHidden } from "@mantine/core";
import { LinkAnchor } from "@/components/ui/links";
import { TableRegion } from "@/components/ui/table-region";
import { WordBadge } from "@/components/vocabulary/badges";
import type { Integration } from "@/lib/integrations/snippets";
import { reachText } from "./words";

interface IntegrationTableProps {
  integrations: readonly Integration[];
  decisionPoint: string;
  /** Slug of the use case that was chosen before, for the links. */
  useCase: string | null;
}

/** Clients by what they speak, and whether they can stop what is blocked. */
export function IntegrationTable({ integrations, decisionPoint, useCase }: IntegrationTableProps) {
  const query = useCase ? `?useCase=${encodeURIComponent(useCase)}` : "";
  return (
    <>
      <Text size="sm" mb="xs">
        The decision point answers at <code>{decisionPoint}</code>.
      </Text>
      <TableRegion label="Table of clients">
        <Table verticalSpacing={5} horizontalSpacing="xs" fz="sm" miw={680}>
          <VisuallyHidden component="caption">Clients of the decision point</VisuallyHidden>
          <Table.Thead>
            <Table.Tr>
              {["Client", "Speaks", "Asks at", "Can it block?"].map((name) => (
                <Table.Th key={name} scope="col">
                  {name}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {integrations.map(({ id, title, protocol, path, observesOnly }) => (
              <Table.Tr key={id}>
                <Table.Th scope="row" fw={600}>
                  <LinkAnchor href={`/settings/integrations/${id}${query}`}>{title}</LinkAnchor>
                </Table.Th>
                <Table.Td>{protocol}</Table.Td>
                <Table.Td>
                  <code>{path}</code>
                </Table.Td>
                <Table.Td>
                  <WordBadge word={observesOnly ? "logging" : "in_force"}>
                    {reachText(observesOnly)}
                  </WordBadge>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </TableRegion>
    </>
  );
}
