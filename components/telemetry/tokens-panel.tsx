"use client";

import { Table, Text } from "@mantine/core";
import type { TokensView } from "@/lib/telemetry/views";
import { Panel } from "./panel";
import { numberText } from "./words";

const SHOWN = 10;

/** Tokens by model, largest first. */
export function TokensPanel({ tokens }: { tokens: TokensView }) {
  const shown = tokens.models.slice(0, SHOWN);
  return (
    <Panel title="Tokens by model" aside={`${numberText(shown.length)} of ${numberText(tokens.of)}`}>
      <Table.ScrollContainer minWidth={240}>
        <Table fz="xs" verticalSpacing={4} horizontalSpacing={4}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Model</Table.Th>
              <Table.Th ta="right">In</Table.Th>
              <Table.Th ta="right">Out</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.map(({ model, input, output }) => (
              <Table.Tr key={model ?? ""}>
                <Table.Td>{model ?? "Not told"}</Table.Td>
                <Table.Td ta="right">{numberText(input)}</Table.Td>
                <Table.Td ta="right">{numberText(output)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
          <Table.Tfoot>
            <Table.Tr>
              <Table.Th>All models</Table.Th>
              <Table.Th ta="right">{numberText(tokens.input)}</Table.Th>
              <Table.Th ta="right">{numberText(tokens.output)}</Table.Th>
            </Table.Tr>
          </Table.Tfoot>
        </Table>
      </Table.ScrollContainer>
      <Text size="xs" c="dimmed">
        As told by OpenTelemetry; gateways tell none.
      </Text>
    </Panel>
  );
}
