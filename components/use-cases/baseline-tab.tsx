"use client";

import { Button, Group, Paper, Stack, Table, Text, Title } from "@mantine/core";
import Link from "next/link";
import { DriftSection } from "@/components/drift/drift-section";
import { Origin, valueAt } from "@/components/policy/origin";
import { EmptyState } from "@/components/ui/empty-state";
import { Fact, FactList } from "@/components/ui/facts";
import { TableRegion } from "@/components/ui/table-region";
import { Time } from "@/components/ui/time";
import { WordBadge } from "@/components/vocabulary/badges";
import type { DriftListView } from "@/lib/drift/views";
import { fieldTitle, valueText } from "@/lib/policy/labels";
import type { ObservedField, ObservedList, ObservedValue, ObservedView } from "@/lib/telemetry/views";
import type { PolicyView } from "@/lib/use-cases/views";
import { DECLARABLE, type Declarable } from "./propose";
import { count } from "./words";

const TITLES: Record<ObservedField, string> = {
  purposes: "Purposes",
  models: "Models",
  dataClasses: "Data classes",
  tools: "Tools",
  destinations: "Destinations",
  retrievalSources: "Retrieval sources",
  workloads: "Workloads",
};
const ORDER: ObservedField[] = [...DECLARABLE, "workloads"];

interface BaselineTabProps {
  slug: string;
  observed: ObservedView;
  drift: DriftListView;
  policy: PolicyView;
  mayDraft: boolean;
}

/** Declared beside observed, each list with who set it: the document or the floor. */
export function BaselineTab({ slug, observed, drift, policy, mayDraft }: BaselineTabProps) {
  return (
    <Stack>
      <Group justify="space-between">
        <Text size="sm">
          {count(observed.decisions)} decisions from <Time at={observed.from} dateOnly /> to{" "}
          <Time at={observed.to} dateOnly />, beside version {observed.policyVersion}.{" "}
          <b>{standsOut(observed, drift)}</b>
        </Text>
        {mayDraft && observed.decisions > 0 && (
          <Button component={Link} href={draft(slug, { propose: "observed" })} size="xs">
            Declare from what was observed
          </Button>
        )}
      </Group>
      {observed.decisions === 0 ? (
        <EmptyState title="No traffic in the last 30 days">
          The baseline is declared from what is observed. Create a workload, issue a credential and send
          requests; then come back here.
        </EmptyState>
      ) : (
        <>
          <DriftSection slug={slug} initial={drift} />
          {ORDER.map((field) => (
            <FieldPanel
              key={field}
              slug={slug}
              list={observed.fields[field]}
              policy={policy}
              mayDraft={mayDraft}
            />
          ))}
        </>
      )}
      <Limits policy={policy} />
    </Stack>
  );
}

/** What stands out, in a sentence: values outside what is declared, and lists that say "anything". */
function standsOut(observed: ObservedView, { counts }: DriftListView): string {
  const drifts = Object.values(counts).reduce((sum, n) => sum + n, 0);
  const open = DECLARABLE.filter((field) => observed.fields[field].declared === null).length;
  const strange = observed.fields.workloads.seen.filter(({ isDeclared }) => !isDeclared).length;
  const said = [
    drifts > 0 && (drifts === 1 ? "One value drifts from it." : `${count(drifts)} values drift from it.`),
    strange > 0 &&
      (strange === 1 ? "One workload is not registered." : `${strange} workloads are not registered.`),
    open > 0 && (open === 1 ? "One list is not baselined." : `${open} lists are not baselined.`),
  ];
  return said.filter(Boolean).join(" ") || "Nothing was seen that is not declared.";
}

function draft(slug: string, wish: Record<string, string>): string {
  return `/changes/new?${new URLSearchParams({ useCase: slug, ...wish })}`;
}

const isDeclarable = (field: ObservedField): field is Declarable => field !== "workloads";

interface FieldPanelProps {
  slug: string;
  list: ObservedList;
  policy: PolicyView;
  mayDraft: boolean;
}

function FieldPanel({ slug, list, policy, mayDraft }: FieldPanelProps) {
  const { field, declared, seen, seenOf, unused } = list;
  const title = TITLES[field];
  const offers = mayDraft && isDeclarable(field);
  return (
    <Paper withBorder p="sm" component="section" aria-label={title}>
      <Group justify="space-between" gap="xs">
        <Group gap="xs">
          <Title order={2} size="h5">
            {title}
          </Title>
          <Text size="sm" c="dimmed">
            {declaredText(list)}
          </Text>
          {field !== "workloads" && <Origin policy={policy} path={`baseline.${field}`} />}
        </Group>
        {offers && declared === null && seen.length > 0 && (
          <Button
            component={Link}
            href={draft(slug, { propose: "field", field })}
            size="compact-xs"
            variant="light"
          >
            Declare {seen.length === 1 ? "it" : `these ${seen.length}`}
          </Button>
        )}
      </Group>
      {seen.length > 0 || unused.length > 0 ? (
        <TableRegion label={`${title}: declared beside observed`}>
          <Table verticalSpacing={3} fz="sm" miw={720} mt={4}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">Value</Table.Th>
                <Table.Th scope="col" w={150}>
                  State
                </Table.Th>
                <Table.Th scope="col" ta="right" w={100}>
                  Decisions
                </Table.Th>
                <Table.Th scope="col" w={130}>
                  First seen
                </Table.Th>
                <Table.Th scope="col" w={130}>
                  Last seen
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {seen.map((value) => (
                <SeenRow key={value.value} value={value} list={list} />
              ))}
              {unused.map((value) => (
                <Table.Tr key={`unused-${value}`}>
                  <Table.Th scope="row" fw={400}>
                    {value}
                  </Table.Th>
                  <Table.Td>{field === "workloads" ? "registered, not seen" : "declared, not seen"}</Table.Td>
                  <Table.Td ta="right">0</Table.Td>
                  <Table.Td colSpan={2} />
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </TableRegion>
      ) : (
        <Text size="sm" c="dimmed">
          Nothing was seen.
        </Text>
      )}
      {seenOf > seen.length && (
        <Text size="xs" c="dimmed">
          {seen.length} of {seenOf} values, those not declared first.
        </Text>
      )}
    </Paper>
  );
}

const LIMITS = [
  "baseline.credentials.kinds",
  "baseline.credentials.maxAgeHours",
  "baseline.traffic.requestsPerMinute",
  "baseline.traffic.promptChars",
  "baseline.traffic.toolCallsPerSession",
];

/** Credential rules and the traffic envelope, as they are in force. */
function Limits({ policy }: { policy: PolicyView }) {
  return (
    <Paper withBorder p="sm" component="section" aria-label="Credentials and traffic">
      <Title order={2} size="h5" mb={4}>
        Credentials and traffic
      </Title>
      <FactList>
        {LIMITS.map((path) => (
          <Fact key={path} name={fieldTitle(path)}>
            {limitText(path, valueAt(policy.effective, path))} <Origin policy={policy} path={path} />
          </Fact>
        ))}
      </FactList>
    </Paper>
  );
}

function limitText(path: string, value: unknown): string {
  if (typeof value === "number") return `at most ${count(value)}`;
  return value === null && !path.endsWith("kinds") ? "no limit" : valueText(value);
}

function declaredText({ field, declared }: ObservedList): string {
  if (declared === null) return "declared: anything (not baselined)";
  if (declared.length === 0) return field === "workloads" ? "none registered" : "declared: nothing";
  return `${field === "workloads" ? "registered" : "declared"}: ${declared.join(", ")}`;
}

function SeenRow({ value, list }: { value: ObservedValue; list: ObservedList }) {
  const drifts = list.declared !== null && !value.isDeclared;
  const known = list.field === "workloads" ? "registered" : "declared";
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={400} style={{ overflowWrap: "anywhere" }}>
        {value.value}
      </Table.Th>
      <Table.Td>
        {drifts ? (
          <WordBadge word="loosens">{`drift: not ${known}`}</WordBadge>
        ) : list.declared === null ? (
          "not baselined"
        ) : (
          known
        )}
      </Table.Td>
      <Table.Td ta="right">{count(value.n)}</Table.Td>
      <Table.Td>
        <Time at={value.firstSeenAt} dateOnly />
      </Table.Td>
      <Table.Td>
        <Time at={value.lastSeenAt} dateOnly />
      </Table.Td>
    </Table.Tr>
  );
}
