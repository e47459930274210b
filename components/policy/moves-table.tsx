import { Table, Text } from "@mantine/core";
import { TableRegion } from "@/components/ui/table-region";
import { WordBadge } from "@/components/vocabulary/badges";
import { fieldTitle } from "@/lib/policy/labels";
import type { FieldMove } from "@/lib/policy/lattice";
import { settingFieldTitle } from "@/lib/settings/rules";
import type { FloorView } from "@/lib/use-cases/views";
import { floorName } from "./origin";
import { sidesOf } from "./sides";

interface MovesTableProps {
  moves: readonly FieldMove[];
  caption: string;
  /** The floor under both sides, and what moves above it. */
  inForce?: { floor: FloorView; moves: readonly FieldMove[] } | null;
}

/** What of a move takes effect: the floor may be as strict as either side. */
function aboveFloor(move: FieldMove, effective: readonly FieldMove[]): string {
  const moved = effective.find(({ path }) => path === move.path);
  if (!moved) return "no effect: the floor is as strict on both sides";
  const { path } = move;
  const [proposed, is] = [sidesOf(path, move.from, move.to), sidesOf(path, moved.from, moved.to)];
  if (proposed.before === is.before && proposed.after === is.after) return "as proposed";
  return `from ${is.before} to ${is.after}`;
}

/** A change field by field: what it was, what it would be, and which way that moves. */
export function MovesTable({ moves, caption, inForce = null }: MovesTableProps) {
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
            {inForce && <Table.Th scope="col">In force, above the {floorName(inForce.floor)}</Table.Th>}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {moves.map((move) => (
            <Table.Tr key={move.path}>
              <Table.Th scope="row" fw={500}>
                {settingFieldTitle(move.path) ?? fieldTitle(move.path)}
              </Table.Th>
              <Sides move={move} />
              <Table.Td>
                <WordBadge word={move.direction} />
              </Table.Td>
              {inForce && <Table.Td>{aboveFloor(move, inForce.moves)}</Table.Td>}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </TableRegion>
  );
}

function Sides({ move }: { move: FieldMove }) {
  const { before, after } = sidesOf(move.path, move.from, move.to);
  return (
    <>
      <Table.Td style={{ overflowWrap: "anywhere" }}>{before}</Table.Td>
      <Table.Td style={{ overflowWrap: "anywhere" }}>{after}</Table.Td>
    </>
  );
}
