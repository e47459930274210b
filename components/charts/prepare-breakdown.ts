import type { BreakdownView } from "@/lib/telemetry/views";
import { byStrictness, type Look, lookOf } from "./looks";

export interface PreparedBreakdown {
  rows: {
    key: string;
    total: number;
    /** Of the longest row, in percent: the length of its bar. */
    length: number;
    /** The strictest last. `length` in percent of the longest row. */
    parts: { look: Look; n: number; length: number }[];
    /** `12 block, 3 flag`: the strictest first. */
    text: string;
  }[];
  /** The parts that occur in any row, for the legend. */
  looks: Look[];
  /** `10 of 37`; `all 4` when nothing is cut. */
  shown: string;
}

/** What a breakdown draws. */
export function prepareBreakdown(view: BreakdownView): PreparedBreakdown {
  const longest = Math.max(1, ...view.rows.map(({ total }) => total));
  const percent = (n: number) => (n / longest) * 100;
  const rows = view.rows.map(({ key, total, parts }) => {
    const ordered = Object.entries(parts)
      .filter(([, n]) => n > 0)
      .sort(([a], [b]) => byStrictness(a, b))
      .map(([part, n]) => ({ look: lookOf(part), n, length: percent(n) }));
    const text = ordered.toReversed().map(({ look, n }) => `${n.toLocaleString("en-GB")} ${look.label}`);
    return { key, total, length: percent(total), parts: ordered, text: text.join(", ") };
  });
  const occurring = new Set(rows.flatMap(({ parts }) => parts.map(({ look }) => look.key)));
  return {
    rows,
    looks: [...occurring].sort(byStrictness).map(lookOf),
    shown: view.rows.length < view.of ? `The largest ${view.rows.length} of ${view.of}.` : `All ${view.of}.`,
  };
}
