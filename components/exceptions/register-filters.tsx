"use client";

import { Button, Chip, Group, Select } from "@mantine/core";
import { SearchInput } from "@/components/ui/search-input";
import type { Changes } from "@/components/ui/use-url-filter";
import { EXCEPTION_STATES } from "@/lib/exceptions/schema";
import { TIERS } from "@/lib/policy/vocabulary";

export interface FilterChoices {
  me: string;
  useCases: { slug: string; name: string }[];
  people: { id: string; name: string }[];
}

interface RegisterFiltersProps {
  params: URLSearchParams;
  change: (changes: Changes) => void;
  choices: FilterChoices;
}

const STATE_CHOICES = EXCEPTION_STATES.filter((state) => state !== "approved").map((value) => ({
  value,
  label: value === "review_overdue" ? "suspended" : value.replaceAll("_", " "),
}));

/** Every filter of the register; all stand in the address. */
export function RegisterFilters({ params, change, choices }: RegisterFiltersProps) {
  const select = (name: string) => ({
    value: params.get(name),
    onChange: (value: string | null) => change({ [name]: value }),
    clearable: true,
    size: "xs" as const,
  });
  const chip = (name: string, value: string) => ({
    checked: params.get(name) === value,
    onChange: (on: boolean) => change({ [name]: on ? value : null }),
    size: "xs" as const,
  });
  return (
    <Group gap="xs" mb="xs" align="flex-end" className="no-print">
      <SearchInput
        placeholder="EXC-31, words of the justification"
        value={params.get("q") ?? ""}
        onChange={(q) => change({ q })}
      />
      <Select label="State" placeholder="Any" w={150} data={STATE_CHOICES} {...select("state")} />
      <Select
        label="Use case"
        placeholder="Any"
        w={185}
        searchable
        data={choices.useCases.map(({ slug, name }) => ({ value: slug, label: name }))}
        {...select("useCase")}
      />
      <Select
        label="Owner"
        placeholder="Anybody"
        w={165}
        searchable
        data={choices.people.map(({ id, name }) => ({ value: id, label: name }))}
        {...select("owner")}
      />
      <Select label="Tier" placeholder="Any" w={110} data={[...TIERS]} {...select("tier")} />
      <Select
        label="Age"
        placeholder="Any"
        w={130}
        data={[
          { value: "7", label: "7 days and more" },
          { value: "30", label: "30 days and more" },
          { value: "90", label: "90 days and more" },
        ]}
        {...select("minAgeDays")}
      />
      <Group gap={6} mih={30}>
        <Chip {...chip("owner", choices.me)}>Mine</Chip>
        <Chip {...chip("expiresWithinDays", "14")}>Expires within 14 days</Chip>
        <Chip {...chip("overdue", "true")}>Review due</Chip>
        <Chip {...chip("unused", "true")}>Unused</Chip>
        <Chip {...chip("reassign", "true")}>Owner left</Chip>
        <Chip {...chip("broad", "true")}>Broad</Chip>
        {params.size > 0 && (
          <Button
            size="compact-xs"
            variant="subtle"
            onClick={() => change(Object.fromEntries([...params.keys()].map((name) => [name, null])))}
          >
            Clear filters
          </Button>
        )}
      </Group>
    </Group>
  );
}
