"use client";

import { Paper, Stack, Text } from "@mantine/core";
import { DecisionView } from "@/components/telemetry/decision/decision-view";
import { ProblemAlert } from "@/components/ui/problem-alert";
import type { ApprovalSummary } from "@/lib/approvals/views";
import type { AppealView, FindingRulings } from "@/lib/rulings/views";
import type { DecisionView as Decision } from "@/lib/telemetry/views";
import { AppealItem } from "./appeal-item";
import { useAppeal } from "./calls";

interface AppealPageProps {
  initial: AppealView;
  /** Null when the decision is no longer kept. */
  decided: { decision: Decision; approval: ApprovalSummary | null; rulings: FindingRulings[] } | null;
}

/** One appeal with its moves, above the decision that it is about. */
export function AppealPage({ initial, decided }: AppealPageProps) {
  const appeal = useAppeal(initial);
  return (
    <Stack gap="md">
      {appeal.error && <ProblemAlert error={appeal.error} onRetry={() => appeal.refetch()} />}
      <Paper withBorder p="sm">
        <AppealItem appeal={appeal.data} withFinding />
      </Paper>
      {decided ? (
        <DecisionView {...decided} />
      ) : (
        <Text size="sm">
          The decision is no longer kept. What was appealed and answered still stands here.
        </Text>
      )}
    </Stack>
  );
}
