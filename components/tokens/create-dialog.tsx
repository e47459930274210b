"use client";

import { Alert, Button, Group, Modal, Radio, Stack, TextInput } from "@mantine/core";
import { schemaResolver, useForm } from "@mantine/form";
import { useState } from "react";
import { ApiProblem } from "@/components/api";
import { Copyable } from "@/components/ui/copyable";
import { InstantInput } from "@/components/ui/instant-input";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { Time } from "@/components/ui/time";
import { fieldProblems } from "@/components/ui/use-kept-form";
import { type CreateTokenInput, createTokenSchema } from "@/lib/tokens/schema";
import type { CreatedTokenView } from "@/lib/tokens/views";
import { useCreateToken } from "./calls";
import { SCOPE_WORDS } from "./words";

const DAYS_90 = 90 * 86_400_000;
const RULES = { "token-expiry": "expiresAt", "token-life": "expiresAt" };

/** Makes a token and shows it this once. */
export function CreateTokenDialog({ onClose }: { onClose: () => void }) {
  const [made, setMade] = useState<CreatedTokenView | null>(null);
  return (
    <Modal
      opened
      onClose={onClose}
      title={made ? made.label : "Make an access token"}
      size={made ? "lg" : "md"}
      closeOnClickOutside={made === null}
    >
      {made ? <MadeToken made={made} onClose={onClose} /> : <TokenForm onMade={setMade} onClose={onClose} />}
    </Modal>
  );
}

function TokenForm({ onMade, onClose }: { onMade: (made: CreatedTokenView) => void; onClose: () => void }) {
  const form = useForm<CreateTokenInput>({
    initialValues: {
      label: "",
      scopes: ["read", "propose"],
      expiresAt: new Date(Date.now() + DAYS_90).toISOString(),
    },
    validate: schemaResolver(createTokenSchema, { sync: true }),
  });
  const create = useCreateToken();
  const submit = form.onSubmit((json) =>
    create.mutate(json, {
      onSuccess: onMade,
      onError: (error) => {
        if (error instanceof ApiProblem)
          form.setErrors(fieldProblems(error, ["label", "expiresAt", "scopes"], RULES));
      },
    }),
  );
  return (
    <form noValidate onSubmit={submit}>
      <Stack gap="sm">
        <TextInput
          label="Label"
          description="What uses it, such as policy repository. It stands in the audit log."
          required
          data-autofocus
          {...form.getInputProps("label")}
        />
        <Radio.Group
          label="What it may do"
          value={form.values.scopes.includes("propose") ? "propose" : "read"}
          onChange={(value) =>
            form.setFieldValue("scopes", value === "propose" ? ["read", "propose"] : ["read"])
          }
          error={form.errors["scopes"]}
        >
          <Stack gap={6} mt={6}>
            {(["read", "propose"] as const).map((scope) => (
              <Radio
                key={scope}
                value={scope}
                label={SCOPE_WORDS[scope].title}
                description={SCOPE_WORDS[scope].text}
              />
            ))}
          </Stack>
        </Radio.Group>
        <InstantInput
          label="Expires"
          description="At most 366 days ahead."
          required
          {...form.getInputProps("expiresAt")}
        />
        {create.error && <ProblemAlert error={create.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={create.isPending}>
            Make the token
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function MadeToken({ made, onClose }: { made: CreatedTokenView; onClose: () => void }) {
  const environment = `SLUICE_URL=${window.location.origin}\nSLUICE_TOKEN=${made.token}`;
  return (
    <Stack gap="sm">
      <Alert color="orange" variant="light" title="It is shown this once">
        Copy it now, into the secrets of what uses it: only a hash of it is kept. It expires{" "}
        <Time at={made.expiresAt} />.
      </Alert>
      <Copyable label="Token" what="the token" text={made.token} />
      <Copyable label="For sluice policy" what="the variables" text={environment} />
      <Group justify="flex-end">
        <Button onClick={onClose}>I have copied it</Button>
      </Group>
    </Stack>
  );
}
