"use client";

import { Anchor, Button, Group, Stack, Table, Text } from "@mantine/core";
import Link from "next/link";
import { scopeText } from "@/components/exceptions/words";
import { EmptyState } from "@/components/ui/empty-state";
import { TableRegion } from "@/components/ui/table-region";
import { Time } from "@/components/ui/time";
import { WordBadge } from "@/components/vocabulary/badges";
import type { ExceptionSummary } from "@/lib/exceptions/views";
import type { Page } from "@/lib/schema";
import { count } from "./words";

interface ExceptionsTabProps {
  slug: string;
  list: Page<ExceptionSummary>;
  mayRequest: boolean;
}

function totalText({ items, total }: Page<ExceptionSummary>): string {
  if (items.length < total) return `The newest ${items.length} of ${total} exceptions.`;
  return total === 1 ? "1 exception." : `${total} exceptions.`;
}

/** What is let pass here, for whom and until when. */
export function ExceptionsTab({ slug, list, mayRequest }: ExceptionsTabProps) {
  const request = mayRequest && (
    <Button component={Link} href={`/exceptions/new?useCase=${slug}`} size="xs">
      Request an exception
    </Button>
  );
  if (list.items.length === 0) {
    return <EmptyState title="Nothing is let pass here" action={request} />;
  }
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <Text size="sm">
          {totalText(list)}{" "}
          <Anchor component={Link} href={`/exceptions?useCase=${slug}`} size="sm" underline="always">
            Open them in the register
          </Anchor>
        </Text>
        {request}
      </Group>
      <TableRegion label="Exceptions of this use case">
        <Table verticalSpacing={4} fz="sm" miw={760}>
          <Table.Thead>
            <Table.Tr>
              {["Exception", "State", "Controls", "Only for", "Expires", "Risk owner"].map((name) => (
                <Table.Th key={name} scope="col">
                  {name}
                </Table.Th>
              ))}
              <Table.Th scope="col" ta="right">
                Spared
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {list.items.map((exception) => (
              <Table.Tr key={exception.id}>
                <Table.Th scope="row" fw={600}>
                  <Anchor component={Link} href={`/exceptions/${exception.ref}`} size="sm">
                    {exception.ref}
                  </Anchor>
                </Table.Th>
                <Table.Td>
                  <WordBadge word={exception.state} />
                </Table.Td>
                <Table.Td>{exception.controls.map(({ title }) => title).join(", ")}</Table.Td>
                <Table.Td>{scopeText(exception.scope) ?? "the whole use case (broad)"}</Table.Td>
                <Table.Td>
                  <Time at={exception.expiresAt} dateOnly />
                </Table.Td>
                <Table.Td>{exception.riskOwner.name}</Table.Td>
                <Table.Td ta="right">{count(exception.used)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </TableRegion>
    </Stack>
  );
}
