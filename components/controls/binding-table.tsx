"use client";

import { Table, Text, VisuallyHidden } from "@mantine/core";
import { LinkAnchor } from "@/components/ui/links";
import { TableRegion } from "@/components/ui/table-region";
import { WordBadge } from "@/components/vocabulary/badges";
import type { Control } from "@/lib/policy/catalogue/types";
import type { ControlFindings } from "@/lib/telemetry/views";
import type { ControlBindingView } from "@/lib/use-cases/views";
import { actsText, count, dialHref, effectCounts, setByText, word } from "./words";

interface BindingTableProps {
  control: Pick<Control, "id" | "title" | "takesSensitivity">;
  bindings: readonly ControlBindingView[];
  /** What it did in each use case; null leaves these columns out. */
  findings: readonly ControlFindings[] | null;
}

/** Where one control is bound, and how: mode, sensitivity and stage, who set them, and what came of it. */
export function BindingTable({ control, bindings, findings }: BindingTableProps) {
  const { id, title } = control;
  const withDial = findings !== null && control.takesSensitivity;
  const effects = new Map(findings?.map((each) => [each.useCaseId, each.effects]));
  return (
    <TableRegion label={`Use cases that bind ${title}`}>
      <Table verticalSpacing={3} horizontalSpacing="xs" fz="sm" miw={withDial ? 1000 : findings ? 900 : 700}>
        <VisuallyHidden component="caption">Use cases that bind {title}</VisuallyHidden>
        <Table.Thead>
          <Table.Tr>
            {["Use case", "Mode", "Sensitivity", "Stage", "Acts now", "Set by"].map((name) => (
              <Table.Th key={name} scope="col">
                {name}
              </Table.Th>
            ))}
            {findings &&
              ["Would act", "Acted", "Exempted", "Logged"].map((name) => (
                <Table.Th key={name} scope="col" ta="right">
                  {name}
                </Table.Th>
              ))}
            {withDial && <Table.Th scope="col">L1 to L4</Table.Th>}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {bindings.map((binding) => (
            <Table.Tr key={binding.useCase.id}>
              <Table.Th scope="row" fw={500}>
                <LinkAnchor href={`/use-cases/${binding.useCase.slug}?tab=controls`} prefetch={false}>
                  {binding.useCase.name}
                </LinkAnchor>
                <Text size="xs" c="dimmed" span ml={6}>
                  tier {binding.useCase.tier}, version {binding.version}
                </Text>
              </Table.Th>
              <Table.Td>{word(binding.mode)}</Table.Td>
              <Table.Td>{binding.sensitivity ?? "–"}</Table.Td>
              <Table.Td>
                <WordBadge word={binding.stage} />
              </Table.Td>
              <Table.Td>{actsText(binding)}</Table.Td>
              <Table.Td fw={setByText(binding) === "document" ? 400 : 600}>{setByText(binding)}</Table.Td>
              {findings && <Counts effects={effects.get(binding.useCase.id) ?? {}} />}
              {withDial && (
                <Table.Td>
                  <LinkAnchor
                    href={dialHref(binding.useCase.slug, id)}
                    prefetch={false}
                    aria-label={`Compare the levels of ${title} in ${binding.useCase.name}`}
                  >
                    Compare
                  </LinkAnchor>
                </Table.Td>
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </TableRegion>
  );
}

function Counts({ effects }: { effects: Record<string, number> }) {
  const { would, acted, exempted, logged } = effectCounts(effects);
  return (
    <>
      {[would, acted, exempted, logged].map((n, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a number is known by its column
        <Table.Td key={index} ta="right">
          {count(n)}
        </Table.Td>
      ))}
    </>
  );
}
