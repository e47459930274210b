"use client";

import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { Copyable } from "@/components/ui/copyable";
import { Time } from "@/components/ui/time";
import type { NewSecretView } from "@/lib/notify/views";

/** The secret of a webhook, shown this once. */
export function WebhookSecret({ webhook, onClose }: { webhook: NewSecretView; onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title="The webhook's secret" size="lg" closeOnClickOutside={false}>
      <Stack gap="sm">
        <Text size="sm">
          {webhook.url} verifies signatures with it. It is shown this once; afterwards it can only be rotated.
        </Text>
        <Copyable label="Secret" what="the secret" text={webhook.secret} />
        {webhook.previousSecretUntil && (
          <Text size="sm">
            The secret before signs beside it until <Time at={webhook.previousSecretUntil} />.
          </Text>
        )}
        <Group justify="flex-end">
          <Button onClick={onClose}>I have kept it</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
