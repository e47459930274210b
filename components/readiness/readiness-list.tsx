"use client";

import { Box, Button, Group, Stack, Table, Text, VisuallyHidden } from "@mantine/core";
import { LinkAnchor } from "@/components/ui/links";
import { TableRegion } from "@/components/ui/table-region";
import { Time } from "@/components/ui/time";
import { WordBadge } from "@/components/vocabulary/badges";
import { getControl } from "@/lib/policy/catalogue";
import type { AcceptanceView, MendsView, ReadinessCondition, ReadinessView } from "@/lib/readiness/views";
import { mendOf } from "./links";
import { readinessSentence } from "./words";

interface ReadinessListProps {
  readiness: ReadinessView;
  /** Slug. */
  useCase: string;
  /** What the reader may do about them. */
  mends: MendsView;
  acceptances?: readonly AcceptanceView[];
  /** Opens the acceptance of these conditions; null where the reader may not accept. */
  onAccept?: ((conditions: ReadinessCondition[]) => void) | null;
}

/** The conditions of readiness with figure, limit and how far each is: what is missing first, the rest folded away. */
export function ReadinessList({
  readiness: { asked, conditions },
  useCase,
  mends,
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
          mends={mends}
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
            mends={mends}
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
  mends: MendsView;
  accepted: ReadonlyMap<string, AcceptanceView>;
  onAccept: ((conditions: ReadinessCondition[]) => void) | null;
}

function ConditionTable({ label, conditions, useCase, mends, accepted, onAccept }: ConditionTableProps) {
  return (
    <TableRegion label={label}>
      <Table verticalSpacing={4} horizontalSpacing="xs" fz="sm" miw={640}>
        <VisuallyHidden component="caption">{label}</VisuallyHidden>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col" w={90}>
              State
            </Table.Th>
            <Table.Th scope="col" w={170}>
              Condition
            </Table.Th>
            <Table.Th scope="col" miw={260}>
              Measured
            </Table.Th>
            <Table.Th scope="col">
              <VisuallyHidden>What can be done</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {groupsOf(conditions).map((group) => (
            <GroupRow
              key={group.key}
              group={group}
              useCase={useCase}
              mends={mends}
              accepted={accepted}
              onAccept={onAccept}
            />
          ))}
        </Table.Tbody>
      </Table>
    </TableRegion>
  );
}

interface ConditionGroup {
  key: string;
  title: string;
  conditions: ReadinessCondition[];
}

/** Conditions of one control stand in one row; others each in their own. */
function groupsOf(conditions: readonly ReadinessCondition[]): ConditionGroup[] {
  const groups = Map.groupBy(conditions, ({ id, control }) => control ?? id);
  return [...groups].map(([key, own]) => ({
    key,
    title: own[0]?.control ? (getControl(key)?.title ?? key) : (own[0]?.title ?? key),
    conditions: own,
  }));
}

interface GroupRowProps extends Pick<ConditionTableProps, "useCase" | "mends" | "accepted" | "onAccept"> {
  group: ConditionGroup;
}

function GroupRow({ group: { title, conditions }, useCase, mends, accepted, onAccept }: GroupRowProps) {
  const open = conditions.filter(({ id, met }) => !met && !accepted.has(id));
  const mend = open.map((condition) => mendOf(condition, useCase, mends)).find((found) => found !== null);
  return (
    <Table.Tr>
      <Table.Td>
        {conditions.every(({ met }) => met) ? (
          <WordBadge word="in_force">met</WordBadge>
        ) : open.length === 0 ? (
          <WordBadge word="scheduled">accepted</WordBadge>
        ) : (
          <WordBadge word="conflicted">not met</WordBadge>
        )}
      </Table.Td>
      <Table.Th scope="row" fw={500}>
        {title}
      </Table.Th>
      <Table.Td>
        {conditions.map(({ id, text }) => (
          <Text size="sm" key={id}>
            {text}
          </Text>
        ))}
        {acceptancesOf(conditions, accepted).map(({ by, at, reason }) => (
          <Text size="xs" component="div" key={`${by} ${at} ${reason}`}>
            Accepted by {by}, <Time at={at} />: “{reason}”
          </Text>
        ))}
      </Table.Td>
      <Table.Td ta="right">
        <Group gap="xs" justify="flex-end" wrap="nowrap">
          {mend && (
            <LinkAnchor href={mend.href} underline="always" prefetch={false}>
              {mend.label}
              <VisuallyHidden>: {title}</VisuallyHidden>
            </LinkAnchor>
          )}
          {open.length > 0 && onAccept && (
            <Button size="compact-xs" variant="default" onClick={() => onAccept(open)}>
              Accept<VisuallyHidden>: {title}</VisuallyHidden>
            </Button>
          )}
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}

/** The acceptances of a row, each word once: several conditions are often accepted with the same. */
function acceptancesOf(
  conditions: readonly ReadinessCondition[],
  accepted: ReadonlyMap<string, AcceptanceView>,
): AcceptanceView[] {
  const own = conditions.flatMap(({ id }) => accepted.get(id) ?? []);
  return own.filter(
    ({ by, reason }, index) => own.findIndex((one) => one.by === by && one.reason === reason) === index,
  );
}
