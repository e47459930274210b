import type { Decision } from "./decision";

/** Stands for "no exception" in `decision_hour`. */
export const NO_EXCEPTION = "00000000-0000-0000-0000-000000000000";

/**
 * Upper bounds of the latency counts of `series_hour`, in microseconds: powers of two from 16 µs to about 1 s. One
 * more count takes what is above.
 */
export const LATENCY_BOUNDS_US: readonly number[] = Array.from(
  { length: 17 },
  (_, power) => 2 ** (power + 4),
);

/** What a batch adds to one table of hours: the columns of its key, in the table's order, and how much. */
export interface TallyRow {
  key: readonly (string | number)[];
  n: number;
  latency: number[] | null;
}

export interface Tally {
  decisionHour: TallyRow[];
  seriesHour: TallyRow[];
  controlHour: TallyRow[];
  dimensionHour: TallyRow[];
  exceptionHour: TallyRow[];
  tokenHour: TallyRow[];
}

type Counts = Map<string, TallyRow>;

function add(counts: Counts, key: readonly (string | number)[], by = 1): TallyRow {
  const text = key.join("\u0000");
  let row = counts.get(text);
  if (row === undefined) {
    row = { key, n: 0, latency: null };
    counts.set(text, row);
  }
  row.n += by;
  return row;
}

function latencyBucket(us: number): number {
  const at = LATENCY_BOUNDS_US.findIndex((bound) => us <= bound);
  return at < 0 ? LATENCY_BOUNDS_US.length : at;
}

const HOUR_MS = 3_600_000;
let lastHour = { start: Number.NaN, text: "" };

function hourOf(at: Date): string {
  const start = Math.floor(at.getTime() / HOUR_MS) * HOUR_MS;
  if (start !== lastHour.start) lastHour = { start, text: new Date(start).toISOString() };
  return lastHour.text;
}

/** The dimensions of `dimension_hour` and where a request states them. */
function dimensionsOf({ facts }: Decision): [string, string][] {
  const dimensions: [string, string][] = [
    ["action", facts.action],
    ["workload", facts.workload],
  ];
  if (facts.dataClass !== undefined) dimensions.push(["data_class", facts.dataClass]);
  if (facts.model !== undefined) dimensions.push(["model", facts.model]);
  if (facts.tool !== undefined) dimensions.push(["tool", facts.tool]);
  return dimensions;
}

/** The exceptions that spared a finding, by id, each once. `decision_hour` counts a decision under the first of them. */
export function sparedBy(decision: Decision): string[] {
  const ids = decision.findings.flatMap((finding) => (finding.exception ? [finding.exception.id] : []));
  return ids.length < 2 ? ids : [...new Set(ids)].sort();
}

/** Rows of every table of hours are sorted by key, so that two writers of one shard cannot wait on each other. */
function sorted(counts: Counts): TallyRow[] {
  return counts.size < 2
    ? [...counts.values()]
    : [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

/** Counts a batch for the tables of hours. */
export function tallyOf(decisions: readonly Decision[]): Tally {
  const byFact: Counts = new Map();
  const series: Counts = new Map();
  const controls: Counts = new Map();
  const dimensions: Counts = new Map();
  const exceptions: Counts = new Map();
  const tokens: Counts = new Map();
  for (const decision of decisions) {
    const { useCaseId, outcome, wouldBe } = decision;
    const hour = hourOf(decision.decidedAt);
    const spared = sparedBy(decision);
    const exception = spared[0] ?? NO_EXCEPTION;
    for (const id of spared) add(exceptions, [useCaseId, id, hour]);
    add(byFact, [useCaseId, hour, decision.fact, decision.policyVersion, outcome, wouldBe, exception]);
    const row = add(series, [useCaseId, hour, outcome, wouldBe]);
    row.latency ??= new Array<number>(LATENCY_BOUNDS_US.length + 1).fill(0);
    const bucket = latencyBucket(decision.evaluatedUs);
    row.latency[bucket] = (row.latency[bucket] ?? 0) + 1;
    for (const { control, level, effect } of decision.findings) {
      add(controls, [useCaseId, hour, control, level ?? "", effect]);
    }
    for (const [dimension, value] of dimensionsOf(decision)) {
      add(dimensions, [useCaseId, hour, dimension, value, outcome, wouldBe]);
    }
    for (const [direction, n] of Object.entries(decision.tokens ?? {})) {
      if (n > 0) add(tokens, [useCaseId, hour, decision.facts.model ?? "", direction], n);
    }
  }
  return {
    decisionHour: sorted(byFact),
    seriesHour: sorted(series),
    controlHour: sorted(controls),
    dimensionHour: sorted(dimensions),
    exceptionHour: sorted(exceptions),
    tokenHour: sorted(tokens),
  };
}
