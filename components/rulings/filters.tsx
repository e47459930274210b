"use client";

import { Group, Select } from "@mantine/core";
import { word } from "@/components/telemetry/words";
import type { Changes } from "@/components/ui/use-url-filter";

export interface UseCaseChoice {
  slug: string;
  name: string;
}

interface ListFiltersProps {
  params: URLSearchParams;
  change: (changes: Changes) => void;
  useCases: readonly UseCaseChoice[];
  /** Ids of controls to choose from, with their titles. */
  controls: readonly { id: string; title: string }[];
  /** Closed sets of words, by the name that they have in the address. */
  words: readonly { name: string; label: string; values: readonly string[] }[];
}

/** The filters of a list of rulings, appeals or cases; the address holds them. */
export function ListFilters({ params, change, useCases, controls, words }: ListFiltersProps) {
  return (
    <Group gap="xs">
      {words.map(({ name, label, values }) => (
        <Select
          key={name}
          size="xs"
          w={150}
          aria-label={label}
          placeholder={`Any ${label.toLowerCase()}`}
          clearable
          data={values.map((value) => ({ value, label: word(value) }))}
          value={params.get(name)}
          onChange={(value) => change({ [name]: value })}
        />
      ))}
      <Select
        size="xs"
        w={180}
        aria-label="Use case"
        placeholder="Any use case"
        clearable
        searchable
        data={useCases.map(({ slug, name }) => ({ value: slug, label: name }))}
        value={params.get("useCase")}
        onChange={(useCase) => change({ useCase })}
      />
      <Select
        size="xs"
        w={180}
        aria-label="Control"
        placeholder="Any control"
        clearable
        searchable
        data={controls.map(({ id, title }) => ({ value: id, label: title }))}
        value={params.get("control")}
        onChange={(control) => change({ control })}
      />
    </Group>
  );
}
