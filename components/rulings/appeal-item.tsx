"use client";

import { Button, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { LinkAnchor } from "@/components/ui/links";
import { Time } from "@/components/ui/time";
import { WordBadge } from "@/components/vocabulary/badges";
import type { AppealAction } from "@/lib/rulings/lifecycle";
import type { AppealView } from "@/lib/rulings/views";
import { AnswerDialog, WithdrawDialog } from "./dialogs";
import { findingText } from "./words";

const VERBS: Record<AppealAction, string> = {
  uphold: "Uphold the finding",
  overturn: "Overturn the finding",
  withdraw: "Take back",
};

/** One appeal: who asks what, what was answered, and the moves that are open to the reader. */
export function AppealItem({ appeal, withFinding = false }: { appeal: AppealView; withFinding?: boolean }) {
  const { ref, status, reason, openedBy, openedAt, closedBy, closedAt, answer } = appeal;
  return (
    <Stack gap={4} component="article" aria-label={`Appeal ${ref}`}>
      <Group gap="xs">
        {withFinding ? (
          <Text size="sm" fw={600}>
            {ref}
          </Text>
        ) : (
          <LinkAnchor href={`/telemetry/appeals/${ref}`} fw={600}>
            {ref}
          </LinkAnchor>
        )}
        <WordBadge word={status} />
        {withFinding && (
          <LinkAnchor href={`/telemetry/decisions/${appeal.decisionId}`} underline="always">
            {findingText(appeal)}
          </LinkAnchor>
        )}
      </Group>
      <Text size="sm" style={{ overflowWrap: "anywhere" }}>
        {openedBy.name}, <Time at={openedAt} />: “{reason}”
      </Text>
      {closedBy && closedAt && (
        <Text size="sm" style={{ overflowWrap: "anywhere" }}>
          {closedBy.name}, <Time at={closedAt} />: {answer === null ? "taken back." : `“${answer}”`}
        </Text>
      )}
      <AppealMoves appeal={appeal} />
    </Stack>
  );
}

/** The moves of an appeal that the reader may make, each with its dialog. */
function AppealMoves({ appeal }: { appeal: AppealView }) {
  const [action, setAction] = useState<AppealAction | null>(null);
  const open = appeal.actions.filter(({ allowed }) => allowed);
  const close = () => setAction(null);
  if (open.length === 0 && action === null) return null;
  return (
    <Group gap="xs" className="no-print">
      {open.map(({ name }) => (
        <Button
          key={name}
          size="compact-sm"
          variant="default"
          aria-label={`${VERBS[name]}, ${appeal.ref}`}
          onClick={() => setAction(name)}
        >
          {VERBS[name]}
        </Button>
      ))}
      {action === "withdraw" && <WithdrawDialog appeal={appeal} onClose={close} />}
      {(action === "uphold" || action === "overturn") && (
        <AnswerDialog appeal={appeal} action={action} onClose={close} />
      )}
    </Group>
  );
}
