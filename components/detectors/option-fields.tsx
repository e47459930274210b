"use client";

import {
  ActionIcon,
  Autocomplete,
  Button,
  Checkbox,
  Group,
  Input,
  JsonInput,
  NumberInput,
  Paper,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { IconTrash } from "@tabler/icons-react";
import { CONTROLS } from "@/lib/policy/catalogue";
import { SENSITIVITIES } from "@/lib/policy/vocabulary";
import { type DetectorValues, USUAL_RULE } from "./form-values";

type Form = UseFormReturnType<DetectorValues>;

const LOOKED_FOR = CONTROLS.filter(({ takesSensitivity }) => takesSensitivity).map(({ id }) => id);

/** What the chosen kind alone is asked. */
export function OptionFields({ form }: { form: Form }) {
  switch (form.values.kind) {
    case "openai-moderation":
      return <TextInput label="Model" required {...form.getInputProps("options.model")} />;
    case "lakera":
      return <TextInput label="Project (optional)" {...form.getInputProps("options.projectId")} />;
    case "azure-content-safety":
      return (
        <Checkbox
          label="Ask Prompt Shields too, for prompt attacks"
          {...form.getInputProps("options.shields", { type: "checkbox" })}
        />
      );
    case "presidio":
      return (
        <TextInput
          label="Language"
          description="One that its analyzer has a model for, such as en."
          required
          {...form.getInputProps("options.language")}
        />
      );
    case "http-template":
      return <TemplateFields form={form} />;
  }
}

function TemplateFields({ form }: { form: Form }) {
  return (
    <>
      <JsonInput
        label="Body that is sent"
        description="JSON. The content takes the place of {{text}}."
        required
        autosize
        minRows={3}
        formatOnBlur
        styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
        {...form.getInputProps("options.body")}
      />
      <TextInput
        label="Header of the key"
        description="Authorization gets it as a bearer token."
        required
        {...form.getInputProps("options.header")}
      />
      <Stack gap="xs" component="section" aria-label="Rules">
        <Text size="sm" fw={500}>
          Rules: what its answer means
        </Text>
        {form.values.options.rules.map((_, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a rule is known by its place
          <RuleFields key={at} form={form} at={at} />
        ))}
        {form.errors["options.rules"] && (
          <Input.Error role="alert">{form.errors["options.rules"]}</Input.Error>
        )}
        <Group>
          <Button
            size="compact-xs"
            variant="light"
            onClick={() => form.insertListItem("options.rules", USUAL_RULE)}
          >
            Add a rule
          </Button>
        </Group>
      </Stack>
    </>
  );
}

function RuleFields({ form, at }: { form: Form; at: number }) {
  const path = `options.rules.${at}`;
  const scaleError = form.errors[`${path}.least`];
  return (
    <Paper withBorder p="xs" component="section" aria-label={`Rule ${at + 1}`}>
      <Group align="flex-start" gap="xs" wrap="nowrap">
        <Autocomplete
          label="Signal of the control"
          size="xs"
          flex={1}
          data={LOOKED_FOR}
          limit={50}
          {...form.getInputProps(`${path}.detector`)}
        />
        <TextInput
          label="Pointer to its score"
          placeholder="/0/score"
          size="xs"
          flex={1}
          {...form.getInputProps(`${path}.pointer`)}
        />
        <ActionIcon
          variant="subtle"
          color="red"
          mt={22}
          aria-label={`Remove rule ${at + 1}`}
          onClick={() => form.removeListItem("options.rules", at)}
        >
          <IconTrash size={16} aria-hidden />
        </ActionIcon>
      </Group>
      <Group gap="xs" mt={6} grow wrap="nowrap">
        {SENSITIVITIES.map((level, index) => (
          <NumberInput
            key={level}
            label={`${level} from`}
            size="xs"
            min={0}
            max={1}
            step={0.05}
            hideControls
            {...form.getInputProps(`${path}.least.${index}`)}
          />
        ))}
      </Group>
      {scaleError && <Input.Error role="alert">{scaleError}</Input.Error>}
    </Paper>
  );
}
