"use client";

import { Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, fetched } from "@/components/api";
import { DialogForm } from "@/components/people/person-dialogs";
import type { NewSecretView, WebhookView } from "@/lib/notify/views";

interface ConfirmProps {
  webhook: WebhookView;
  onClose: () => void;
}

/** Ends a webhook. */
export function RemoveDialog({ webhook, onClose }: ConfirmProps) {
  const client = useQueryClient();
  const { id, url, waiting } = webhook;
  const remove = useMutation({
    mutationFn: () => fetched(api.webhooks[":id"].remove.$post({ param: { id } })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["webhooks"] });
      onClose();
    },
  });
  return (
    <DialogForm
      title="Remove the webhook?"
      confirm="Remove the webhook"
      color="red.9"
      onClose={onClose}
      onSubmit={(event) => {
        event?.preventDefault();
        remove.mutate();
      }}
      busy={remove.isPending}
      error={remove.error}
    >
      <Text size="sm">
        {url} is told nothing any more and its secret is deleted. {waitingText(waiting)} What was delivered
        stays in the list.
      </Text>
    </DialogForm>
  );
}

function waitingText(waiting: number): string {
  if (waiting === 0) return "Nothing is on its way to it.";
  return waiting === 1
    ? "One delivery on its way is given up."
    : `${waiting} deliveries on their way are given up.`;
}

/** Gives a webhook a new secret. */
export function RotateDialog({
  webhook,
  onClose,
  onRotated,
}: ConfirmProps & { onRotated: (webhook: NewSecretView) => void }) {
  const client = useQueryClient();
  const { id, url } = webhook;
  const rotate = useMutation({
    mutationFn: () => fetched(api.webhooks[":id"].rotate.$post({ param: { id } })),
    onSuccess: async (after) => {
      await client.invalidateQueries({ queryKey: ["webhooks"] });
      onRotated(after);
    },
  });
  return (
    <DialogForm
      title="Rotate the secret?"
      confirm="Rotate the secret"
      onClose={onClose}
      onSubmit={(event) => {
        event?.preventDefault();
        rotate.mutate();
      }}
      busy={rotate.isPending}
      error={rotate.error}
    >
      <Text size="sm">
        {url} gets a new secret, shown once. For 24 hours each message is signed with both, so that nothing is
        missed while the other side changes it.
      </Text>
    </DialogForm>
  );
}
