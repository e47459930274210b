"use client";

import { Button, Group, List, Modal, Stack, Text, Textarea } from "@mantine/core";
import { schemaResolver, useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, fetched } from "@/components/api";
import { InstantInput } from "@/components/ui/instant-input";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { Time } from "@/components/ui/time";
import type { CampaignItemView } from "@/lib/campaigns/views";
import { type ReviewManyInput, reviewManySchema } from "@/lib/exceptions/schema";
import type { ReviewedView } from "@/lib/exceptions/views";
import { scopeText } from "./words";

/** What a campaign is answered with. */
export type Verdict = ReviewManyInput["verdict"];

interface ReviewManyDialogProps {
  verdict: Verdict;
  items: readonly CampaignItemView[];
  nextReviewAt: string;
  onClose: () => void;
  onDone: (results: ReviewedView[]) => void;
}

const SHOWN = 8;
const number = (n: number) => n.toLocaleString("en-GB");

const WORDS = {
  keep: {
    verb: "Keep",
    effect: "Each goes on until its expiry, and was looked at again.",
    label: "What did you find?",
  },
  shorten: {
    verb: "Shorten",
    effect: "Each goes on until the new expiry and not longer, and that cannot be taken back.",
    label: "Why are they shortened?",
  },
  revoke: {
    verb: "Revoke",
    effect: "Each stops sparing at once, and that cannot be taken back.",
    label: "Why are they revoked?",
  },
} as const satisfies Record<Verdict, { verb: string; effect: string; label: string }>;

/** Keeps, shortens or revokes several exceptions with one note. Names each, and how much they spared. */
export function ReviewManyDialog({ verdict, items, nextReviewAt, onClose, onDone }: ReviewManyDialogProps) {
  const client = useQueryClient();
  const { verb, effect, label } = WORDS[verdict];
  const firstEnd = items.map(({ exception }) => exception.expiresAt).sort()[0] ?? "";
  const form = useForm({
    initialValues: {
      exceptions: items.map(({ exception }) => exception.id),
      verdict,
      note: "",
      ...(verdict === "keep" ? { nextReviewAt } : {}),
      ...(verdict === "shorten" ? { expiresAt: firstEnd } : {}),
    },
    validate: schemaResolver(reviewManySchema, { sync: true }),
  });
  const decide = useMutation({
    mutationFn: (json: ReviewManyInput) => fetched(api.exceptions["review-many"].$post({ json })),
    onSuccess: (results) => {
      client.invalidateQueries({ queryKey: ["exceptions"] });
      client.invalidateQueries({ queryKey: ["exception"] });
      onDone(results);
    },
  });
  const things = items.length === 1 ? "1 exception" : `${items.length} exceptions`;
  const used = items.reduce((sum, { exception }) => sum + exception.used, 0);
  return (
    <Modal opened onClose={onClose} title={`${verb} ${things}?`} size="lg">
      <form onSubmit={form.onSubmit((values) => decide.mutate(values as ReviewManyInput))} noValidate>
        <Stack gap="sm">
          <List size="sm">
            {items.slice(0, SHOWN).map(({ exception }) => (
              <List.Item key={exception.id}>
                {exception.ref}, {exception.useCase.name}:{" "}
                {exception.controls.map(({ title }) => title).join(", ")}, only for{" "}
                {scopeText(exception.scope) ?? "the whole use case"}; spared {number(exception.used)}
                {verdict === "shorten" && (
                  <>
                    ; expires <Time at={exception.expiresAt} />
                  </>
                )}
              </List.Item>
            ))}
          </List>
          {items.length > SHOWN && <Text size="sm">and {items.length - SHOWN} more.</Text>}
          <Text size="sm">
            {effect} Together they have spared {number(used)} decisions.
          </Text>
          <Textarea
            label={label}
            description="Stands in the record of each"
            autosize
            minRows={2}
            {...form.getInputProps("note")}
          />
          {verdict === "shorten" && (
            <InstantInput
              label="New expiry"
              description="Ahead, and earlier than the expiry of each"
              {...form.getInputProps("expiresAt")}
            />
          )}
          {verdict === "keep" && (
            <InstantInput
              label="Next review due"
              description="One that expires earlier is due at its expiry"
              {...form.getInputProps("nextReviewAt")}
            />
          )}
          {decide.error && <ProblemAlert error={decide.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button
              type="submit"
              loading={decide.isPending}
              {...(verdict === "revoke" ? { color: "red.9" } : {})}
            >
              {verb} {things}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
