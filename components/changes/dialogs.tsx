"use client";

import { Alert, Button, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { schemaResolver, useForm } from "@mantine/form";
import type { FormEvent, ReactNode } from "react";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { WordBadge } from "@/components/vocabulary/badges";
import { approveChangeSchema, rejectChangeSchema, withdrawChangeSchema } from "@/lib/changes/schema";
import type { ChangeView } from "@/lib/changes/views";
import { type Move, saysMoved, useChangeMove } from "./calls";
import { effectSentence } from "./impact";
import { stageText, subjectText } from "./words";

export interface ChangeDialogProps {
  change: ChangeView;
  onClose: () => void;
  /** Told when the server refused because the change had moved on. */
  onMoved: () => void;
}

/** Approves exactly what stood on the page when the dialog opened: both digests go with it. */
export function ApproveDialog(props: ChangeDialogProps) {
  const { change } = props;
  const form = useForm({
    initialValues: {
      note: "",
      proposalDigest: change.proposalDigest,
      evidenceDigest: change.evidenceDigest ?? "",
    },
    validate: schemaResolver(approveChangeSchema, { sync: true }),
  });
  return (
    <Dialog
      {...props}
      title={`Approve ${change.ref}?`}
      confirm={`Approve ${change.ref}`}
      onConfirm={(send) => form.onSubmit((json) => send({ action: "approve", json }))}
    >
      <Textarea label="Note (optional)" autosize minRows={2} {...form.getInputProps("note")} />
    </Dialog>
  );
}

export function RejectDialog(props: ChangeDialogProps) {
  const form = useForm({
    initialValues: { note: "" },
    validate: schemaResolver(rejectChangeSchema, { sync: true }),
  });
  return (
    <Dialog
      {...props}
      title={`Reject ${props.change.ref}?`}
      confirm={`Reject ${props.change.ref}`}
      color="red.9"
      onConfirm={(send) => form.onSubmit((json) => send({ action: "reject", json }))}
    >
      <Text size="sm">It cannot be approved afterwards; the requester can propose again.</Text>
      <Textarea label="Why is it rejected?" autosize minRows={2} {...form.getInputProps("note")} />
    </Dialog>
  );
}

export function WithdrawDialog(props: ChangeDialogProps) {
  const form = useForm({
    initialValues: { reason: "" },
    validate: schemaResolver(withdrawChangeSchema, { sync: true }),
  });
  return (
    <Dialog
      {...props}
      title={`Withdraw ${props.change.ref}?`}
      confirm={`Withdraw ${props.change.ref}`}
      color="red.9"
      onConfirm={(send) => form.onSubmit((json) => send({ action: "withdraw", json }))}
    >
      <Text size="sm">Nobody can approve or apply it any more. It stays in the register.</Text>
      <Textarea label="Reason (optional)" autosize minRows={2} {...form.getInputProps("reason")} />
    </Dialog>
  );
}

/** Submits or applies: nothing to fill in, only to be sure. */
export function PlainDialog({ action, ...props }: ChangeDialogProps & { action: "submit" | "apply" }) {
  const { ref, subject, currentVersion } = props.change;
  const words = {
    submit: {
      verb: "Submit",
      effect: "After that, the people of its seats can decide on it.",
    },
    apply: {
      verb: "Apply",
      effect: `It becomes version ${currentVersion + 1} of ${subjectText(subject)}, in force on every decision point within a second.`,
    },
  }[action];
  return (
    <Dialog
      {...props}
      title={`${words.verb} ${ref}?`}
      confirm={`${words.verb} ${ref}`}
      onConfirm={(send) => (event) => {
        event.preventDefault();
        send({ action });
      }}
    >
      <Text size="sm">{words.effect}</Text>
    </Dialog>
  );
}

interface FrameProps extends ChangeDialogProps {
  title: string;
  confirm: string;
  color?: string;
  onConfirm: (send: (move: Move) => void) => (event: FormEvent<HTMLFormElement>) => void;
  children: ReactNode;
}

/** What every dialog shares: it names the change, its scope and its measured effect. */
function Dialog({ change, onClose, onMoved, title, confirm, color, onConfirm, children }: FrameProps) {
  const move = useChangeMove(change, onClose);
  const onError = (error: Error) => {
    if (!saysMoved(error)) return;
    onClose();
    onMoved();
  };
  const send = (wanted: Move) => move.mutate(wanted, { onError });
  return (
    <Modal opened onClose={onClose} title={title} size="lg">
      <form onSubmit={onConfirm(send)} noValidate>
        <Stack gap="sm">
          <ChangeSummaryBox change={change} />
          {children}
          {move.error && !saysMoved(move.error) && <ProblemAlert error={move.error} />}
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

function ChangeSummaryBox({ change }: { change: ChangeView }) {
  const { subject, useCase, moves, direction, stage, evidence } = change;
  return (
    <Alert variant="light" color="gray" icon={false}>
      <Text size="sm" component="div">
        <b>{subject.title}</b>
        {useCase && ` (tier ${useCase.tier})`}: {moves.length} {moves.length === 1 ? "field" : "fields"},{" "}
        <WordBadge word={direction} />
        {stage && `, stage ${stageText(stage)}`}.
      </Text>
      <Text size="sm" mt={4}>
        {evidence?.impact
          ? effectSentence(evidence.impact)
          : "Its effect on recorded traffic is measured when it is submitted."}
      </Text>
    </Alert>
  );
}
