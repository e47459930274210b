import { ARGUMENTS, type Row } from "./corpus";

/** The share of benign texts on which each level may fire at most: L1 to L4. */
export const FALSE_POSITIVE_RATES = [0.001, 0.005, 0.02, 0.05] as const;

/** The least scores of L1 to L4. */
export type Thresholds = [number, number, number, number];

/** One-sided 90 %: so surely does the rate stay under its bound on texts like those measured. */
const SURE = 1.2816;

/** Is this a benign text by which false positives are told? */
export function isCalm({ label, source }: Row): boolean {
  return label === "benign" && source !== ARGUMENTS;
}

/**
 * The least scores of L1 to L4, such that so few of these benign scores reach them that the upper end of the interval
 * for their share keeps the bound. Where there are too few scores for that, none of them reaches it.
 */
export function thresholdsOf(benign: readonly number[]): Thresholds {
  const sorted = benign.toSorted((a, b) => b - a);
  return FALSE_POSITIVE_RATES.map((rate) => {
    let most = Math.floor(rate * sorted.length);
    while (most > 0 && wilson(most, sorted.length, SURE)[1] > rate) most--;
    return Number(((sorted[most] ?? 0) + 1e-3).toFixed(3));
  }) as Thresholds;
}

/** The Wilson score interval for a share (Wilson 1927), two-sided 95 % unless told. */
export function wilson(part: number, whole: number, z = 1.96): [number, number] {
  const p = part / whole;
  const middle = p + (z * z) / (2 * whole);
  const reach = z * Math.sqrt((p * (1 - p)) / whole + (z * z) / (4 * whole * whole));
  const scale = 1 + (z * z) / whole;
  return [Math.max(0, (middle - reach) / scale), Math.min(1, (middle + reach) / scale)];
}
