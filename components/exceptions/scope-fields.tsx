"use client";

import { Alert, MultiSelect, SimpleGrid, TagsInput, Text } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { DATA_CLASSES, ENVIRONMENTS } from "@/lib/policy/vocabulary";
import type { RequestValues } from "./request-values";
import type { ScopeSuggestions } from "./suggestions";

interface ScopeFieldsProps {
  form: UseFormReturnType<RequestValues>;
  suggestions: ScopeSuggestions;
  useCaseName: string | null;
}

/** To what part of the use case the exception is limited. Says plainly what an empty scope means. */
export function ScopeFields({ form, suggestions, useCaseName }: ScopeFieldsProps) {
  const broad = Object.values(form.values.scope).every((list) => list.length === 0);
  const field = (name: keyof RequestValues["scope"]) => ({
    clearable: true,
    ...form.getInputProps(`scope.${name}`),
  });
  const globs = "Press Enter after each; * stands for any text";
  return (
    <>
      <Text size="sm" c="dimmed">
        A request is spared only when it fits every field that you fill in. A field with several values fits
        when one of them does.
      </Text>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
        <MultiSelect
          label="Workloads"
          searchable
          data={suggestions.workloads.map(({ slug, name }) => ({ value: slug, label: name }))}
          {...field("workloads")}
        />
        <MultiSelect label="Environments" data={[...ENVIRONMENTS]} {...field("environments")} />
        <MultiSelect label="Data classes" data={[...DATA_CLASSES]} {...field("dataClasses")} />
        <TagsInput label="Purposes" data={suggestions.purposes} {...field("purposes")} />
        <TagsInput label="Tools" description={globs} data={suggestions.tools} {...field("tools")} />
        <TagsInput label="Models" description={globs} data={suggestions.models} {...field("models")} />
        <TagsInput
          label="Destinations"
          description={globs}
          data={suggestions.destinations}
          {...field("destinations")}
        />
      </SimpleGrid>
      {broad && (
        <Alert color="orange" variant="light" title="This would be a broad exception" role="status">
          Nothing limits it: it would spare every request of {useCaseName ?? "the use case"} from these
          controls, and is marked as broad wherever it is shown. Fill in at least one field above if you can.
        </Alert>
      )}
    </>
  );
}
