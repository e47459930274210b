"use client";

import { Button, Group, SegmentedControl, Text } from "@mantine/core";
import { Time } from "@/components/ui/time";
import type { Changes } from "@/components/ui/use-url-filter";
import { fixedWindow, PERIODS, periodOf } from "./period";

/** The period that is looked at, or the window of its own that a link carried, with the way back. */
export function PeriodSelect({
  params,
  change,
}: {
  params: URLSearchParams;
  change: (changes: Changes) => void;
}) {
  const fixed = fixedWindow(params);
  if (fixed) {
    return (
      <Group gap={6} h={30}>
        <Text size="sm">
          <Time at={fixed.from} /> to <Time at={fixed.to} />
        </Text>
        <Button size="compact-xs" variant="default" onClick={() => change({ from: null, to: null })}>
          Leave this window
        </Button>
      </Group>
    );
  }
  return (
    <SegmentedControl
      size="xs"
      aria-label="Period"
      data={PERIODS.map(({ id, label }) => ({ value: id, label }))}
      value={periodOf(params).id}
      onChange={(period) => change({ period })}
    />
  );
}
