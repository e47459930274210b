import type { LatencyView } from "@/lib/telemetry/views";

export interface PreparedLatency {
  /** The buckets from the first to the last that holds anything. */
  bars: { label: string; n: number; share: number; holds: ("p50" | "p95" | "p99")[] }[];
  percentiles: { name: "p50" | "p95" | "p99"; text: string }[];
  summary: string;
}

/** What a latency chart draws: counts by bucket, and the bucket in which each percentile falls. */
export function prepareLatency(view: LatencyView): PreparedLatency {
  const bounds = { p50: view.p50Us, p95: view.p95Us, p99: view.p99Us };
  const names = ["p50", "p95", "p99"] as const;
  const first = view.buckets.findIndex(({ n }) => n > 0);
  const last = view.buckets.findLastIndex(({ n }) => n > 0);
  const within = first < 0 ? [] : view.buckets.slice(first, last + 1);
  const percentiles = names.map((name) => ({ name, text: atMost(bounds[name]) }));
  return {
    bars: within.map(({ upToUs, n }) => ({
      label: upToUs === null ? "longer" : atMost(upToUs),
      n,
      share: (n / view.n) * 100,
      holds: upToUs === null ? [] : names.filter((name) => bounds[name] === upToUs),
    })),
    percentiles,
    summary:
      view.n === 0
        ? "No decision in this time."
        : `${view.n.toLocaleString("en-GB")} decisions; ${percentiles.map(({ name, text }) => `${name} ${text}`).join(", ")}.`,
  };
}

function atMost(us: number | null): string {
  if (us === null) return "–";
  if (us < 1000) return `≤ ${us} µs`;
  if (us < 1_000_000) return `≤ ${Number((us / 1000).toPrecision(3))} ms`;
  return `≤ ${Number((us / 1_000_000).toPrecision(3))} s`;
}
