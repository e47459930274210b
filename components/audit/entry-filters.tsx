"use client";

import { Button, Group, Select } from "@mantine/core";
import { InstantInput } from "@/components/ui/instant-input";
import { SearchInput } from "@/components/ui/search-input";
import type { Changes } from "@/components/ui/use-url-filter";

export interface EntryChoices {
  actions: string[];
  useCases: { slug: string; name: string }[];
  people: { id: string; name: string }[];
}

interface EntryFiltersProps {
  params: URLSearchParams;
  change: (changes: Changes) => void;
  choices: EntryChoices;
}

/** Every filter of the log; all stand in the address. */
export function EntryFilters({ params, change, choices }: EntryFiltersProps) {
  const select = (name: string) => ({
    value: params.get(name),
    onChange: (value: string | null) => change({ [name]: value }),
    clearable: true,
    searchable: true,
    size: "xs" as const,
  });
  const instant = (name: string) => ({
    value: params.get(name) ?? "",
    onChange: (iso: string) => change({ [name]: iso }),
    size: "xs" as const,
    w: 175,
  });
  return (
    <Group gap="xs" mb="xs" align="flex-end" className="no-print">
      <Select label="Action" placeholder="Any" w={190} data={choices.actions} {...select("action")} />
      <Select
        label="Who"
        placeholder="Anybody"
        w={170}
        data={withValue(
          choices.people.map(({ id, name }) => ({ value: id, label: name })),
          params.get("actor"),
        )}
        {...select("actor")}
      />
      <SearchInput
        label="Subject"
        placeholder="EXC-31, CHG-4 or an id"
        value={params.get("subject") ?? ""}
        onChange={(subject) => change({ subject })}
      />
      <Select
        label="Use case"
        placeholder="Any"
        w={190}
        data={choices.useCases.map(({ slug, name }) => ({ value: slug, label: name }))}
        {...select("useCase")}
      />
      <InstantInput label="From" {...instant("from")} />
      <InstantInput label="Before" {...instant("to")} />
      {params.size > 0 && (
        <Button
          size="compact-xs"
          variant="subtle"
          mb={4}
          onClick={() => change(Object.fromEntries([...params.keys()].map((name) => [name, null])))}
        >
          Clear filters
        </Button>
      )}
    </Group>
  );
}

/** The choices, with what the address asks for even when it is none of them (a job, say). */
function withValue(choices: { value: string; label: string }[], value: string | null) {
  if (value === null || choices.some((choice) => choice.value === value)) return choices;
  return [...choices, { value, label: value }];
}
