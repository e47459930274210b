"use client";

import { Button, Code, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { schemaResolver, useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { Time } from "@/components/ui/time";
import { revokeTokenSchema } from "@/lib/tokens/schema";
import type { TokenView } from "@/lib/tokens/views";
import { useRevokeToken } from "./calls";

/** Ends a token; says whose, and when it was last used. */
export function RevokeTokenDialog({ token, onClose }: { token: TokenView; onClose: () => void }) {
  const form = useForm({
    initialValues: { reason: "" },
    validate: schemaResolver(revokeTokenSchema, { sync: true }),
  });
  const revoke = useRevokeToken(token.id);
  const submit = form.onSubmit((json) =>
    revoke.mutate(json, {
      onSuccess: () => {
        notifications.show({ message: `${token.label} is revoked.`, color: "green" });
        onClose();
      },
    }),
  );
  return (
    <Modal opened onClose={onClose} title={`Revoke ${token.label}?`}>
      <form noValidate onSubmit={submit}>
        <Stack gap="sm">
          <Text size="sm">
            What uses <Code>slp_{token.prefix}</Code> of {token.own ? "yours" : token.person.name} is refused
            from its next call. {token.lastUsedAt === null ? "It was never used" : "It was last used "}
            {token.lastUsedAt !== null && <Time at={token.lastUsedAt} />}. What it proposed stays. It cannot
            be taken back.
          </Text>
          <Textarea
            label="Reason (optional)"
            autosize
            minRows={2}
            data-autofocus
            {...form.getInputProps("reason")}
          />
          {revoke.error && <ProblemAlert error={revoke.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" color="red.9" loading={revoke.isPending}>
              Revoke {token.label}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
