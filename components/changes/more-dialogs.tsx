"use client";

import { MultiSelect, Radio, Stack, Text, Textarea } from "@mantine/core";
import { schemaResolver, useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { api, fetched } from "@/components/api";
import { InstantInput } from "@/components/ui/instant-input";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { Time } from "@/components/ui/time";
import {
  askReviewersSchema,
  breakGlassSchema,
  type ReviewChangeInput,
  reviewChangeSchema,
  rollBackChangeSchema,
  scheduleChangeSchema,
} from "@/lib/changes/schema";
import { type ChangeDialogProps, Dialog } from "./dialog";
import { subjectText } from "./words";

/** Sets the time at which it is applied by itself. */
export function ScheduleDialog(props: ChangeDialogProps) {
  const { ref, scheduledFor } = props.change;
  const form = useForm({
    initialValues: { at: scheduledFor ?? "" },
    validate: schemaResolver(scheduleChangeSchema, { sync: true }),
  });
  return (
    <Dialog
      {...props}
      title={`Schedule ${ref}?`}
      confirm={`Schedule ${ref}`}
      onConfirm={(send) => form.onSubmit((json) => send({ action: "schedule", json }))}
      onFields={form.setErrors}
    >
      <InstantInput
        label="Apply it at"
        description="In your time zone, within 90 days, outside freeze windows."
        required
        {...form.getInputProps("at")}
      />
      <Text size="sm">
        If its approvals no longer count at that moment, or the policy has moved, it is suspended instead.
      </Text>
    </Dialog>
  );
}

/** Proposes what stood before, and opens that change. */
export function RollBackDialog(props: ChangeDialogProps) {
  const router = useRouter();
  const { ref, subject } = props.change;
  const form = useForm({
    initialValues: { reason: "" },
    validate: schemaResolver(rollBackChangeSchema, { sync: true }),
  });
  return (
    <Dialog
      {...props}
      title={`Roll ${ref} back?`}
      confirm={`Propose to roll ${ref} back`}
      onConfirm={(send) => form.onSubmit((json) => send({ action: "roll_back", json }))}
      onDone={(after) => router.push(`/changes/${after.ref}`)}
    >
      <Text size="sm">
        A new change is submitted, with {subjectText(subject)} as it was before {ref}. It needs its own seats.
      </Text>
      <Textarea label="Why?" autosize minRows={2} required data-autofocus {...form.getInputProps("reason")} />
    </Dialog>
  );
}

/** Applies at once, without its seats. */
export function BreakGlassDialog(props: ChangeDialogProps) {
  const { ref, subject, currentVersion, reviewHours } = props.change;
  const form = useForm({
    initialValues: { reason: "" },
    validate: schemaResolver(breakGlassSchema, { sync: true }),
  });
  return (
    <Dialog
      {...props}
      title={`Break glass: apply ${ref} without its seats?`}
      confirm={`Break glass and apply ${ref}`}
      color="red.9"
      onConfirm={(send) => form.onSubmit((json) => send({ action: "break_glass", json }))}
    >
      <Text size="sm">
        It becomes version {currentVersion + 1} of {subjectText(subject)} at once, and everyone concerned is
        told. Somebody else must review it within {reviewHours} hours; otherwise it steps back by itself.
      </Text>
      <Textarea
        label="Why can it not wait?"
        description="At least 20 characters. It stays in the record."
        autosize
        minRows={2}
        required
        data-autofocus
        {...form.getInputProps("reason")}
      />
    </Dialog>
  );
}

/** Looks at what broke the glass: it stays, or it steps back at once. */
export function ReviewDialog(props: ChangeDialogProps) {
  const { ref, brokenGlass } = props.change;
  const form = useForm<ReviewChangeInput>({
    initialValues: { verdict: "upheld", note: "" },
    validate: schemaResolver(reviewChangeSchema, { sync: true }),
  });
  return (
    <Dialog
      {...props}
      title={`Review ${ref}`}
      confirm={`Record the review of ${ref}`}
      onConfirm={(send) => form.onSubmit((json) => send({ action: "review", json }))}
    >
      {brokenGlass && (
        <Text size="sm">
          {brokenGlass.by?.name} broke the glass. It steps back by itself <Time at={brokenGlass.dueAt} />.
        </Text>
      )}
      <Radio.Group label="What becomes of it?" {...form.getInputProps("verdict")}>
        <Stack gap={4} mt={4}>
          <Radio value="upheld" label="It was right: it stays" />
          <Radio value="stepped_back" label="It steps back now" />
        </Stack>
      </Radio.Group>
      <Textarea label="What did you find?" autosize minRows={2} required {...form.getInputProps("note")} />
    </Dialog>
  );
}

/** Asks people by name to look at it. */
export function ReviewersDialog(props: ChangeDialogProps) {
  const { ref, reviewers, requestedBy } = props.change;
  const people = useQuery({
    queryKey: ["people", "active"],
    queryFn: () => fetched(api.people.$get({ query: { limit: "200", active: "true" } })),
  });
  const form = useForm<{ personIds: string[] }>({
    initialValues: { personIds: [] },
    validate: schemaResolver(askReviewersSchema, { sync: true }),
  });
  const asked = new Set([...reviewers.map(({ person }) => person.id), requestedBy?.id]);
  const choices = (people.data?.items ?? []).filter(({ id, roles }) => roles.length > 0 && !asked.has(id));
  return (
    <Dialog
      {...props}
      title={`Ask people to look at ${ref}`}
      confirm="Ask them"
      onConfirm={(send) => form.onSubmit((json) => send({ action: "ask_reviewers", json }))}
    >
      {people.error && <ProblemAlert error={people.error} onRetry={() => people.refetch()} />}
      <MultiSelect
        label="People"
        description="They are told, and it stands in their queue. It gives them no power over it."
        data={choices.map(({ id, name }) => ({ value: id, label: name }))}
        searchable
        {...form.getInputProps("personIds")}
      />
    </Dialog>
  );
}
