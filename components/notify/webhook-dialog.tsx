"use client";

import { MultiSelect, Switch, Text, TextInput } from "@mantine/core";
import { schemaResolver, useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ApiProblem, api, fetched } from "@/components/api";
import { DialogForm } from "@/components/people/person-dialogs";
import { fieldProblems } from "@/components/ui/use-kept-form";
import { KIND_RULES } from "@/lib/notify/rules";
import { type ChangeWebhookInput, changeWebhookSchema, NOTICE_KINDS } from "@/lib/notify/schema";
import type { NewSecretView, WebhookView } from "@/lib/notify/views";

const KINDS = NOTICE_KINDS.map((kind) => ({ value: kind, label: KIND_RULES[kind].title }));

interface WebhookDialogProps {
  /** Null for a new one. */
  webhook: WebhookView | null;
  useCases: { slug: string; name: string }[];
  onClose: () => void;
  /** A new one has a secret to be shown. */
  onAdded: (added: NewSecretView) => void;
}

/** Adds a webhook, or changes one. What was typed stays when it is refused. */
export function WebhookDialog({ webhook, useCases, onClose, onAdded }: WebhookDialogProps) {
  const client = useQueryClient();
  const form = useForm<ChangeWebhookInput>({
    initialValues: {
      url: webhook?.url ?? "",
      kinds: webhook?.kinds ?? [],
      useCases: webhook?.useCases ?? [],
      enabled: webhook?.state !== "disabled",
    },
    validate: schemaResolver(changeWebhookSchema, { sync: true }),
  });
  const save = useMutation({
    mutationFn: async (values: ChangeWebhookInput): Promise<NewSecretView | null> => {
      if (webhook) {
        await fetched(api.webhooks[":id"].$put({ param: { id: webhook.id }, json: values }));
        return null;
      }
      const { enabled: _, ...json } = values;
      return fetched(api.webhooks.$post({ json }));
    },
    onSuccess: async (added) => {
      await client.invalidateQueries({ queryKey: ["webhooks"] });
      if (added) onAdded(added);
      else onClose();
    },
    onError: (error) => {
      if (error instanceof ApiProblem) form.setErrors(fieldProblems(error, ["url", "kinds", "useCases"]));
    },
  });
  return (
    <DialogForm
      title={webhook ? "Change the webhook" : "Add a webhook"}
      confirm={webhook ? "Change it" : "Add it"}
      size="lg"
      onClose={onClose}
      onSubmit={form.onSubmit((values) => save.mutate(values))}
      busy={save.isPending}
      error={save.error}
    >
      <Text size="sm">
        It is told what happens by references and links, signed as Standard Webhooks describes. Nothing that
        people or models wrote is sent.
      </Text>
      <TextInput
        label="Address"
        description="https. A host inside your own network must stand in SLUICE_OUTBOUND_ALLOW."
        placeholder="https://example.com/sluice"
        required
        data-autofocus
        {...form.getInputProps("url")}
      />
      <MultiSelect
        label="Kinds"
        description="None chosen: every kind."
        data={KINDS}
        clearable
        {...form.getInputProps("kinds")}
      />
      <MultiSelect
        label="Use cases"
        description="None chosen: every use case, and what belongs to none."
        data={useCases.map(({ slug, name }) => ({ value: slug, label: name }))}
        searchable
        clearable
        {...form.getInputProps("useCases")}
      />
      {webhook && (
        <Switch
          label="Enabled"
          description="While it is disabled, nothing is kept for it."
          {...form.getInputProps("enabled", { type: "checkbox" })}
        />
      )}
    </DialogForm>
  );
}
