import { Table, VisuallyHidden } from "@mantine/core";
import type { ReactNode } from "react";
import { TableRegion } from "@/components/ui/table-region";

export interface FiguresRow {
  key: string;
  head: ReactNode;
  /** A figure for each column, in their order. */
  figures: ReactNode[];
}

interface FiguresTableProps {
  label: string;
  caption: string;
  /** What the rows are. */
  head: string;
  columns: readonly string[];
  rows: readonly FiguresRow[];
  /** Pixels; scrolls beyond. */
  maxHeight?: number;
}

/** The figures of a chart as a table. */
export function FiguresTable({ label, caption, head, columns, rows, maxHeight }: FiguresTableProps) {
  const table = (
    <Table fz="xs" verticalSpacing={3} stickyHeader={maxHeight !== undefined}>
      <VisuallyHidden component="caption">{caption}</VisuallyHidden>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{head}</Table.Th>
          {columns.map((column) => (
            <Table.Th key={column} scope="col" ta="right">
              {column}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map(({ key, head, figures }) => (
          <Table.Tr key={key}>
            <Table.Th scope="row" fw={400}>
              {head}
            </Table.Th>
            {figures.map((figure, index) => (
              <Table.Td key={columns[index]} ta="right">
                {figure}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
  return (
    <TableRegion label={`${label}, as a table`}>
      {maxHeight === undefined ? (
        table
      ) : (
        <Table.ScrollContainer minWidth={420} maxHeight={maxHeight}>
          {table}
        </Table.ScrollContainer>
      )}
    </TableRegion>
  );
}
