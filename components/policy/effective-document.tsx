import { Table, Text, Title } from "@mantine/core";
import { TableRegion } from "@/components/ui/table-region";
import type { PolicyDocument } from "@/lib/policy/document";
import { fieldTitle, valueText } from "@/lib/policy/labels";
import type { PolicyView } from "@/lib/use-cases/views";

const BINDING = /^controls\.(.+)\.([a-z]+)$/;

function valueAt(document: PolicyDocument, path: string): unknown {
  const [, id, field] = BINDING.exec(path) ?? [];
  const keys = id !== undefined && field !== undefined ? ["controls", id, field] : path.split(".");
  return keys.reduce<unknown>(
    (value, key) => (value as Record<string, unknown> | undefined)?.[key],
    document,
  );
}

/** The policy as it is decided by, field by field, with who set each: the document, or the floor under it. */
export function EffectiveDocument({ policy }: { policy: PolicyView }) {
  const { effective, origins, floor } = policy;
  const raised = Object.values(origins).filter((origin) => origin === "floor").length;
  return (
    <div>
      <Title order={3} size="h5">
        Effective policy
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        {floor
          ? `The document joined with floor ${floor.number} of data class ${floor.dataClass}; the floor sets ${raised} of ${Object.keys(origins).length} fields.`
          : "No floor is set for its data class: the document is in force as it stands."}
      </Text>
      <TableRegion label="Fields of the effective policy">
        <Table verticalSpacing={2} fz="sm" miw={520}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Field</Table.Th>
              <Table.Th scope="col">Value</Table.Th>
              <Table.Th scope="col">Set by</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {Object.entries(origins).map(([path, origin]) => (
              <Table.Tr key={path}>
                <Table.Th scope="row" fw={400}>
                  {fieldTitle(path)}
                </Table.Th>
                <Table.Td style={{ overflowWrap: "anywhere" }}>
                  {valueText(valueAt(effective, path))}
                </Table.Td>
                <Table.Td fw={origin === "floor" ? 600 : 400}>{origin}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </TableRegion>
    </div>
  );
}
