"use client";

import { Anchor, Button } from "@mantine/core";
import Link from "next/link";
import { BreakdownBars } from "@/components/charts/breakdown-bars";
import type { BreakdownView } from "@/lib/telemetry/views";
import { decisionsHref, type FilterName, type FilterValues, type Window } from "./filter";
import { ChartPanel } from "./panel";
import { controlTitle, word } from "./words";

const FILTER_OF: Record<string, FilterName> = {
  control: "control",
  workload: "workload",
  model: "model",
  tool: "tool",
  data_class: "dataClass",
};

interface BreakdownPanelProps {
  title: string;
  breakdown: BreakdownView;
  /** The filters and the window that the rows' links keep. */
  filters: FilterValues;
  window: Window;
  note?: string | null;
  /** Asks for all values there are (up to a hundred), or for the largest again. */
  onFull?: (full: boolean) => void;
  full?: boolean;
}

/** The largest values of a dimension, with their parts by outcome or effect; each opens its decisions. */
export function BreakdownPanel({
  title,
  breakdown,
  filters,
  window,
  note,
  onFull,
  full = false,
}: BreakdownPanelProps) {
  const { dimension } = breakdown;
  const filter = FILTER_OF[dimension] ?? "control";
  return (
    <ChartPanel note={note}>
      <BreakdownBars
        title={title}
        breakdown={breakdown}
        nameOf={(key) => (
          <Anchor
            component={Link}
            href={decisionsHref({ ...filters, [filter]: key }, window)}
            prefetch={false}
            fz="xs"
            underline="always"
          >
            {dimension === "control" ? controlTitle(key) : dimension === "data_class" ? word(key) : key}
          </Anchor>
        )}
      />
      {onFull && (full || breakdown.rows.length < breakdown.of) && (
        <Button size="compact-xs" variant="subtle" className="no-print" onClick={() => onFull(!full)}>
          {full ? "Show the largest" : `Show ${breakdown.of > 100 ? "100" : "all"} of ${breakdown.of}`}
        </Button>
      )}
    </ChartPanel>
  );
}
