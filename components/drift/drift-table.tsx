"use client";

import { Anchor, Checkbox, Group, Table, Text, VisuallyHidden } from "@mantine/core";
import Link from "next/link";
import { numberText } from "@/components/telemetry/words";
import { Time } from "@/components/ui/time";
import type { DriftRow } from "@/lib/drift/views";
import { decisionsHref, declareHref, exceptHref, mayAnswer } from "./answers";
import classes from "./drift-table.module.css";
import { dimensionWord, valueSentence, valueText } from "./words";

interface DriftTableProps {
  rows: readonly DriftRow[];
  days: number;
  /** On the page of one use case its name says nothing. */
  withUseCase: boolean;
  chosen: ReadonlySet<string>;
  onChoose: (rows: readonly DriftRow[], on: boolean) => void;
  onMark: (row: DriftRow) => void;
}

/** Undeclared values with how often, when and by whom, and the three answers. */
export function DriftTable({ rows, days, withUseCase, chosen, onChoose, onMark }: DriftTableProps) {
  const choosable = rows.filter((row) => mayAnswer(row, "declare"));
  const mayChoose = choosable.length > 0;
  const isAnswered = rows.some(({ answers }) => answers.some(({ allowed }) => allowed));
  return (
    <Table verticalSpacing={3} horizontalSpacing="xs" highlightOnHover fz="sm" miw={withUseCase ? 1010 : 860}>
      <VisuallyHidden component="caption">What traffic shows and the policy does not declare</VisuallyHidden>
      <Table.Thead>
        <Table.Tr>
          {mayChoose && (
            <Table.Th scope="col" w={34}>
              <Checkbox
                size="xs"
                aria-label="Choose all rows of this page"
                checked={choosable.every(({ key }) => chosen.has(key))}
                indeterminate={
                  choosable.some(({ key }) => chosen.has(key)) &&
                  !choosable.every(({ key }) => chosen.has(key))
                }
                onChange={(event) => onChoose(choosable, event.currentTarget.checked)}
              />
            </Table.Th>
          )}
          <Table.Th scope="col">Seen, not declared</Table.Th>
          {withUseCase && <Table.Th scope="col">Use case</Table.Th>}
          <Table.Th scope="col" ta="right">
            Decisions
          </Table.Th>
          <Table.Th scope="col">First seen</Table.Th>
          <Table.Th scope="col">Last seen</Table.Th>
          <Table.Th scope="col">Workloads</Table.Th>
          {isAnswered && <Table.Th scope="col">Answer</Table.Th>}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => (
          <Table.Tr key={row.key}>
            {mayChoose && (
              <Table.Td>
                {mayAnswer(row, "declare") && (
                  <Checkbox
                    size="xs"
                    aria-label={`Choose ${valueSentence(row.dimension, row.value)} of ${row.useCase.name}`}
                    checked={chosen.has(row.key)}
                    onChange={(event) => onChoose([row], event.currentTarget.checked)}
                  />
                )}
              </Table.Td>
            )}
            <Table.Th scope="row" fw={400} className={classes["value"] ?? ""}>
              <Group gap={6} wrap="nowrap">
                <Text size="sm" truncate title={row.value}>
                  {valueText(row.dimension, row.value)}
                </Text>
                <Text size="xs" c="dimmed" className={classes["nowrap"] ?? ""}>
                  {isLinkedOnly(row) ? "linked host" : dimensionWord(row.dimension)}
                </Text>
              </Group>
              <Standing row={row} />
            </Table.Th>
            {withUseCase && (
              <Table.Td>
                <Anchor
                  component={Link}
                  href={`/use-cases/${row.useCase.slug}`}
                  size="sm"
                  truncate
                  maw={180}
                  display="block"
                >
                  {row.useCase.name}
                </Anchor>
              </Table.Td>
            )}
            <Table.Td ta="right">
              <Decisions row={row} days={days} />
            </Table.Td>
            <Table.Td>
              <Time at={row.firstSeenAt} dateOnly />
            </Table.Td>
            <Table.Td>
              <Time at={row.lastSeenAt} dateOnly />
            </Table.Td>
            <Table.Td>
              <Workloads row={row} />
            </Table.Td>
            {isAnswered && (
              <Table.Td className={classes["nowrap"] ?? ""}>
                <Answers row={row} onMark={onMark} />
              </Table.Td>
            )}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** A host that was never called, only linked in content. */
function isLinkedOnly({ controls }: DriftRow): boolean {
  return controls.length === 1 && controls[0]?.id === "unknown-links";
}

/** What else there is to know of a row; most have nothing. */
function Standing({ row }: { row: DriftRow }) {
  const { state, covered, n, exceptions, incident, seenAgain, floorBars } = row;
  const by = exceptions.map(({ ref, expiresAt }, index) => (
    <span key={ref}>
      {index > 0 && ", "}
      <Anchor component={Link} href={`/exceptions/${ref}`} size="xs" underline="always">
        {ref}
      </Anchor>{" "}
      until <Time at={expiresAt} dateOnly />
    </span>
  ));
  const lines = [
    exceptions.length > 0 && (
      <span key="covered">
        {covered === n ? "covered" : `${numberText(covered)} of ${numberText(n)} covered`} by {by}
      </span>
    ),
    state === "incident" && incident && <span key="incident">{incident.ref} is open</span>,
    incident?.closedAt && (
      <span key="closed">
        {seenAgain ? "seen again after" : "not seen since"} {incident.ref} was closed on{" "}
        <Time at={incident.closedAt} />
      </span>
    ),
    floorBars && <span key="floor">excluded by the organisation’s floor</span>,
  ].filter(Boolean);
  return lines.length > 0 ? (
    <Text size="xs" c="dimmed" component="div" className={classes["lines"] ?? ""}>
      {lines}
    </Text>
  ) : null;
}

function Decisions({ row, days }: { row: DriftRow; days: number }) {
  const href = decisionsHref(row, days);
  if (href === null) return numberText(row.n);
  return (
    <Anchor
      component={Link}
      href={href}
      size="sm"
      aria-label={`${numberText(row.n)} decisions of ${row.value}`}
    >
      {numberText(row.n)}
    </Anchor>
  );
}

function Workloads({ row: { workloads } }: { row: DriftRow }) {
  const names = workloads.map(({ slug, n }) => `${slug} (${numberText(n)})`).join(", ");
  const [first] = workloads;
  return (
    <Text size="sm" truncate maw={190} title={names}>
      {first?.slug}
      {workloads.length > 1 && ` and ${workloads.length - 1} more`}
    </Text>
  );
}

function Answers({ row, onMark }: { row: DriftRow; onMark: (row: DriftRow) => void }) {
  const what = valueSentence(row.dimension, row.value);
  return (
    <Group gap="sm" wrap="nowrap">
      {mayAnswer(row, "declare") && (
        <Anchor
          component={Link}
          size="sm"
          href={declareHref(row.useCase.slug, [row])}
          aria-label={`Declare ${what} of ${row.useCase.name}`}
        >
          Declare
        </Anchor>
      )}
      {mayAnswer(row, "except") && row.state !== "covered" && (
        <Anchor
          component={Link}
          size="sm"
          href={exceptHref(row)}
          aria-label={`Except ${what} of ${row.useCase.name} for a time`}
        >
          Except
        </Anchor>
      )}
      {mayAnswer(row, "mark") && (
        <Anchor
          component="button"
          type="button"
          size="sm"
          aria-label={`Mark ${what} of ${row.useCase.name} as an incident`}
          onClick={() => onMark(row)}
        >
          Incident
        </Anchor>
      )}
      {row.incident && row.state === "incident" && (
        <Anchor component={Link} size="sm" href="/telemetry/drift?incidents=open#incidents">
          {row.incident.ref}
        </Anchor>
      )}
    </Group>
  );
}
