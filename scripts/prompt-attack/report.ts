import type { Row } from "./corpus";
import type { HeldOut, Thresholds } from "./validate";
import { isCalm, thresholdsOf } from "./validate";

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

/** The Wilson score interval for a share at 95 % (Wilson 1927). */
export function wilson(part: number, whole: number): [number, number] {
  const z = 1.96;
  const p = part / whole;
  const middle = p + (z * z) / (2 * whole);
  const reach = z * Math.sqrt((p * (1 - p)) / whole + (z * z) / (4 * whole * whole));
  const scale = 1 + (z * z) / whole;
  return [Math.max(0, (middle - reach) / scale), Math.min(1, (middle + reach) / scale)];
}

export function percent(share: number, digits = 1): string {
  return `${(100 * share).toFixed(digits)} %`;
}

/** The mean over splits, with the least and the most. */
function spread(tallies: readonly Tally[], level: number): string {
  const shares = tallies.map(({ total, reached }) => (reached[level] as number) / total);
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  const [least, most] = [Math.min(...shares), Math.max(...shares)];
  return most - least < 5e-4
    ? percent(mean)
    : `${percent(mean)} (${(100 * least).toFixed(1)}–${(100 * most).toFixed(1)})`;
}

export function printRates(title: string, first: string, splits: readonly Map<string, Tally>[]): void {
  console.log(`\n### ${title}\n\n| ${first} | Texts | L1 | L2 | L3 | L4 |\n|---|---|---|---|---|---|`);
  for (const [key, { total }] of splits[0] ?? []) {
    const tallies = splits.flatMap((split) => split.get(key) ?? []);
    const cells = [0, 1, 2, 3].map((level) => spread(tallies, level));
    console.log(`| ${key} | ${total} | ${cells.join(" | ")} |`);
  }
}

/** False positives over all splits, with the interval that the number of different texts allows. */
export function printFalsePositives(
  splits: readonly (readonly { row: Row; score: number; thresholds: Thresholds }[])[],
): void {
  console.log(
    "\n### False positives\n\n| Channel | Benign texts | Level | Rate | 95 % interval | Bound |\n|---|---|---|---|---|---|",
  );
  const bounds = ["0.1 %", "0.5 %", "2 %", "5 %"];
  for (const channel of ["prompt", "brought"]) {
    const tallies = splits.map((split) => {
      const benign = split.filter(({ row }) => isCalm(row) && row.channel === channel);
      return tallyBy(benign, () => channel).get(channel) as Tally;
    });
    const total = tallies[0]?.total ?? 0;
    for (const [level, bound] of bounds.entries()) {
      const mean = tallies.reduce((sum, { reached }) => sum + (reached[level] as number), 0) / tallies.length;
      const [low, high] = wilson(mean, total);
      console.log(
        `| ${channel} | ${total} | L${level + 1} | ${percent(mean / total, 2)} | ${percent(low, 2)} to ${percent(high, 2)} | ${bound} |`,
      );
    }
  }
}
