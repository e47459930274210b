"use client";

import { Button, Group } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import type { Changes } from "./use-url-filter";

interface SetFiltersProps {
  params: URLSearchParams;
  change: (changes: Changes) => void;
  /** What each filter says, by its name in the address. */
  words: Readonly<Record<string, (value: string) => string>>;
}

/** Filters that a link has set and no field shows, each with a way to take it away. */
export function SetFilters({ params, change, words }: SetFiltersProps) {
  const set = Object.entries(words).flatMap(([name, say]) => {
    const value = params.get(name);
    return value ? [{ name, text: say(value) }] : [];
  });
  if (set.length === 0) return null;
  return (
    <Group gap={6} mb="xs" className="no-print">
      {set.map(({ name, text }) => (
        <Button
          key={name}
          size="compact-sm"
          variant="light"
          rightSection={<IconX size={12} aria-hidden />}
          aria-label={`${text}: take this filter away`}
          onClick={() => change({ [name]: null })}
        >
          {text}
        </Button>
      ))}
    </Group>
  );
}

/** An instant of a filter as a date. */
export function sinceText(instant: string): string {
  const at = new Date(instant);
  return Number.isNaN(at.getTime())
    ? instant
    : at.toLocaleDateString("en-GB", { dateStyle: "medium", timeZone: "UTC" });
}
