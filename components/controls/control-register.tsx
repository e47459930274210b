"use client";

import { ActionIcon, Group, Select, Table, Text, VisuallyHidden } from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { Fragment, useId, useState } from "react";
import { LinkAnchor } from "@/components/ui/links";
import { TableRegion } from "@/components/ui/table-region";
import { Time } from "@/components/ui/time";
import { useUrlFilter } from "@/components/ui/use-url-filter";
import { BUILT_IN_DETECTORS, CONTROLS, FAMILIES, getControl } from "@/lib/policy/catalogue";
import type { Control } from "@/lib/policy/catalogue/types";
import type { BreakdownView } from "@/lib/telemetry/views";
import type { ControlBindingView } from "@/lib/use-cases/views";
import { BindingTable } from "./binding-table";
import { actionsText, acts, controlHref, count, effectCounts, modesText, word } from "./words";

interface ControlRegisterProps {
  bindings: ControlBindingView[];
  /** Findings by control and effect, of all use cases. */
  findings: BreakdownView;
}

const COLUMNS = 8;

/** The catalogue by family, with who binds each control and how. */
export function ControlRegister({ bindings, findings }: ControlRegisterProps) {
  const [params, change] = useUrlFilter();
  const shown = params.get("useCase");
  const useCases = new Map(bindings.map(({ useCase }) => [useCase.slug, useCase.name]));
  const within = shown === null ? bindings : bindings.filter(({ useCase }) => useCase.slug === shown);
  const byControl = Map.groupBy(within, ({ control }) => control);
  const effects = new Map(findings.rows.map((row) => [row.key, row.parts]));
  const own = [...byControl.keys()].filter((id) => id.startsWith("custom/")).sort();
  const all = [...CONTROLS, ...own.flatMap((id) => getControl(id) ?? [])];
  return (
    <>
      <Group gap="md" mb="xs" align="flex-end" justify="space-between">
        <Select
          label="Use case"
          placeholder="All"
          size="xs"
          w={240}
          clearable
          searchable
          data={[...useCases].map(([value, label]) => ({ value, label }))}
          value={shown}
          onChange={(slug) => change({ useCase: slug })}
        />
        <Text size="sm" c="dimmed" role="status">
          {all.length} controls. Findings of all use cases, <Time at={findings.from} dateOnly /> to{" "}
          <Time at={findings.to} dateOnly />.
        </Text>
      </Group>
      <TableRegion label="Controls">
        <Table verticalSpacing={2} horizontalSpacing="xs" fz="sm" miw={980} highlightOnHover>
          <VisuallyHidden component="caption">The catalogue of controls, by family</VisuallyHidden>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Control</Table.Th>
              <Table.Th scope="col">Confidence</Table.Th>
              <Table.Th scope="col">Applies to</Table.Th>
              <Table.Th scope="col">Usual mode</Table.Th>
              <Table.Th scope="col">Bound by</Table.Th>
              <Table.Th scope="col">How</Table.Th>
              <Table.Th scope="col" ta="right">
                Acts in
              </Table.Th>
              <Table.Th scope="col" ta="right">
                Findings
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          {FAMILIES.map(({ id, title }) => ({ id, title, rows: all.filter(({ family }) => family === id) }))
            .filter(({ rows }) => rows.length > 0)
            .map((family) => (
              <Table.Tbody key={family.id}>
                <Table.Tr>
                  <Table.Th colSpan={COLUMNS} scope="rowgroup" pt={6}>
                    {family.title}
                  </Table.Th>
                </Table.Tr>
                {family.rows.map((control) => (
                  <ControlRow
                    key={control.id}
                    control={control}
                    bindings={byControl.get(control.id) ?? []}
                    findings={effectCounts(effects.get(control.id) ?? {}).all}
                  />
                ))}
              </Table.Tbody>
            ))}
        </Table>
      </TableRegion>
    </>
  );
}

interface RowProps {
  control: Control;
  bindings: ControlBindingView[];
  findings: number;
}

function ControlRow({ control, bindings, findings }: RowProps) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const only = bindings.length === 1 ? bindings[0] : undefined;
  return (
    <Fragment>
      <Table.Tr>
        <Table.Th scope="row" fw={500}>
          <LinkAnchor href={controlHref(control.id)} prefetch={false}>
            {control.title}
          </LinkAnchor>
        </Table.Th>
        <Table.Td>{control.confidence}</Table.Td>
        <Table.Td>
          <Text size="sm" truncate maw={220} title={actionsText(control.actions)}>
            {actionsText(control.actions)}
          </Text>
        </Table.Td>
        <Table.Td>{word(control.usualMode)}</Table.Td>
        <Table.Td>
          {bindings.length === 0 ? (
            <Text size="sm" c="dimmed" span>
              no use case
            </Text>
          ) : (
            <Group gap={4} wrap="nowrap">
              <ActionIcon
                size="xs"
                variant="subtle"
                color="gray"
                aria-expanded={open}
                aria-controls={open ? id : undefined}
                aria-label={`Use cases that bind ${control.title}`}
                onClick={() => setOpen(!open)}
              >
                {open ? (
                  <IconChevronDown size={14} aria-hidden />
                ) : (
                  <IconChevronRight size={14} aria-hidden />
                )}
              </ActionIcon>
              <Text size="sm" truncate maw={190}>
                {only ? only.useCase.name : `${bindings.length} use cases`}
              </Text>
            </Group>
          )}
        </Table.Td>
        <Table.Td>
          {only
            ? [word(only.mode), only.sensitivity, `in ${only.stage}`].filter(Boolean).join(", ")
            : modesText(bindings)}
        </Table.Td>
        <Table.Td ta="right">{bindings.filter(acts).length}</Table.Td>
        <Table.Td ta="right">
          {findings === 0 && isBlind(control) ? (
            <Text size="xs" c="dimmed" span>
              only by callers' signals
            </Text>
          ) : (
            count(findings)
          )}
        </Table.Td>
      </Table.Tr>
      {open && (
        <Table.Tr id={id}>
          <Table.Td colSpan={COLUMNS} p={0} pl="lg">
            <BindingTable control={control} bindings={bindings} findings={null} />
          </Table.Td>
        </Table.Tr>
      )}
    </Fragment>
  );
}

/** A control on content that no detector of ours serves. */
function isBlind({ id, takesSensitivity, family }: Control): boolean {
  return takesSensitivity && family !== "custom" && !BUILT_IN_DETECTORS.includes(id);
}
