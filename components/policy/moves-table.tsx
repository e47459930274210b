import { Table, Text } from "@mantine/core";
import { TableRegion } from "@/components/ui/table-region";
import { WordBadge } from "@/components/vocabulary/badges";
import { fieldTitle } from "@/lib/policy/labels";
import type { FieldMove } from "@/lib/policy/lattice";
import { sidesOf } from "./sides";

/** A change field by field: what it was, what it would be, and which way that moves. */
export function MovesTable({ moves, caption }: { moves: readonly FieldMove[]; caption: string }) {
  if (moves.length === 0) return <Text size="sm">No field changes.</Text>;
  return (
    <TableRegion label={caption}>
      <Table verticalSpacing={4} miw={520} captionSide="top">
        <Table.Caption ta="left" mt={0}>
          {caption}
        </Table.Caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Field</Table.Th>
            <Table.Th scope="col">From</Table.Th>
            <Table.Th scope="col">To</Table.Th>
            <Table.Th scope="col">Direction</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {moves.map((move) => (
            <Table.Tr key={move.path}>
              <Table.Th scope="row" fw={500}>
                {fieldTitle(move.path)}
              </Table.Th>
              <Sides move={move} />
              <Table.Td>
                <WordBadge word={move.direction} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </TableRegion>
  );
}

function Sides({ move }: { move: FieldMove }) {
  const { before, after } = sidesOf(move.from, move.to);
  return (
    <>
      <Table.Td style={{ overflowWrap: "anywhere" }}>{before}</Table.Td>
      <Table.Td style={{ overflowWrap: "anywhere" }}>{after}</Table.Td>
    </>
  );
}
