"use client";

import {
  Box,
  Checkbox,
  Group,
  NativeSelect,
  Paper,
  SegmentedControl,
  SimpleGrid,
  Stack,
  TagsInput,
  Text,
  Title,
} from "@mantine/core";
import type { ReactNode } from "react";
import {
  COHORT_PERCENT_BOUNDS,
  CREDENTIAL_AGE_HOURS_BOUNDS,
  PROMPT_CHARS_BOUNDS,
  REQUESTS_PER_MINUTE_BOUNDS,
  TOOL_CALLS_BOUNDS,
} from "@/lib/policy/buckets";
import {
  CAPTURES,
  type Capture,
  CREDENTIAL_KINDS,
  type CredentialKind,
  DATA_CLASSES,
  type DataClass,
  type FailMode,
  type PolicyDocument,
  STAGES,
  type Stage,
} from "@/lib/policy/document";
import { ControlsTable } from "./controls-table";
import { type FieldMessages, messagesUnder, withBaseline } from "./edit-document";
import { AnythingOr, FieldError, ListField } from "./list-field";
import classes from "./policy-editor.module.css";
import { ProposalAside } from "./proposal-aside";
import { hoursText, ThresholdSelect } from "./threshold-select";
import { ToolsField } from "./tools-field";

interface PolicyEditorProps {
  /** What the proposal is compared with. */
  base: PolicyDocument;
  value: PolicyDocument;
  /** Changes what stands; the same function on every render, such as a state setter. */
  edit: (change: (document: PolicyDocument) => PolicyDocument) => void;
  messages: FieldMessages;
  /** Names of the use case's workloads, offered for the cohort. */
  workloads: readonly string[];
  /** What can be done with the proposal; stands beside it, always in sight. */
  actions: ReactNode;
}

const CAPTURE_TITLES: Record<Capture, string> = {
  none: "nothing",
  excerpt: "a redacted excerpt",
  full: "all of it, encrypted",
};

/** Edits a policy document by form; beside it stands, live, which way the proposal moves. */
export function PolicyEditor({ base, value, edit, messages, workloads, actions }: PolicyEditorProps) {
  const under = (path: string) => messagesUnder(messages, path);
  return (
    <div className={classes["layout"]}>
      <Stack gap="lg" miw={0}>
        <RolloutSection base={base} value={value} edit={edit} under={under} workloads={workloads} />
        <BaselineSection value={value} edit={edit} under={under} />
        <LimitsSection value={value} edit={edit} under={under} />
        <Section
          title="Controls"
          lead="The mode says what happens when a control fires; the stage says how much of that is switched on."
        >
          <ControlsTable document={value} messages={messages} edit={edit} />
          {messages.get("controls") && <FieldError>{messages.get("controls")}</FieldError>}
        </Section>
      </Stack>
      <Box className={classes["aside"]}>
        <ProposalAside base={base} value={value} messages={messages}>
          {actions}
        </ProposalAside>
      </Box>
    </div>
  );
}

interface SectionProps {
  value: PolicyDocument;
  edit: (change: (document: PolicyDocument) => PolicyDocument) => void;
  under: (path: string) => string | null;
}

function Section({ title, lead, children }: { title: string; lead?: string; children: ReactNode }) {
  return (
    <Paper withBorder p="md" component="section" aria-label={title}>
      <Title order={2} size="h4">
        {title}
      </Title>
      {lead && (
        <Text size="sm" c="dimmed" mb="xs">
          {lead}
        </Text>
      )}
      <Stack gap="md">{children}</Stack>
    </Paper>
  );
}

function RolloutSection({
  base,
  value,
  edit,
  under,
  workloads,
}: SectionProps & { base: PolicyDocument; workloads: readonly string[] }) {
  const skips = base.stage === "logging" && value.stage === "enforcing";
  return (
    <Section
      title="Rollout"
      lead="Logging records what would happen. Limited acts on the enrolled controls for the cohort. Enforcing acts everywhere."
    >
      <div>
        <Text size="sm" fw={500} id="stage-label" mb={4}>
          Stage
        </Text>
        <SegmentedControl
          aria-labelledby="stage-label"
          value={value.stage}
          data={STAGES.map((stage) => ({ value: stage, label: stage }))}
          onChange={(stage) => edit((document) => ({ ...document, stage: stage as Stage }))}
        />
        {skips && <FieldError>A policy goes to limited first, and to enforcing from there.</FieldError>}
        {under("stage") && <FieldError>{under("stage")}</FieldError>}
      </div>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <ThresholdSelect
          label="Sessions enrolled while limited"
          description="By a stable hash of the session: the same session always falls on the same side."
          bounds={COHORT_PERCENT_BOUNDS}
          value={value.limited.cohort.percent}
          say={(percent) => `${percent} % of sessions`}
          required
          onChange={(percent) =>
            edit((document) => ({
              ...document,
              limited: { ...document.limited, cohort: { ...document.limited.cohort, percent: percent ?? 0 } },
            }))
          }
          error={under("limited.cohort.percent")}
        />
        <TagsInput
          label="Workloads enrolled besides"
          description="All their sessions, whatever the share says."
          value={value.limited.cohort.workloads}
          data={[...workloads]}
          onChange={(names) =>
            edit((document) => ({
              ...document,
              limited: { ...document.limited, cohort: { ...document.limited.cohort, workloads: names } },
            }))
          }
          error={under("limited.cohort.workloads")}
        />
      </SimpleGrid>
      {under("limited.controls") && <FieldError>{under("limited.controls")}</FieldError>}
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <NativeSelect
          label="When the decision point cannot be asked"
          value={value.failMode}
          data={[
            { value: "closed", label: "closed: refuse the request" },
            { value: "open", label: "open: let it pass" },
          ]}
          onChange={(event) => {
            const failMode = event.currentTarget.value as FailMode;
            edit((document) => ({ ...document, failMode }));
          }}
        />
        <NativeSelect
          label="Kept of content"
          value={value.capture}
          data={CAPTURES.map((capture) => ({
            value: capture,
            label: `${capture}: ${CAPTURE_TITLES[capture]}`,
          }))}
          onChange={(event) => {
            const capture = event.currentTarget.value as Capture;
            edit((document) => ({ ...document, capture }));
          }}
        />
      </SimpleGrid>
    </Section>
  );
}

const LISTS = [
  {
    field: "purposes",
    label: "Purposes",
    hint: "Names or globs such as support-*.",
    add: "customer-support",
  },
  { field: "models", label: "Models", hint: "Names or globs such as anthropic/*.", add: "openai/gpt-4o" },
  {
    field: "destinations",
    label: "Destinations",
    hint: "Hosts in lower case, such as *.corp.example.",
    add: "api.example.com",
  },
  {
    field: "retrievalSources",
    label: "Retrieval sources",
    hint: "Names or globs such as kb/*.",
    add: "kb/*",
  },
] as const;

function BaselineSection({ value, edit, under }: SectionProps) {
  return (
    <Section
      title="Baseline"
      lead="What is normal and approved. What departs from it is what the baseline controls find."
    >
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="lg">
        {LISTS.map(({ field, label, hint, add }) => (
          <ListField
            key={field}
            label={label}
            description={hint}
            placeholder={add}
            value={value.baseline[field]}
            onChange={(list) => edit((document) => withBaseline(document, { [field]: list }))}
            error={under(`baseline.${field}`)}
          />
        ))}
        <ToolsField
          value={value.baseline.tools}
          onChange={(tools) => edit((document) => withBaseline(document, { tools }))}
          error={under("baseline.tools")}
        />
        <CheckedList
          label="Data classes"
          description="Ordered from public to restricted."
          all={DATA_CLASSES}
          value={value.baseline.dataClasses}
          onChange={(dataClasses: DataClass[] | null) =>
            edit((document) => withBaseline(document, { dataClasses }))
          }
          error={under("baseline.dataClasses")}
        />
      </SimpleGrid>
    </Section>
  );
}

function LimitsSection({ value, edit, under }: SectionProps) {
  const { credentials, traffic } = value.baseline;
  return (
    <Section
      title="Credentials and traffic"
      lead="Limits stand on bucket bounds, so that what was recorded can be replayed exactly."
    >
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="lg">
        <CheckedList
          label="Kinds of credential"
          description="Standing secrets (static) are the ones to leave behind."
          all={CREDENTIAL_KINDS}
          value={credentials.kinds}
          onChange={(kinds: CredentialKind[] | null) =>
            edit((document) =>
              withBaseline(document, { credentials: { ...document.baseline.credentials, kinds } }),
            )
          }
          error={under("baseline.credentials.kinds")}
        />
        <ThresholdSelect
          label="Longest age of a credential"
          bounds={CREDENTIAL_AGE_HOURS_BOUNDS}
          value={credentials.maxAgeHours}
          say={hoursText}
          onChange={(maxAgeHours) =>
            edit((document) =>
              withBaseline(document, { credentials: { ...document.baseline.credentials, maxAgeHours } }),
            )
          }
          error={under("baseline.credentials.maxAgeHours")}
        />
      </SimpleGrid>
      <SimpleGrid cols={{ base: 1, sm: 3 }}>
        {(
          [
            ["requestsPerMinute", "Requests a minute", REQUESTS_PER_MINUTE_BOUNDS],
            ["promptChars", "Characters of a prompt", PROMPT_CHARS_BOUNDS],
            ["toolCallsPerSession", "Tool calls in a session", TOOL_CALLS_BOUNDS],
          ] as const
        ).map(([field, label, bounds]) => (
          <ThresholdSelect
            key={field}
            label={label}
            bounds={bounds}
            value={traffic[field]}
            onChange={(limit) =>
              edit((document) =>
                withBaseline(document, { traffic: { ...document.baseline.traffic, [field]: limit } }),
              )
            }
            error={under(`baseline.traffic.${field}`)}
          />
        ))}
      </SimpleGrid>
    </Section>
  );
}

function CheckedList<T extends string>({
  all,
  ...field
}: {
  label: string;
  description: string;
  all: readonly T[];
  value: T[] | null;
  onChange: (value: T[] | null) => void;
  error: string | null;
}) {
  return (
    <AnythingOr {...field} initial={[...all]}>
      {(value) => (
        <Group gap="sm">
          {all.map((item) => (
            <Checkbox
              key={item}
              size="xs"
              label={item}
              checked={value.includes(item)}
              onChange={(event) => {
                const { checked } = event.currentTarget;
                field.onChange(all.filter((other) => (other === item ? checked : value.includes(other))));
              }}
            />
          ))}
        </Group>
      )}
    </AnythingOr>
  );
}
