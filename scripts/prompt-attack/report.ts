import type { Row } from "./corpus";
import { FALSE_POSITIVE_RATES, isCalm, type Thresholds, thresholdsOf, wilson } from "./levels";
import type { HeldOut } from "./validate";

/** Of how many texts of a kind how many reach L1 to L4. */
export interface Tally {
  total: number;
  reached: [number, number, number, number];
}

/** Counts per key the texts whose score reaches each level. */
export function tallyBy(
  scored: readonly { row: Row; score: number; thresholds: Thresholds }[],
  keyOf: (row: Row) => string,
): Map<string, Tally> {
  const tallies = new Map<string, Tally>();
  for (const { row, score, thresholds } of scored) {
    const key = keyOf(row);
    const tally = tallies.get(key) ?? { total: 0, reached: [0, 0, 0, 0] };
    tally.total++;
    for (const [at, least] of thresholds.entries()) if (score >= least) tally.reached[at as 0]++;
    tallies.set(key, tally);
  }
  return new Map([...tallies].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Scores of one split, each beside the thresholds that the benign texts of the other parts give. */
export function crossFitted(
  scored: readonly HeldOut[],
): { row: Row; score: number; thresholds: Thresholds }[] {
  const parts = new Map<string, Thresholds>();
  for (const { part } of scored) {
    if (parts.has(part)) continue;
    const others = scored.filter((one) => one.part !== part && isCalm(one.row));
    parts.set(part, thresholdsOf(others.map(({ score }) => score)));
  }
  return scored.map(({ row, score, part }) => ({ row, score, thresholds: parts.get(part) as Thresholds }));
}

export function percent(share: number, digits = 1): string {
  return `${(100 * share).toFixed(digits)} %`;
}

function meanShare(tallies: readonly Tally[], level: number): number {
  return (
    tallies.reduce((sum, { total, reached }) => sum + (reached[level] as number) / total, 0) / tallies.length
  );
}

/** The mean over splits, with the least and the most. */
function spread(tallies: readonly Tally[], level: number, digits = 1): string {
  const shares = tallies.map(({ total, reached }) => (reached[level] as number) / total);
  const [least, most] = [Math.min(...shares), Math.max(...shares)];
  const mean = percent(meanShare(tallies, level), digits);
  if (most - least < 0.05 / 10 ** digits) return mean;
  return `${mean} (${(100 * least).toFixed(digits)}–${(100 * most).toFixed(digits)})`;
}

export function printRates(title: string, first: string, splits: readonly Map<string, Tally>[]): void {
  console.log(`\n### ${title}\n\n| ${first} | Texts | L1 | L2 | L3 | L4 |\n|---|---|---|---|---|---|`);
  for (const [key, { total }] of splits[0] ?? []) {
    const tallies = splits.flatMap((split) => split.get(key) ?? []);
    const cells = [0, 1, 2, 3].map((level) => spread(tallies, level));
    console.log(`| ${key} | ${total} | ${cells.join(" | ")} |`);
  }
}

/** Sources with fewer benign texts do not count among those that are counted alike. */
const SOURCE = 40;
const BOUNDS = FALSE_POSITIVE_RATES.map((rate) => `${100 * rate} %`);

/**
 * False positives over all splits: the share of the texts, with the interval that the number of different texts allows,
 * and the mean of the sources' shares, each counted alike.
 */
export function printFalsePositives(
  splits: readonly (readonly { row: Row; score: number; thresholds: Thresholds }[])[],
): void {
  console.log(
    "\n### False positives\n\n| Channel | Benign texts | Level | Rate | 95 % interval | Each source alike | Bound |\n|---|---|---|---|---|---|---|",
  );
  for (const channel of ["prompt", "brought"]) {
    const benign = splits.map((split) => split.filter(({ row }) => isCalm(row) && row.channel === channel));
    const tallies = benign.flatMap((rows) => [...tallyBy(rows, () => channel).values()]);
    const sources = benign.flatMap((rows) =>
      [...tallyBy(rows, ({ source }) => source).values()].filter(({ total }) => total >= SOURCE),
    );
    const total = tallies[0]?.total ?? 0;
    if (total === 0) continue;
    for (const [level, bound] of BOUNDS.entries()) {
      const [low, high] = wilson(meanShare(tallies, level) * total, total);
      const cells = [`L${level + 1}`, spread(tallies, level, 2), `${percent(low, 2)} to ${percent(high, 2)}`];
      console.log(
        `| ${channel} | ${total} | ${cells.join(" | ")} | ${percent(meanShare(sources, level), 2)} | ${bound} |`,
      );
    }
  }
}
