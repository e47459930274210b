"use client";

import { Button, Group, Stack, Text, Textarea, Timeline } from "@mantine/core";
import { useForm } from "@mantine/form";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { Time } from "@/components/ui/time";
import { WordBadge } from "@/components/vocabulary/badges";
import type { ChangeView } from "@/lib/changes/views";
import { useChangeMove } from "./calls";
import { type Together, togetherOf } from "./words";

/** What happened, oldest first, and a place to say something. */
export function ChangeTimeline({ change }: { change: ChangeView }) {
  const mayComment = change.actions.some(({ name, allowed }) => name === "comment" && allowed);
  return (
    <Stack gap="md">
      <Timeline bulletSize={12} lineWidth={2} active={change.timeline.length}>
        {togetherOf(change.timeline).map((item) => (
          <Timeline.Item key={`${item.at}-${item.action}-${item.person}-${item.text}`}>
            <Entry item={item} />
          </Timeline.Item>
        ))}
      </Timeline>
      {mayComment && <CommentForm change={change} />}
    </Stack>
  );
}

function Entry({ item }: { item: Together }) {
  return (
    <>
      <Group gap={6}>
        <Text size="sm">
          <b>{item.person}</b> {actionText(item)}, <Time at={item.at} />
        </Text>
        {item.stale && <WordBadge word="conflicted">no longer counts</WordBadge>}
      </Group>
      {item.text && (
        <Text size="sm" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
          {item.text}
        </Text>
      )}
    </>
  );
}

const ACTIONS: Record<string, string> = {
  broke_glass: "broke the glass and applied it",
  reviewers_requested: "asked people to look at it",
  rolled_back: "proposed to take it back",
  measured: "measured it anew",
  commented: "commented",
  accepted: "accepted a condition of readiness",
  stepped_back: "stepped back",
  stepped_down: "stepped down",
};

function actionText({ action, times }: Together): string {
  if (action === "accepted" && times > 1) return `accepted ${times} conditions of readiness`;
  return ACTIONS[action] ?? `${action} it`;
}

function CommentForm({ change }: { change: ChangeView }) {
  const form = useForm({
    initialValues: { text: "" },
    // The schema's library is larger than the page: whatever else it refuses, the server says.
    validate: { text: (text) => (text.trim() === "" ? "must not be empty" : null) },
  });
  const move = useChangeMove(change, () => form.reset());
  return (
    <form
      className="no-print"
      noValidate
      onSubmit={form.onSubmit((json) => move.mutate({ action: "comment", json }))}
    >
      <Textarea label="Comment" autosize minRows={2} maxRows={10} {...form.getInputProps("text")} />
      {move.error && <ProblemAlert error={move.error} />}
      <Button mt="xs" size="xs" type="submit" variant="default" loading={move.isPending}>
        Comment on {change.ref}
      </Button>
    </form>
  );
}
