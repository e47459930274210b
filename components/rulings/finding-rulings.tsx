"use client";

import { Button, Group, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { controlTitle } from "@/components/telemetry/words";
import { LinkAnchor } from "@/components/ui/links";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { Time } from "@/components/ui/time";
import { WordBadge } from "@/components/vocabulary/badges";
import type { FindingAction, RulingView, FindingRulings as View } from "@/lib/rulings/views";
import { AppealItem } from "./appeal-item";
import { useDecisionRulings } from "./calls";
import { AppealDialog, KeepDialog, RuleDialog } from "./dialogs";
import { BASIS_TEXT, EXPECTATION_TEXT } from "./words";

const DIALOGS = { rule: RuleDialog, appeal: AppealDialog, keep: KeepDialog };
const VERBS: Record<FindingAction, string> = {
  rule: "Rule on it",
  appeal: "Appeal",
  keep: "Keep as regression case",
};

/** What people said of each finding of a decision, and what the reader may add. */
export function FindingRulings({ decisionId, initial }: { decisionId: string; initial: View[] }) {
  const list = useDecisionRulings(decisionId, initial);
  const [asked, setAsked] = useState<{ action: FindingAction; control: string } | null>(null);
  const target = list.data.find(({ control }) => control === asked?.control);
  const Dialog = asked && DIALOGS[asked.action];
  return (
    <Stack gap="md">
      {list.error && <ProblemAlert error={list.error} onRetry={() => list.refetch()} />}
      {list.data.map((finding) => (
        <Finding
          key={finding.control}
          finding={finding}
          onAction={(action) => setAsked({ action, control: finding.control })}
        />
      ))}
      {Dialog && target && (
        <Dialog
          target={{ decisionId, control: target.control, seen: target.rulings.length }}
          onClose={() => setAsked(null)}
        />
      )}
    </Stack>
  );
}

function Finding({ finding, onAction }: { finding: View; onAction: (action: FindingAction) => void }) {
  const { control, rulings, appeals, cases, actions } = finding;
  const open = actions.filter(({ allowed }) => allowed);
  return (
    <Stack gap={6} component="section" aria-label={`Rulings of ${controlTitle(control)}`}>
      <Group justify="space-between" gap="xs">
        <Title order={3} size="h6">
          {controlTitle(control)}
        </Title>
        <Group gap="xs" className="no-print">
          {open.map(({ name }) => (
            <Button key={name} size="compact-sm" variant="default" onClick={() => onAction(name)}>
              {VERBS[name]}
            </Button>
          ))}
        </Group>
      </Group>
      {rulings.length === 0 && appeals.length === 0 && (
        <Text size="sm" c="dimmed">
          Nobody has ruled on it, and nobody appeals.
        </Text>
      )}
      {rulings.toReversed().map((ruling) => (
        <Ruling key={ruling.id} ruling={ruling} />
      ))}
      {appeals.map((appeal) => (
        <AppealItem key={appeal.id} appeal={appeal} />
      ))}
      {cases.map(({ ref, name, expected }) => (
        <Text key={ref} size="sm">
          Kept as{" "}
          <LinkAnchor href="/telemetry/rulings?tab=cases" underline="always">
            {ref}
          </LinkAnchor>
          , “{name}”: the control {EXPECTATION_TEXT[expected]} on it.
        </Text>
      ))}
    </Stack>
  );
}

/** One ruling with who gave it and how it came about; an earlier one says that it counts no more. */
function Ruling({ ruling }: { ruling: RulingView }) {
  const { answer, basis, ruledBy, ruledAt, note, appeal, current } = ruling;
  return (
    <Text size="sm" component="div" style={{ overflowWrap: "anywhere" }}>
      <WordBadge word={answer} /> by {ruledBy.name}, {BASIS_TEXT[basis]}
      {appeal && ` (${appeal})`}, <Time at={ruledAt} />
      {!current && "; a later ruling took its place"}
      {note && `. “${note}”`}
    </Text>
  );
}
