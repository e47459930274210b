"use client";

import { Group, SegmentedControl, Select, Text } from "@mantine/core";
import type { Changes } from "@/components/ui/use-url-filter";
import { bucketOf, fixedWindow, periodOf } from "./period";
import { PeriodSelect } from "./period-select";

interface TrafficFiltersProps {
  params: URLSearchParams;
  change: (changes: Changes) => void;
  useCases: { slug: string; name: string }[];
  /** True while what is shown is not yet what was asked. */
  busy: boolean;
}

/** Which traffic is looked at, and how it is counted; all stands in the address. */
export function TrafficFilters({ params, change, useCases, busy }: TrafficFiltersProps) {
  const hasChoice = !fixedWindow(params) && periodOf(params).buckets.length > 1;
  return (
    <Group gap={8} mb="sm" align="flex-end" className="no-print" role="search" aria-label="Filter traffic">
      <PeriodSelect params={params} change={change} />
      <Select
        label="Use case"
        placeholder="All"
        size="xs"
        w={210}
        clearable
        clearButtonProps={{ "aria-label": "Clear use case" }}
        searchable
        data={useCases.map(({ slug, name }) => ({ value: slug, label: name }))}
        value={params.get("useCase")}
        onChange={(useCase) => change({ useCase })}
      />
      {hasChoice && (
        <SegmentedControl
          size="xs"
          aria-label="Bucket"
          data={[
            { value: "hour", label: "By hour" },
            { value: "day", label: "By day" },
          ]}
          value={bucketOf(params)}
          onChange={(bucket) => change({ bucket })}
        />
      )}
      <SegmentedControl
        size="xs"
        aria-label="Counted by"
        data={[
          { value: "outcome", label: "What happened" },
          { value: "wouldBe", label: "Were it enforcing" },
        ]}
        value={params.get("by") === "wouldBe" ? "wouldBe" : "outcome"}
        onChange={(by) => change({ by: by === "wouldBe" ? by : null })}
      />
      <Text size="xs" c="dimmed" role="status" lh="30px">
        {busy && "Reading…"}
      </Text>
    </Group>
  );
}
