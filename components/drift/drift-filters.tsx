"use client";

import { Group, Select } from "@mantine/core";
import type { Changes } from "@/components/ui/use-url-filter";
import { DRIFT_STATES, type DriftState } from "@/lib/drift/lifecycle";
import { DRIFT_DIMENSIONS } from "@/lib/drift/rules";
import { DRIFT_DAYS, USUAL_DAYS } from "@/lib/drift/schema";
import type { DriftListView } from "@/lib/drift/views";
import { dimensionTitle, STATE_TITLES } from "./words";

interface DriftFiltersProps {
  params: URLSearchParams;
  change: (changes: Changes) => void;
  useCases: { slug: string; name: string }[];
  list: DriftListView | undefined;
  state: DriftState;
}

/** Every filter of the queue; all stand in the address. */
export function DriftFilters({ params, change, useCases, list, state }: DriftFiltersProps) {
  const width = (xs: number) => ({ base: "calc(50% - 4px)", xs });
  const counted = (id: DriftState) => (list ? `${STATE_TITLES[id]} (${list.counts[id]})` : STATE_TITLES[id]);
  return (
    <Group gap={8} mb="xs" align="flex-end" className="no-print" role="search" aria-label="Filter drift">
      <Select
        label="State"
        size="xs"
        w={width(235)}
        allowDeselect={false}
        data={DRIFT_STATES.map((value) => ({ value, label: counted(value) }))}
        value={state}
        onChange={(value) => change({ state: value === "waiting" ? null : value })}
      />
      <Select
        label="Use case"
        placeholder="Any"
        size="xs"
        w={width(200)}
        clearable
        clearButtonProps={{ "aria-label": "Clear use case" }}
        searchable
        data={useCases.map(({ slug, name }) => ({ value: slug, label: name }))}
        value={params.get("useCase")}
        onChange={(useCase) => change({ useCase })}
      />
      <Select
        label="What"
        placeholder="Anything"
        size="xs"
        w={width(180)}
        clearable
        clearButtonProps={{ "aria-label": "Clear what" }}
        data={DRIFT_DIMENSIONS.map((value) => ({ value, label: dimensionTitle(value) }))}
        value={params.get("dimension")}
        onChange={(dimension) => change({ dimension })}
      />
      <Select
        label="Seen within"
        size="xs"
        w={width(110)}
        allowDeselect={false}
        data={DRIFT_DAYS.map((days) => ({ value: String(days), label: `${days} days` }))}
        value={params.get("days") ?? String(USUAL_DAYS)}
        onChange={(days) => change({ days: days === String(USUAL_DAYS) ? null : days })}
      />
    </Group>
  );
}
