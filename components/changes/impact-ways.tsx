import { Table } from "@mantine/core";
import type { ImpactBy } from "@/lib/telemetry/views";
import { count } from "./impact";

/** The head of a table of what gets stricter and looser. */
export function WaysHead({ first }: { first: string }) {
  return (
    <Table.Thead>
      <Table.Tr>
        <Table.Th scope="col">{first.charAt(0).toUpperCase() + first.slice(1)}</Table.Th>
        <Table.Th scope="col" ta="right">
          Stricter
        </Table.Th>
        <Table.Th scope="col" ta="right">
          Looser
        </Table.Th>
      </Table.Tr>
    </Table.Thead>
  );
}

/** Its row. */
export function WaysRow({ row, name }: { row: ImpactBy; name: string }) {
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={400} style={{ overflowWrap: "anywhere" }}>
        {name}
      </Table.Th>
      <Table.Td ta="right">{count(row.stricter)}</Table.Td>
      <Table.Td ta="right">{count(row.looser)}</Table.Td>
    </Table.Tr>
  );
}
