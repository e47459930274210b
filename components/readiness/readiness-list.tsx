"use client";

import { Box, Button, Group, Stack, Table, Text, VisuallyHidden } from "@mantine/core";
import { LinkAnchor } from "@/components/ui/links";
import { TableRegion } from "@/components/ui/table-region";
import { Time } from "@/components/ui/time";
import { WordBadge } from "@/components/vocabulary/badges";
import type { AcceptanceView, ReadinessCondition, ReadinessView } from "@/lib/readiness/views";
import { mendOf } from "./links";
import { readinessSentence } from "./words";

interface ReadinessListProps {
  readiness: ReadinessView;
  /** Slug. */
  useCase: string;
  acceptances?: readonly AcceptanceView[];
  /** Opens the acceptance of these conditions; null where the reader may not accept. */
  onAccept?: ((conditions: ReadinessCondition[]) => void) | null;
}

/** The conditions of readiness with figure, limit and how far each is: what is missing first, the rest folded away. */
export function ReadinessList({
  readiness: { asked, conditions },
  useCase,
  acceptances = [],
  onAccept = null,
}: ReadinessListProps) {
  const missing = conditions.filter(({ met }) => !met);
  const met = conditions.filter((condition) => condition.met);
  const accepted = new Map(acceptances.filter(({ current }) => current).map((one) => [one.condition, one]));
  const open = missing.filter(({ id }) => !accepted.has(id));
  if (!asked && conditions.length === 0) {
    return <Text size="sm">Nothing moves up, so no readiness is asked for.</Text>;
  }
  return (
    <Stack gap="xs">
      <Group justify="space-between" gap="xs">
        <Text size="sm">{readinessSentence(conditions, acceptances)}</Text>
        {onAccept && open.length > 1 && (
          <Button size="compact-sm" variant="default" onClick={() => onAccept(open)}>
            Accept what is missing
          </Button>
        )}
      </Group>
      {missing.length > 0 && (
        <ConditionTable
          label="Conditions that are not met"
          conditions={missing}
          useCase={useCase}
          accepted={accepted}
          onAccept={onAccept}
        />
      )}
      {met.length > 0 && (
        <Box component="details">
          <Text component="summary" size="sm" style={{ cursor: "pointer" }}>
            {met.length} {met.length === 1 ? "condition is" : "conditions are"} met
          </Text>
          <ConditionTable
            label="Conditions that are met"
            conditions={met}
            useCase={useCase}
            accepted={accepted}
            onAccept={null}
          />
        </Box>
      )}
    </Stack>
  );
}

interface ConditionTableProps {
  label: string;
  conditions: readonly ReadinessCondition[];
  useCase: string;
  accepted: ReadonlyMap<string, AcceptanceView>;
  onAccept: ((conditions: ReadinessCondition[]) => void) | null;
}

function ConditionTable({ label, conditions, useCase, accepted, onAccept }: ConditionTableProps) {
  return (
    <TableRegion label={label}>
      <Table verticalSpacing={4} horizontalSpacing="xs" fz="sm" miw={560}>
        <VisuallyHidden component="caption">{label}</VisuallyHidden>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col" w={110}>
              State
            </Table.Th>
            <Table.Th scope="col" w={240}>
              Condition
            </Table.Th>
            <Table.Th scope="col">Measured</Table.Th>
            <Table.Th scope="col" w={200}>
              <VisuallyHidden>What can be done</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {conditions.map((condition) => (
            <ConditionRow
              key={condition.id}
              condition={condition}
              useCase={useCase}
              acceptance={accepted.get(condition.id) ?? null}
              onAccept={onAccept}
            />
          ))}
        </Table.Tbody>
      </Table>
    </TableRegion>
  );
}

interface ConditionRowProps extends Pick<ConditionTableProps, "useCase" | "onAccept"> {
  condition: ReadinessCondition;
  acceptance: AcceptanceView | null;
}

function ConditionRow({ condition, useCase, acceptance, onAccept }: ConditionRowProps) {
  const { met, title, text } = condition;
  const mend = met ? null : mendOf(condition, useCase);
  return (
    <Table.Tr>
      <Table.Td>
        {met ? (
          <WordBadge word="in_force">met</WordBadge>
        ) : acceptance ? (
          <WordBadge word="scheduled">accepted</WordBadge>
        ) : (
          <WordBadge word="conflicted">not met</WordBadge>
        )}
      </Table.Td>
      <Table.Th scope="row" fw={500}>
        {title}
      </Table.Th>
      <Table.Td>
        {text}
        {acceptance && (
          <Text size="xs" mt={2}>
            Accepted by {acceptance.by}, <Time at={acceptance.at} />: “{acceptance.reason}”
          </Text>
        )}
      </Table.Td>
      <Table.Td ta="right">
        <Group gap="xs" justify="flex-end" wrap="nowrap">
          {mend && (
            <LinkAnchor href={mend.href} underline="always" prefetch={false}>
              {mend.label}
              <VisuallyHidden>: {title}</VisuallyHidden>
            </LinkAnchor>
          )}
          {!met && !acceptance && onAccept && (
            <Button size="compact-xs" variant="default" onClick={() => onAccept([condition])}>
              Accept<VisuallyHidden>: {title}</VisuallyHidden>
            </Button>
          )}
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}
