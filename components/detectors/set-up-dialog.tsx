"use client";

import { NumberInput, PasswordInput, Select, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ApiProblem, api, fetched } from "@/components/api";
import { DialogForm } from "@/components/people/person-dialogs";
import type { DetectorView } from "@/lib/detectors/views";
import { type DetectorKind, fieldsOf, inputOf, type KindView, problemsIn, valuesOf } from "./form-values";
import { OptionFields } from "./option-fields";

const ADDRESSES: Record<DetectorKind, string> = {
  "openai-moderation": "https://api.openai.com",
  lakera: "https://api.lakera.ai",
  "azure-content-safety": "https://NAME.cognitiveservices.azure.com",
  presidio: "https://presidio.example",
  "http-template": "https://detector.example/score",
};

interface SetUpDialogProps {
  /** What is set up under the name; null for a new one. */
  detector: DetectorView | null;
  kinds: readonly KindView[];
  onClose: () => void;
}

/** Sets up an outside detector, or changes one. What was typed stays when it is refused. */
export function SetUpDialog({ detector, kinds, onClose }: SetUpDialogProps) {
  const client = useQueryClient();
  const form = useForm({ initialValues: valuesOf(detector), validate: problemsIn });
  const save = useMutation({
    mutationFn: (): Promise<DetectorView> =>
      fetched(api.detectors[":name"].$put({ param: { name: form.values.name }, json: inputOf(form.values) })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["detectors"] });
      onClose();
    },
    onError: (error) => {
      if (error instanceof ApiProblem) form.setErrors(fieldsOf(error.fields));
    },
  });
  const kind = kinds.find((one) => one.kind === form.values.kind);
  return (
    <DialogForm
      title={detector ? `Change ${detector.name}` : "Set up an outside detector"}
      confirm={detector ? `Change ${detector.name}` : "Set it up"}
      size="lg"
      onClose={onClose}
      onSubmit={form.onSubmit(() => save.mutate())}
      busy={save.isPending}
      error={save.error}
    >
      <Text size="sm">
        What people and models write is sent there, by every use case whose policy asks it. Decision points
        follow within a second.
      </Text>
      {!detector && (
        <TextInput
          label="Name"
          description="Policies name it so. Lower-case letters, digits and hyphens."
          required
          data-autofocus
          {...form.getInputProps("name")}
        />
      )}
      <Select
        label="Kind"
        required
        allowDeselect={false}
        data={kinds.map(({ kind: value, title }) => ({ value, label: title }))}
        description={
          kind && kind.gives.length > 0
            ? `Gives signals of ${kind.gives.join(", ")}.`
            : "Its rules say which signals it gives."
        }
        {...form.getInputProps("kind")}
      />
      <TextInput
        label="Address"
        description="https. A host inside your own network must stand in SLUICE_OUTBOUND_ALLOW."
        placeholder={ADDRESSES[form.values.kind]}
        required
        {...form.getInputProps("url")}
      />
      <PasswordInput
        label={kind?.needsSecret ? "Key" : "Key (optional)"}
        description={
          detector?.hasSecret
            ? "One is set. Leave it empty to keep it; at another address it is needed anew."
            : "Kept sealed, and never shown again."
        }
        autoComplete="off"
        required={kind?.needsSecret === true && !detector?.hasSecret}
        visibilityToggleButtonProps={{ "aria-label": "Show the key" }}
        {...form.getInputProps("secret")}
      />
      <NumberInput
        label="Time-out (milliseconds)"
        description="For all calls of one request, from 50 to 5,000. Requests wait for it."
        required
        min={50}
        max={5000}
        step={50}
        {...form.getInputProps("timeoutMs")}
      />
      <OptionFields form={form} />
    </DialogForm>
  );
}
