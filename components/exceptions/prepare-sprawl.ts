import type { Look, Pattern } from "@/components/charts/looks";
import type { SprawlView } from "@/lib/exceptions/views";
import { TIERS } from "@/lib/policy/vocabulary";

export type SprawlBy = "age" | "tier";

export interface PreparedSprawl {
  /** What is stacked, from below: the youngest or the lowest first. */
  looks: Look[];
  bars: {
    day: string;
    /** `2 March 2026`. */
    label: string;
    total: number;
    counts: Record<string, number>;
    /** From below, in parts of the highest bar (0 to 1). */
    parts: { look: Look; from: number; to: number }[];
  }[];
  max: number;
  /** The chart in one sentence. */
  summary: string;
}

/** One hue; the denser the pattern, the older or the graver. */
const PATTERNS: readonly Pattern[] = ["dots", "diagonal", "cross", "solid"];

/** What the chart of exceptions over time draws. */
export function prepareSprawl(view: SprawlView, by: SprawlBy): PreparedSprawl {
  const keys: readonly string[] = by === "age" ? view.ages : TIERS;
  const looks = keys.map(
    (key, index): Look => ({
      key: key.replaceAll(" ", "-"),
      label: by === "age" ? key : `tier ${key}`,
      colour: "var(--outcome-exempted)",
      pattern: PATTERNS[index] ?? "solid",
    }),
  );
  const max = Math.max(1, ...view.points.map(({ total }) => total));
  const bars = view.points.map(({ day, total, ...groups }) => {
    const counts = by === "age" ? groups.byAge : groups.byTier;
    let below = 0;
    const parts = looks.flatMap((look, index) => {
      const n = counts[keys[index] ?? ""] ?? 0;
      const from = below;
      below += n;
      return n === 0 ? [] : [{ look, from: from / max, to: below / max }];
    });
    return { day, label: dayLabel(day), total, counts, parts };
  });
  return { looks, bars, max, summary: summaryOf(view) };
}

function dayLabel(day: string): string {
  const format = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" } as const;
  return new Intl.DateTimeFormat("en-GB", format).format(new Date(day));
}

function summaryOf({ points }: SprawlView): string {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return "Nothing to show.";
  const most = Math.max(...points.map(({ total }) => total));
  const change = last.total - first.total;
  const moved =
    change === 0
      ? "as many as at the beginning"
      : `${Math.abs(change)} ${change > 0 ? "more" : "fewer"} than at the beginning`;
  return `${last.total} in force now, ${moved}; ${most} at most. Counted at the end of each day (UTC).`;
}
