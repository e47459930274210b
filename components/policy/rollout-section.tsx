"use client";

import { NativeSelect, NumberInput, SegmentedControl, SimpleGrid, TagsInput, Text } from "@mantine/core";
import { COHORT_PERCENT_BOUNDS } from "@/lib/policy/buckets";
import {
  CAPTURES,
  type Capture,
  FAIL_MODES,
  type FailMode,
  type PolicyDocument,
  type Safeguard,
  STAGES,
  type Stage,
} from "@/lib/policy/document";
import { fieldTitle } from "@/lib/policy/labels";
import { Section, type SectionProps } from "./editor-section";
import { FieldError } from "./list-field";
import { FloorNote } from "./origin";
import { CAPTURE_WORDS, FAIL_MODE_WORDS } from "./rollout-words";
import { ThresholdSelect } from "./threshold-select";

/** Stage, cohort, fail mode and capture. */
export function RolloutSection({
  base,
  value,
  edit,
  under,
  floored,
  workloads,
  hasSafeguard,
}: SectionProps & { base: PolicyDocument; workloads: readonly string[]; hasSafeguard: boolean }) {
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
        <FloorNote>{floored("stage")}</FloorNote>
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
      {["limited.controls", "limited.cohort.percent", "limited.cohort.workloads"].map((path) => (
        <FloorNote key={path}>{floored(path) && `${fieldTitle(path)}. ${floored(path)}`}</FloorNote>
      ))}
      {under("limited.controls") && <FieldError>{under("limited.controls")}</FieldError>}
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <div>
          <NativeSelect
            label="When the decision point cannot be asked"
            value={value.failMode}
            data={FAIL_MODES.map((mode) => ({ value: mode, label: FAIL_MODE_WORDS[mode] }))}
            onChange={(event) => {
              const failMode = event.currentTarget.value as FailMode;
              edit((document) => ({ ...document, failMode }));
            }}
          />
          <FloorNote>{floored("failMode")}</FloorNote>
        </div>
        <NativeSelect
          label="Kept of content"
          value={value.capture}
          data={CAPTURES.map((capture) => ({
            value: capture,
            label: CAPTURE_WORDS[capture],
          }))}
          onChange={(event) => {
            const capture = event.currentTarget.value as Capture;
            edit((document) => ({ ...document, capture }));
          }}
        />
      </SimpleGrid>
      {hasSafeguard && <SafeguardFields value={value} edit={edit} under={under} />}
    </Section>
  );
}

/** The step-down safeguard: bounds of this policy's own. An empty field is no bound. */
function SafeguardFields({ value, edit, under }: Pick<SectionProps, "value" | "edit" | "under">) {
  const { blocksPerHour = null, appealsPerDay = null } = value.safeguard ?? {};
  const set = (next: Partial<Safeguard>) =>
    edit((document) => {
      const { safeguard, ...rest } = document;
      const bounds = { blocksPerHour: null, appealsPerDay: null, ...safeguard, ...next };
      const isSet = bounds.blocksPerHour !== null || bounds.appealsPerDay !== null;
      return isSet ? { ...rest, safeguard: bounds } : rest;
    });
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      <NumberInput
        label="Step down after more blocks in an hour than"
        description="The stage drops by itself, as a recorded emergency change. Empty: no bound."
        value={blocksPerHour ?? ""}
        onChange={(next) => set({ blocksPerHour: next === "" ? null : Number(next) })}
        min={1}
        allowDecimal={false}
        error={under("safeguard.blocksPerHour")}
      />
      <NumberInput
        label="Step down after more appeals in a day than"
        description="Counted since the version came in force. Empty: no bound."
        value={appealsPerDay ?? ""}
        onChange={(next) => set({ appealsPerDay: next === "" ? null : Number(next) })}
        min={1}
        allowDecimal={false}
        error={under("safeguard.appealsPerDay")}
      />
    </SimpleGrid>
  );
}
