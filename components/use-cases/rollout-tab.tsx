"use client";

import { Anchor, Group, Paper, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import Link from "next/link";
import { Origin } from "@/components/policy/origin";
import { CAPTURE_WORDS, FAIL_MODE_WORDS } from "@/components/policy/rollout-words";
import { RolloutReadiness } from "@/components/readiness/rollout-readiness";
import { Fact, FactList } from "@/components/ui/facts";
import { Time } from "@/components/ui/time";
import { WordBadge } from "@/components/vocabulary/badges";
import type { ChangeSummary } from "@/lib/changes/views";
import { getControl } from "@/lib/policy/catalogue";
import { STAGES, type Stage } from "@/lib/policy/document";
import { safeguardText } from "@/lib/policy/labels";
import type { UseCaseReadiness } from "@/lib/readiness/views";
import type { PolicyView } from "@/lib/use-cases/views";
import { StepDown } from "./step-down";

const MEANS: Record<Stage, string> = {
  logging: "Everything is recorded with what would have happened. Nothing is blocked.",
  limited: "Enrolled controls act for the enrolled cohort. The rest is recorded.",
  enforcing: "Every control acts by its mode, for every request.",
};

interface RolloutTabProps {
  slug: string;
  policy: PolicyView;
  readiness: UseCaseReadiness;
  openChanges: ChangeSummary[];
  mayDraft: boolean;
  /** Hours to review a stage that is stepped down; null for who may not step down. */
  stepDownHours: number | null;
}

/** How much of the policy is switched on, and the next notch. */
export function RolloutTab({
  slug,
  policy,
  readiness,
  openChanges,
  mayDraft,
  stepDownHours,
}: RolloutTabProps) {
  const { effective } = policy;
  const at = STAGES.indexOf(effective.stage);
  return (
    <Stack>
      <SimpleGrid cols={{ base: 1, sm: 3 }} component="ol" p={0} m={0} style={{ listStyle: "none" }}>
        {STAGES.map((stage, index) => (
          <Paper
            key={stage}
            component="li"
            withBorder
            p="md"
            aria-current={index === at ? "step" : undefined}
            style={index === at ? { borderColor: "var(--mantine-primary-color-filled)", borderWidth: 2 } : {}}
          >
            <Group gap="xs">
              <Text fw={600}>
                {index + 1}. {stage}
              </Text>
              {index === at && <WordBadge word={stage}>here now</WordBadge>}
            </Group>
            <Text size="sm" c="dimmed">
              {MEANS[stage]}
            </Text>
            {index === at && (
              <Text size="sm" mt={4}>
                Version {policy.version}, since <Time at={policy.effectiveFrom} />
              </Text>
            )}
          </Paper>
        ))}
      </SimpleGrid>
      {effective.stage !== policy.document.stage && (
        <Text size="sm">
          The stage is <Origin policy={policy} path="stage" />.
        </Text>
      )}
      {openChanges.map((change) => (
        <Text size="sm" key={change.id}>
          <Anchor component={Link} href={`/changes/${change.ref}`} size="sm" underline="always">
            {change.ref}
          </Anchor>{" "}
          <WordBadge word={change.direction} /> is {change.status.replaceAll("_", " ")}
          {change.stage &&
            change.stage.from !== change.stage.to &&
            `: from ${change.stage.from} to ${change.stage.to}`}
          {change.requestedBy && `, requested by ${change.requestedBy.name}`}.
        </Text>
      ))}
      <RolloutReadiness
        slug={slug}
        initial={readiness}
        mayDraft={mayDraft}
        hasOpenChange={openChanges.length > 0}
      />
      <Paper withBorder p="md" component="section" aria-label="Enrolled in limited">
        <Title order={2} size="h5" mb="xs">
          Enrolled in limited
        </Title>
        <FactList>
          <Fact name="Controls">
            {effective.limited.controls.map((id) => getControl(id)?.title ?? id).join(", ") || "none"}{" "}
            <Origin policy={policy} path="limited.controls" />
          </Fact>
          <Fact name="Sessions">
            {effective.limited.cohort.percent} %, by a stable hash of the session{" "}
            <Origin policy={policy} path="limited.cohort.percent" />
          </Fact>
          <Fact name="Workloads besides">
            {effective.limited.cohort.workloads.join(", ") || "none"}{" "}
            <Origin policy={policy} path="limited.cohort.workloads" />
          </Fact>
        </FactList>
      </Paper>
      <Paper withBorder p="md" component="section" aria-label="At every stage">
        <Title order={2} size="h5" mb="xs">
          At every stage
        </Title>
        <FactList>
          <Fact name="When the decision point cannot be asked">
            {FAIL_MODE_WORDS[effective.failMode]} <Origin policy={policy} path="failMode" />
          </Fact>
          <Fact name="Step-down safeguard">
            {policy.document.safeguard
              ? `The stage drops by itself after ${safeguardText(policy.document.safeguard)}.`
              : "None: the stage never drops by itself."}
          </Fact>
          <Fact name="Kept of content">
            {CAPTURE_WORDS[effective.capture]} <Origin policy={policy} path="capture" />
          </Fact>
        </FactList>
        {stepDownHours !== null && <StepDown policy={policy} reviewHours={stepDownHours} />}
      </Paper>
    </Stack>
  );
}
