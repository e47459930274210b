"use client";

import { Text } from "@mantine/core";
import { Time } from "@/components/ui/time";
import { WordBadge } from "@/components/vocabulary/badges";
import type { MailView, WebhookDeliveryView } from "@/lib/notify/views";

const WORDS = {
  waiting: { word: "pending", text: "waiting" },
  done: { word: "granted", text: "delivered" },
  dead: { word: "denied", text: "given up" },
} as const;

/** What lists of mails and deliveries are filtered by. */
export const DELIVERY_STATES = [
  { value: "waiting", label: "Waiting" },
  { value: "done", label: "Delivered" },
  { value: "dead", label: "Given up" },
];

/** Where a mail or a delivery stands, and why its last attempt failed. */
export function DeliveryState({ delivery }: { delivery: MailView | WebhookDeliveryView }) {
  const { state, attempts, nextAttemptAt, problem } = delivery;
  const isRetried = state === "waiting" && attempts > 0 && nextAttemptAt !== null;
  return (
    <>
      <WordBadge word={WORDS[state].word}>{WORDS[state].text}</WordBadge>
      {attempts > 1 && (
        <Text span size="xs" c="dimmed" ml={6}>
          {attempts} attempts
        </Text>
      )}
      {(problem || isRetried) && (
        <Text size="xs" miw={260}>
          {problem}{" "}
          {isRetried && (
            <Text span inherit c="dimmed">
              Next attempt <Time at={nextAttemptAt} seconds />
            </Text>
          )}
        </Text>
      )}
    </>
  );
}
