"use client";

import { Alert, Button, Group, Modal, Stack, Text } from "@mantine/core";
import type { FormEvent, ReactNode, RefObject } from "react";
import { ApiProblem } from "@/components/api";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { WordBadge } from "@/components/vocabulary/badges";
import type { ChangeView } from "@/lib/changes/views";
import { type Move, saysMoved, useChangeMove } from "./calls";
import { effectSentence } from "./impact";
import { stageText } from "./words";

export interface ChangeDialogProps {
  change: ChangeView;
  onClose: () => void;
  /** Told when the server refused because the change had moved on. */
  onMoved: () => void;
  /** What was last typed as a note on a verdict: it is there again after such a refusal. */
  note: RefObject<string>;
}

interface FrameProps extends ChangeDialogProps {
  /** Told what came of it. */
  onDone?: (after: ChangeView) => void;
  /** Told which fields the server refused, by path: they then say so themselves. */
  onFields?: (problems: Record<string, string>) => void;
  title: string;
  confirm: string;
  color?: string;
  onConfirm: (send: (move: Move) => void) => (event: FormEvent<HTMLFormElement>) => void;
  children: ReactNode;
}

/** What every dialog of a change shares: it names the change, its scope and its measured effect. */
export function Dialog({
  change,
  onClose,
  onMoved,
  onDone,
  onFields,
  title,
  confirm,
  color,
  onConfirm,
  children,
}: FrameProps) {
  const move = useChangeMove(change, (after) => {
    onClose();
    onDone?.(after);
  });
  const onError = (error: Error) => {
    onFields?.(fieldProblems(error));
    if (!saysMoved(error)) return;
    onClose();
    onMoved();
  };
  const isShown = (error: Error) => onFields !== undefined && Object.keys(fieldProblems(error)).length > 0;
  const send = (wanted: Move) => move.mutate(wanted, { onError });
  return (
    <Modal opened onClose={onClose} title={title} size="lg">
      <form onSubmit={onConfirm(send)} noValidate>
        <Stack gap="sm">
          <ChangeSummaryBox change={change} />
          {children}
          {move.error && !saysMoved(move.error) && !isShown(move.error) && (
            <ProblemAlert error={move.error} />
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={move.isPending} {...(color ? { color } : {})}>
              {confirm}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function fieldProblems(error: Error): Record<string, string> {
  const fields = error instanceof ApiProblem ? error.fields : [];
  return Object.fromEntries(fields.map(({ path, message }) => [path, message]));
}

function ChangeSummaryBox({ change }: { change: ChangeView }) {
  const { subject, useCase, moves, direction, stage } = change;
  return (
    <Alert variant="light" color="gray" icon={false}>
      <Text size="sm" component="div">
        <b>{subject.title}</b>
        {useCase && ` (tier ${useCase.tier})`}: {moves.length} {moves.length === 1 ? "field" : "fields"},{" "}
        <WordBadge word={direction} />
        {stage && `, stage ${stageText(stage)}`}.
      </Text>
      <Text size="sm" mt={4}>
        {effectOf(change)}
      </Text>
    </Alert>
  );
}

function effectOf({ subject, evidence }: ChangeView): string {
  if (subject.kind === "setting") return "A setting changes no recorded decision.";
  if (evidence === null)
    return "Its effect on recorded traffic is not measured yet: that is done as it is submitted or applied.";
  if (evidence.impact) return effectSentence(evidence.impact);
  if (evidence.floorImpact) return effectSentence(evidence.floorImpact.sum);
  return `Its effect was not measured${evidence.notMeasured ? `: ${evidence.notMeasured}` : "."}`;
}
