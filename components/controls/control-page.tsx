"use client";

import { Paper, Stack, Table, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { CedarText } from "@/components/policy/cedar-diff";
import { EmptyState } from "@/components/ui/empty-state";
import { Fact, FactList } from "@/components/ui/facts";
import { LinkAnchor } from "@/components/ui/links";
import { TableRegion } from "@/components/ui/table-region";
import { Time } from "@/components/ui/time";
import { BUILT_IN_DETECTORS, FAMILIES, FRAMEWORK_LIST } from "@/lib/policy/catalogue";
import type { Clause, Control } from "@/lib/policy/catalogue/types";
import { SENSITIVITIES } from "@/lib/policy/vocabulary";
import type { ControlFindings } from "@/lib/telemetry/views";
import type { ControlBindingView } from "@/lib/use-cases/views";
import { BindingTable } from "./binding-table";
import { actionsText, word } from "./words";

interface ControlPageProps {
  control: Control;
  bindings: ControlBindingView[];
  findings: ControlFindings[];
  window: { from: string; to: string };
  /** Cedar text by what it stands for: the example, or a use case's own condition. */
  cedar: { title: string; text: string; phrases?: string[]; patterns?: string[] }[];
}

/** One control, as a risk owner reads it. */
export function ControlPage({ control, bindings, findings, window, cedar }: ControlPageProps) {
  return (
    <Stack gap="md">
      <ControlFacts control={control} />
      {control.misses && <Levels misses={control.misses} title={control.title} />}
      <Section title="Where it is bound">
        {bindings.length > 0 ? (
          <>
            <Text size="sm" c="dimmed" mb={4}>
              Policies in force, floors joined; findings from <Time at={window.from} dateOnly /> to{" "}
              <Time at={window.to} dateOnly />.{" "}
              <LinkAnchor href={decisionsHref(control.id, window)} underline="always" prefetch={false}>
                Its decisions
              </LinkAnchor>
              {control.takesSensitivity &&
                ". Compare shows in each use case what every level would have fired on, by ruling."}
            </Text>
            <BindingTable control={control} bindings={bindings} findings={findings} />
          </>
        ) : (
          <EmptyState title="No policy in force binds it">
            A use case binds it by a change of its policy: open the use case and propose one.
          </EmptyState>
        )}
      </Section>
      <Section title="Clauses that it serves">
        {control.clauses.length > 0 ? (
          <Clauses clauses={control.clauses} />
        ) : (
          <Text size="sm">None: it is the organisation's own.</Text>
        )}
      </Section>
      <Section title="As Cedar">
        <Stack gap="sm">
          {cedar.map(({ title, text, phrases = [], patterns = [] }) => (
            <div key={title}>
              <Text size="sm" c="dimmed" mb={4}>
                {title}
              </Text>
              <CedarText text={text} />
              <LookedFor name="Phrases" texts={phrases} />
              <LookedFor name="Patterns" texts={patterns} />
            </div>
          ))}
        </Stack>
      </Section>
    </Stack>
  );
}

/** What a custom control's signal in the Cedar text stands for. */
function LookedFor({ name, texts }: { name: string; texts: string[] }) {
  if (texts.length === 0) return null;
  return (
    <Text size="sm" mt={4} style={{ overflowWrap: "anywhere" }}>
      {name} looked for in content:{" "}
      {texts.map((text, index) => (
        <span key={text}>
          {index > 0 && ", "}
          <code>{text}</code>
        </span>
      ))}
    </Text>
  );
}

function decisionsHref(control: string, { from, to }: { from: string; to: string }): string {
  return `/telemetry/decisions?${new URLSearchParams({ control, from, to })}`;
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Paper withBorder p="md" component="section" aria-label={title}>
      <Title order={2} size="h4" mb="xs">
        {title}
      </Title>
      {children}
    </Paper>
  );
}

const CONFIDENCE: Record<Control["confidence"], string> = {
  high: "high: one of the first to enforce",
  medium: "medium: read its findings before it enforces",
  low: "low: keep it logging unless its findings say otherwise",
};

function ControlFacts({ control }: { control: Control }) {
  const { id, family, confidence, actions, usualMode, takesSensitivity, knowsSpans } = control;
  return (
    <Section title="What it is">
      <FactList>
        <Fact name="Id">
          <code>{id}</code>
        </Fact>
        <Fact name="Family">{FAMILIES.find((each) => each.id === family)?.title ?? family}</Fact>
        <Fact name="Confidence">{CONFIDENCE[confidence]}</Fact>
        <Fact name="Applies to">
          {actions.length > 3 && actionsText(actions) === "all" ? "every action" : actionsText(actions)}
        </Fact>
        <Fact name="Usual mode">{word(usualMode)}</Fact>
        <Fact name="Can redact">
          {knowsSpans ? "yes: it knows where in the text it fired" : "no: it knows no place in the text"}
        </Fact>
        <Fact name="Fires on">{firesOn(control)}</Fact>
        {!takesSensitivity && (
          <Fact name="Sensitivity">
            none: it fires or it does not, and misses nothing that the request states
          </Fact>
        )}
      </FactList>
    </Section>
  );
}

function firesOn({ id, family, takesSensitivity }: Control): string {
  if (family === "custom") return "the organisation's own condition, phrases and patterns";
  if (!takesSensitivity) return "what the request states, held against the baseline of the policy";
  return BUILT_IN_DETECTORS.includes(id)
    ? "the built-in detector, or a signal that the caller sends"
    : "a signal that the caller or an outside detector sends: no detector is built in for it";
}

function Levels({ misses, title }: { misses: NonNullable<Control["misses"]>; title: string }) {
  return (
    <Section title="What each level still misses">
      <Text size="sm" c="dimmed" mb={4}>
        L1 fires on confident hits only and disturbs least; each level after it casts a wider net, and fires
        on all that the ones before it fire on.
      </Text>
      <TableRegion label={`Levels of ${title}`}>
        <Table verticalSpacing={3} fz="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col" w={80}>
                Level
              </Table.Th>
              <Table.Th scope="col">Misses</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {SENSITIVITIES.map((level) => (
              <Table.Tr key={level}>
                <Table.Th scope="row">{level}</Table.Th>
                <Table.Td>{misses[level]}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </TableRegion>
    </Section>
  );
}

function Clauses({ clauses }: { clauses: readonly Clause[] }) {
  const names = new Map(FRAMEWORK_LIST.map(({ id, name }) => [id, name]));
  return (
    <TableRegion label="Clauses">
      <Table verticalSpacing={3} fz="sm" miw={560}>
        <Table.Thead>
          <Table.Tr>
            {["Framework", "Edition", "Clause", "Title"].map((name) => (
              <Table.Th key={name} scope="col">
                {name}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {clauses.map(({ framework, edition, id, title }) => (
            <Table.Tr key={`${framework} ${id}`}>
              <Table.Td>{names.get(framework) ?? framework}</Table.Td>
              <Table.Td style={{ whiteSpace: "nowrap" }}>{edition}</Table.Td>
              <Table.Th scope="row" fw={500} style={{ whiteSpace: "nowrap" }}>
                {id}
              </Table.Th>
              <Table.Td>
                {title || (
                  <Text size="sm" c="dimmed" span>
                    not repeated: the title is its publisher's copyright
                  </Text>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </TableRegion>
  );
}
