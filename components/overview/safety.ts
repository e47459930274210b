import { numberText, plural, shareText } from "@/components/telemetry/words";
import type { OverviewView } from "@/lib/telemetry/views";

type Measured = Pick<OverviewView, "series" | "wouldBlock" | "previous">;

/** Are we safer than in the time just before? Only what was measured, and compared only where both are known. */
export function safetySentence({ series, wouldBlock, previous }: Measured): string {
  if (series.total === 0) return "No decision was recorded in the last 30 days.";
  const now = [
    `${plural(series.total, "decision")} in the last 30 days:`,
    `${numberText(series.totals.block)} blocked,`,
    `${numberText(wouldBlock)} would have been (${shareText(wouldBlock, series.total)}).`,
  ].join(" ");
  const before =
    previous.total === 0
      ? "Nothing was recorded in the 30 days before, so there is nothing to compare with."
      : `In the 30 days before: ${plural(previous.total, "decision")}, ${numberText(previous.totals.block)} blocked, ${numberText(previous.wouldBlock)} would have been (${shareText(previous.wouldBlock, previous.total)}).`;
  return `${now} ${before}`;
}
