"use client";

import { Button, Group, Modal, Radio, Stack, Text, Textarea } from "@mantine/core";
import { useState } from "react";
import { z } from "zod";
import { controlTitle } from "@/components/telemetry/words";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { ANSWERS, type Answer } from "@/lib/rulings/lifecycle";
import { answerAppealSchema, keepCaseSchema, openAppealSchema, retireCaseSchema } from "@/lib/rulings/schema";
import type { AppealView, CaseView } from "@/lib/rulings/views";
import {
  useAnswerAppeal,
  useKeepCase,
  useOpenAppeal,
  useRetireCase,
  useRule,
  useWithdrawAppeal,
} from "./calls";
import { TextDialog } from "./text-dialog";
import { ANSWER_SENTENCE, answerEffect, findingText } from "./words";

/** The finding that a dialog is about. */
export interface Target {
  decisionId: string;
  control: string;
  /** Rulings on the screen. */
  seen: number;
}

interface FindingDialogProps {
  target: Target;
  onClose: () => void;
}

/** Rules on a finding that somebody picked: for the record, and no part of a rate. */
export function RuleDialog({ target, onClose }: FindingDialogProps) {
  const rule = useRule(onClose);
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [note, setNote] = useState("");
  const { decisionId, control, seen } = target;
  return (
    <Modal opened onClose={onClose} title={`Rule on ${controlTitle(control)}`} size="lg">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (answer) rule.mutate({ decisionId, control, seen, answer, note: note.trim() || null });
        }}
      >
        <Stack gap="sm">
          <Radio.Group
            label="Was this finding right?"
            withAsterisk
            value={answer}
            onChange={(value) => setAnswer(value as Answer)}
          >
            <Stack gap={6} mt={6}>
              {ANSWERS.map((value) => (
                <Radio key={value} value={value} label={ANSWER_SENTENCE[value]} />
              ))}
            </Stack>
          </Radio.Group>
          <Textarea
            label="Note"
            description="Why, for whoever reads it later."
            autosize
            minRows={2}
            maxLength={1000}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          <Text size="sm" c="dimmed">
            It was picked and not drawn, so it feeds no false-positive rate. It shows here, and can be kept as
            a case. A ruling stays; a later one takes its place.
          </Text>
          {rule.error && <ProblemAlert error={rule.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={rule.isPending} disabled={answer === null}>
              Rule
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

const reasonSchema = z.object({ text: openAppealSchema.shape.reason });
const noteSchema = z.object({ text: answerAppealSchema.shape.note });
const nameSchema = z.object({ text: keepCaseSchema.shape.name });
const retireSchema = z.object({ text: retireCaseSchema.shape.reason });

export function AppealDialog({ target, onClose }: FindingDialogProps) {
  const { decisionId, control } = target;
  const appeal = useOpenAppeal(onClose);
  return (
    <TextDialog
      title={`Appeal ${controlTitle(control)}`}
      schema={reasonSchema}
      label="Why was this finding wrong?"
      description="Whoever answers reads it beside the decision, and it stays in the record."
      verb="Appeal"
      send={{ ...appeal, mutate: (reason) => appeal.mutate({ decisionId, control, reason }) }}
      onClose={onClose}
    >
      <Text size="sm">
        A security lead or the risk owner rules on it and says why. Until then it counts as an open appeal,
        which keeps the control from being ready to enforce.
      </Text>
    </TextDialog>
  );
}

export function AnswerDialog({
  appeal,
  action,
  onClose,
}: {
  appeal: AppealView;
  action: "uphold" | "overturn";
  onClose: () => void;
}) {
  const answer = useAnswerAppeal(appeal, action, onClose);
  return (
    <TextDialog
      title={
        action === "uphold"
          ? `Uphold the finding of ${appeal.ref}?`
          : `Overturn the finding of ${appeal.ref}?`
      }
      schema={noteSchema}
      label="Why?"
      description="The person who appealed reads it."
      verb={action === "uphold" ? "Uphold the finding" : "Overturn the finding"}
      color={action === "uphold" ? "blue" : "orange.9"}
      send={{ ...answer, mutate: (note) => answer.mutate({ note }) }}
      onClose={onClose}
    >
      <Text size="sm" fw={600}>
        {findingText(appeal)}, on {appeal.useCase.name}
      </Text>
      <Text size="sm" style={{ overflowWrap: "anywhere" }}>
        {appeal.openedBy.name}: “{appeal.reason}”
      </Text>
      <Text size="sm">{answerEffect(action, appeal)}</Text>
    </TextDialog>
  );
}

export function WithdrawDialog({ appeal, onClose }: { appeal: AppealView; onClose: () => void }) {
  const withdraw = useWithdrawAppeal(appeal, onClose);
  return (
    <Modal opened onClose={onClose} title={`Take back ${appeal.ref}?`}>
      <Stack gap="sm">
        <Text size="sm">
          {findingText(appeal)}, on {appeal.useCase.name}. Nobody rules on it then; it stays in the record as
          taken back.
        </Text>
        {withdraw.error && <ProblemAlert error={withdraw.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button loading={withdraw.isPending} onClick={() => withdraw.mutate(undefined)}>
            Take back {appeal.ref}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

export function KeepDialog({ target, onClose }: FindingDialogProps) {
  const { decisionId, control } = target;
  const keep = useKeepCase(onClose);
  return (
    <TextDialog
      title={`Keep as a case of ${controlTitle(control)}`}
      schema={nameSchema}
      label="Name"
      description="What later readers know it by, such as “Help pages are no attack”."
      lines="one"
      verb="Keep as case"
      send={{ ...keep, mutate: (name) => keep.mutate({ decisionId, control, name }) }}
      onClose={onClose}
    >
      <Text size="sm">
        Kept are the facts of this request, no content, and what was ruled of it. Every later change of the
        use case is checked against it.
      </Text>
    </TextDialog>
  );
}

export function RetireDialog({ kept, onClose }: { kept: CaseView; onClose: () => void }) {
  const retire = useRetireCase(kept, onClose);
  return (
    <TextDialog
      title={`Retire ${kept.ref}?`}
      schema={retireSchema}
      label="Why is it not needed any more?"
      verb={`Retire ${kept.ref}`}
      color="orange.9"
      send={{ ...retire, mutate: (reason) => retire.mutate({ reason }) }}
      onClose={onClose}
    >
      <Text size="sm" fw={600}>
        {kept.name}
      </Text>
      <Text size="sm">
        Changes of {kept.useCase.name} are no longer checked against it. It stays in the record.
      </Text>
    </TextDialog>
  );
}
