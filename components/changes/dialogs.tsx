"use client";

import { Text, Textarea } from "@mantine/core";
import { schemaResolver, useForm } from "@mantine/form";
import { approveChangeSchema, rejectChangeSchema, withdrawChangeSchema } from "@/lib/changes/schema";
import { type ChangeDialogProps, Dialog } from "./dialog";
import { subjectText } from "./words";

/** Approves exactly what stood on the page when the dialog opened: both digests go with it. */
export function ApproveDialog(props: ChangeDialogProps) {
  const { change, note } = props;
  const form = useForm({
    initialValues: {
      note: note.current,
      proposalDigest: change.proposalDigest,
      evidenceDigest: change.evidenceDigest ?? "",
    },
    validate: schemaResolver(approveChangeSchema, { sync: true }),
    onValuesChange: (values) => {
      note.current = values.note;
    },
  });
  return (
    <Dialog
      {...props}
      title={`Approve ${change.ref}?`}
      confirm={`Approve ${change.ref}`}
      onConfirm={(send) => form.onSubmit((json) => send({ action: "approve", json }))}
    >
      <Textarea label="Note (optional)" autosize minRows={2} data-autofocus {...form.getInputProps("note")} />
    </Dialog>
  );
}

export function RejectDialog(props: ChangeDialogProps) {
  const { note } = props;
  const form = useForm({
    initialValues: { note: note.current },
    validate: schemaResolver(rejectChangeSchema, { sync: true }),
    onValuesChange: (values) => {
      note.current = values.note;
    },
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
      <Textarea
        label="Why is it rejected?"
        autosize
        minRows={2}
        required
        data-autofocus
        {...form.getInputProps("note")}
      />
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
      <Textarea
        label="Reason (optional)"
        autosize
        minRows={2}
        data-autofocus
        {...form.getInputProps("reason")}
      />
    </Dialog>
  );
}

type PlainAction = "submit" | "apply" | "measure" | "unschedule";

/** Nothing to fill in, only to be sure. */
export function PlainDialog({ action, ...props }: ChangeDialogProps & { action: PlainAction }) {
  const { ref, subject, currentVersion } = props.change;
  const { title, effect } = {
    submit: {
      title: `Submit ${ref}`,
      effect:
        subject.kind === "setting"
          ? "After that, the people of its seats can decide on it."
          : "Its effect on the traffic of the last 30 days is measured, which may take some seconds. After that, the people of its seats can decide on it.",
    },
    apply: {
      title: `Apply ${ref}`,
      effect: `It becomes version ${currentVersion + 1} of ${subjectText(subject)}, in force on every decision point within a second.`,
    },
    measure: {
      title: `Measure ${ref} anew`,
      effect:
        "Impact and readiness are measured up to now. Approvals and acceptances of what was measured before stop counting.",
    },
    unschedule: {
      title: `Take ${ref} off the schedule`,
      effect: "It stays approved, and can be applied or scheduled again.",
    },
  }[action];
  return (
    <Dialog
      {...props}
      title={`${title}?`}
      confirm={title}
      onConfirm={(send) => (event) => {
        event.preventDefault();
        send({ action });
      }}
    >
      <Text size="sm">{effect}</Text>
    </Dialog>
  );
}
