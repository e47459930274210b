import { SimpleGrid, Table, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { TableRegion } from "@/components/ui/table-region";
import { fieldText, fieldTitle } from "@/lib/policy/labels";
import type { PolicyView } from "@/lib/use-cases/views";
import { controlGroups } from "./edit-document";
import { floorName, valueAt } from "./origin";

/** The policy as it is decided by, with who set each field: the document, or the floor under it. */
export function EffectiveDocument({ policy }: { policy: PolicyView }) {
  const { effective, origins, floor } = policy;
  const raised = Object.values(origins).filter((origin) => origin === "floor").length;
  const fields = Object.keys(origins).filter((path) => !path.startsWith("controls."));
  return (
    <div>
      <Title order={3} size="h5">
        Effective policy
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        {floor
          ? `The document joined with the ${floorName(floor)}; the floor sets ${raised} of ${Object.keys(origins).length} fields.`
          : "No floor is set for its data class: the document is in force as it stands."}
      </Text>
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
        <FieldTable label="Fields of the effective policy" columns={["Field", "Value", "Set by"]}>
          {fields.map((path) => (
            <Table.Tr key={path}>
              <Table.Th scope="row" fw={400}>
                {fieldTitle(path)}
              </Table.Th>
              <Table.Td style={{ overflowWrap: "anywhere" }}>
                {fieldText(path, valueAt(effective, path))}
              </Table.Td>
              <Origin origin={origins[path] ?? "document"} />
            </Table.Tr>
          ))}
        </FieldTable>
        <FieldTable
          label="Controls of the effective policy"
          columns={["Control", "Mode", "Sensitivity", "Set by"]}
        >
          {controlGroups(effective)
            .flatMap((group) => group.rows)
            .flatMap(({ control, binding }) =>
              binding === null ? (
                []
              ) : (
                <Table.Tr key={control.id}>
                  <Table.Th scope="row" fw={400}>
                    {control.title}
                  </Table.Th>
                  <Table.Td>{binding.mode.replaceAll("_", " ")}</Table.Td>
                  <Table.Td>{binding.sensitivity ?? "–"}</Table.Td>
                  <Origin origin={originOf(origins, control.id)} />
                </Table.Tr>
              ),
            )}
        </FieldTable>
      </SimpleGrid>
    </div>
  );
}

interface FieldTableProps {
  label: string;
  columns: string[];
  children: ReactNode;
}

function FieldTable({ label, columns, children }: FieldTableProps) {
  return (
    <TableRegion label={label}>
      <Table verticalSpacing={2} fz="sm">
        <Table.Thead>
          <Table.Tr>
            {columns.map((name) => (
              <Table.Th key={name} scope="col">
                {name}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>{children}</Table.Tbody>
      </Table>
    </TableRegion>
  );
}

function Origin({ origin }: { origin: string }) {
  return <Table.Td fw={origin === "document" ? 400 : 600}>{origin}</Table.Td>;
}

/** Who set the fields of one control: `floor`, `document`, or `floor (mode)` where they differ. */
function originOf(origins: PolicyView["origins"], id: string): string {
  const prefix = `controls.${id}.`;
  const fields = Object.entries(origins).filter(([path]) => path.startsWith(prefix));
  const raised = fields.filter(([, origin]) => origin === "floor");
  if (raised.length === 0) return "document";
  if (raised.length === fields.length) return "floor";
  return `floor (${raised.map(([path]) => path.slice(prefix.length)).join(", ")})`;
}
