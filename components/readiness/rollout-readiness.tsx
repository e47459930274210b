"use client";

import { Group, Paper, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { api, fetched } from "@/components/api";
import { LinkButton } from "@/components/ui/links";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { Time } from "@/components/ui/time";
import { WordBadge } from "@/components/vocabulary/badges";
import type { UseCaseReadiness } from "@/lib/readiness/views";
import { ControlTable } from "./control-table";
import { ReadinessList } from "./readiness-list";

interface RolloutReadinessProps {
  slug: string;
  initial: UseCaseReadiness;
  mayDraft: boolean;
  /** Is another change of this policy open already? */
  hasOpenChange: boolean;
}

/** What is missing for the next stage, and for each control; measured now. */
export function RolloutReadiness({ slug, initial, mayDraft, hasOpenChange }: RolloutReadinessProps) {
  const { data, error } = useQuery({
    queryKey: ["readiness", slug],
    queryFn: () => fetched(api["use-cases"][":id"].readiness.$get({ param: { id: slug } })),
    initialData: initial,
  });
  const { step, stage, controls, mends } = data;
  return (
    <>
      {error && <ProblemAlert error={error} />}
      {step && (
        <Paper withBorder p="md" component="section" aria-labelledby="readiness-step">
          <Group justify="space-between" mb="xs">
            <Title order={2} size="h5" id="readiness-step">
              Readiness for {step.to}
            </Title>
            {mayDraft && (
              <LinkButton
                href={`/changes/new?useCase=${slug}&propose=next-stage`}
                size="sm"
                variant={hasOpenChange ? "default" : "filled"}
              >
                Request the next stage: {step.to}
              </LinkButton>
            )}
          </Group>
          <Text size="sm" c="dimmed" mb="xs" component="div">
            {step.to === "limited"
              ? "The draft enrols high-confidence controls and asks for the cohort."
              : "The draft switches everything on; what it would have done is measured before anyone approves."}{" "}
            Limits of tier <WordBadge word={data.tier} />, over <Time at={data.from} dateOnly /> to{" "}
            <Time at={data.to} dateOnly />. What is not met does not forbid: the risk owner accepts it by
            name, with a reason.
          </Text>
          <ReadinessList readiness={step.readiness} useCase={slug} mends={mends} />
        </Paper>
      )}
      {controls.length > 0 && (
        <Paper withBorder p="md" component="section" aria-labelledby="readiness-controls">
          <Title order={2} size="h5" mb="xs" id="readiness-controls">
            What each control lacks to act
          </Title>
          <Text size="sm" c="dimmed" mb="xs">
            Controls that do not act for everybody yet, at the sensitivity that is set.
          </Text>
          <ControlTable useCase={slug} stage={stage} controls={controls} mayDraft={mayDraft} mends={mends} />
        </Paper>
      )}
    </>
  );
}
