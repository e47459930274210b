"use client";

import { Button, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { schemaResolver, useForm } from "@mantine/form";
import type { ReactNode } from "react";
import { ApiProblem } from "@/components/api";
import { InstantInput } from "@/components/ui/instant-input";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { Time } from "@/components/ui/time";
import {
  approveExceptionSchema,
  endExceptionSchema,
  rejectExceptionSchema,
  reviewExceptionSchema,
  shortenExceptionSchema,
  withdrawExceptionSchema,
} from "@/lib/exceptions/schema";
import type { ExceptionView } from "@/lib/exceptions/views";
import { type Move, useMove, usePreview, useUsage } from "./calls";
import { ExceptionTermsSummary } from "./terms-summary";
import { lapseText, sparedText, withoutText } from "./words";

export interface MoveDialogProps {
  exception: ExceptionView;
  onClose: () => void;
}

/** Approves exactly the terms that stand in the dialog: their digest goes with the approval. */
export function ApproveDialog({ exception, onClose }: MoveDialogProps) {
  const form = useForm({
    initialValues: { note: "", termsDigest: exception.termsDigest },
    validate: schemaResolver(approveExceptionSchema, { sync: true }),
  });
  return (
    <MoveDialog
      exception={exception}
      onClose={onClose}
      title={`Approve ${exception.ref}?`}
      confirm={`Approve ${exception.ref}`}
      onConfirm={(send) => form.onSubmit((json) => send({ action: "approve", json }))}
      busyProps={{ color: "green" }}
    >
      <Effect exception={exception} />
      <Text size="sm">
        The decision points spare these controls from the start on. After the expiry the controls act again by
        themselves.
      </Text>
      <Textarea label="Note (optional)" autosize minRows={2} data-autofocus {...form.getInputProps("note")} />
    </MoveDialog>
  );
}

/** The measured effect, in the dialog's own words. */
function Effect({ exception }: { exception: ExceptionView }) {
  const { data } = usePreview(exception);
  if (!data) return null;
  return (
    <Text size="sm">
      <b>{sparedText(data)}</b> {withoutText(data)}
    </Text>
  );
}

/** What ends with it, measured. */
function Lapse({ exception }: { exception: ExceptionView }) {
  const { data } = useUsage(exception, exception.status === "approved");
  if (!data?.forecast) return null;
  return (
    <Text size="sm">
      <b>{lapseText(data.forecast)}</b>
    </Text>
  );
}

/** A renewal goes on by itself when what it renews is ended. */
function RenewalNote({ exception }: { exception: ExceptionView }) {
  const own = exception.chain.links.findIndex(({ own }) => own);
  const next = exception.chain.links
    .slice(own + 1)
    .find(({ state }) => ["scheduled", "in_force", "review_overdue"].includes(state));
  if (!next) return null;
  return <Text size="sm">{next.ref} renews it and is approved: it stays until it is revoked itself.</Text>;
}

const REASONED = {
  reject: {
    verb: "Reject",
    label: "Why is it rejected?",
    effect: "The requester reads why on this page. It cannot be taken back: a new request would be needed.",
  },
  withdraw: {
    verb: "Withdraw",
    label: "Reason (optional)",
    effect: "Nobody can decide on it any more. It stays in the register.",
  },
  revoke: {
    verb: "Revoke",
    label: "Why is it revoked?",
    effect: "It stops sparing at once, and cannot be taken back.",
  },
  retire: {
    verb: "Retire",
    label: "Why is it no longer needed?",
    effect: "It stops sparing at once, and cannot be taken back.",
  },
} as const;

const REASON_SCHEMAS = { reject: "note", withdraw: "reason", revoke: "reason", retire: "reason" } as const;

/** Rejects, withdraws, revokes or retires, with a reason. */
export function ReasonDialog({
  exception,
  onClose,
  action,
}: MoveDialogProps & { action: keyof typeof REASONED }) {
  const { verb, label, effect } = REASONED[action];
  const form = useForm({
    initialValues: { reason: "" },
    validate: { reason: (text) => reasonProblem(action, text) },
  });
  const moveOf = (reason: string): Move =>
    action === "reject" ? { action, json: { note: reason } } : { action, json: { reason } };
  return (
    <MoveDialog
      exception={exception}
      onClose={onClose}
      title={`${verb} ${exception.ref}?`}
      confirm={`${verb} ${exception.ref}`}
      onConfirm={(send) => form.onSubmit(({ reason }) => send(moveOf(reason)))}
      busyProps={{ color: "red.9" }}
    >
      {(action === "revoke" || action === "retire") && <Lapse exception={exception} />}
      <Text size="sm">{effect}</Text>
      {action === "revoke" && <RenewalNote exception={exception} />}
      <Textarea
        label={label}
        autosize
        minRows={2}
        required={action !== "withdraw"}
        data-autofocus
        {...form.getInputProps("reason")}
      />
    </MoveDialog>
  );
}

function reasonProblem(action: keyof typeof REASONED, text: string): string | null {
  const schema =
    action === "reject"
      ? rejectExceptionSchema
      : action === "withdraw"
        ? withdrawExceptionSchema
        : endExceptionSchema;
  const parsed = schema.safeParse({ [REASON_SCHEMAS[action]]: text });
  return parsed.success ? null : (parsed.error.issues[0]?.message ?? null);
}

/** Records that somebody looked at it again, and when that is due next. */
export function ReviewDialog({ exception, onClose }: MoveDialogProps) {
  const form = useForm({
    initialValues: { note: "", nextReviewAt: exception.expiresAt },
    validate: schemaResolver(reviewExceptionSchema, { sync: true }),
  });
  return (
    <MoveDialog
      exception={exception}
      onClose={onClose}
      title={`Review ${exception.ref}`}
      confirm="Record the review"
      onConfirm={(send) => form.onSubmit((json) => send({ action: "review", json }))}
    >
      <Textarea
        label="What did you find?"
        description="Is it still needed, do the compensating controls hold?"
        autosize
        minRows={2}
        required
        data-autofocus
        {...form.getInputProps("note")}
      />
      <InstantInput
        label="Next review due"
        description="Not after the expiry"
        {...form.getInputProps("nextReviewAt")}
      />
    </MoveDialog>
  );
}

/** Makes it end earlier. */
export function ShortenDialog({ exception, onClose }: MoveDialogProps) {
  const form = useForm({
    initialValues: { reason: "", expiresAt: exception.expiresAt },
    validate: (values) => ({
      ...schemaResolver(shortenExceptionSchema, { sync: true })(values),
      ...(Date.parse(values.expiresAt) >= Date.parse(exception.expiresAt)
        ? { expiresAt: "must be earlier than the expiry that it has" }
        : {}),
    }),
  });
  return (
    <MoveDialog
      exception={exception}
      onClose={onClose}
      title={`Shorten ${exception.ref}?`}
      confirm={`Shorten ${exception.ref}`}
      onConfirm={(send) => form.onSubmit((json) => send({ action: "shorten", json }))}
    >
      <Lapse exception={exception} />
      <Text size="sm">
        It ends at the new expiry, everywhere at once. That cannot be taken back: a renewal would be needed.
      </Text>
      <InstantInput
        label="New expiry"
        description="Earlier than the one it has"
        {...form.getInputProps("expiresAt")}
      />
      <Textarea
        label="Why is it shortened?"
        autosize
        minRows={2}
        required
        {...form.getInputProps("reason")}
      />
    </MoveDialog>
  );
}

interface FrameProps extends MoveDialogProps {
  title: string;
  confirm: string;
  onConfirm: (send: (move: Move) => void) => (event: React.FormEvent<HTMLFormElement>) => void;
  busyProps?: { color: string };
  children: ReactNode;
}

/** What every dialog shares: it names the object, its scope, who owns the risk and the expiry. */
function MoveDialog({ exception, onClose, title, confirm, onConfirm, busyProps, children }: FrameProps) {
  const move = useMove(exception, onClose);
  const overtaken = move.error instanceof ApiProblem && move.error.code === "conflict";
  const last = exception.timeline.at(-1);
  return (
    <Modal opened onClose={onClose} title={title} size="lg">
      <form onSubmit={onConfirm(move.mutate)} noValidate>
        <Stack gap="sm">
          <ExceptionTermsSummary exception={exception} />
          {children}
          {move.error && <ProblemAlert error={move.error} />}
          {overtaken && last && (
            <Text size="sm">
              {last.person} was first: {last.action}, <Time at={last.at} />.
            </Text>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {overtaken ? "Close" : "Cancel"}
            </Button>
            {!overtaken && (
              <Button type="submit" loading={move.isPending} {...busyProps}>
                {confirm}
              </Button>
            )}
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
