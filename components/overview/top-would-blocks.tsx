"use client";

import { BreakdownPanel } from "@/components/telemetry/breakdown-panel";
import type { BreakdownView } from "@/lib/telemetry/views";

/** Which controls would have blocked most, were they switched on. */
export function TopWouldBlocks({ breakdown }: { breakdown: BreakdownView }) {
  return (
    <BreakdownPanel
      title="Top would-blocks, 30 days"
      noun="Control"
      counted="Would block"
      breakdown={breakdown}
      filters={{ wouldBe: "block" }}
      window={{ period: "30d" }}
    />
  );
}
