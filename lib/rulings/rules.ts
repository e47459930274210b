/** The two-sided 95 % quantile of the normal distribution. */
const Z = 1.959963984540054;

const HOUR_MS = 3_600_000;

/** Days over which the queue draws its sample; ask for estimates over the same, or fewer of its rulings count. */
export const RULING_WINDOW_DAYS = 30;

/** The window of the queue at an instant: whole hours, up to and with the one that runs. */
export function rulingWindow(now: Date): { from: Date; to: Date } {
  const to = Math.floor(now.getTime() / HOUR_MS) * HOUR_MS + HOUR_MS;
  return { from: new Date(to - RULING_WINDOW_DAYS * 24 * HOUR_MS), to: new Date(to) };
}

/**
 * The 95 % score interval of a proportion after `hits` out of `n` trials, both from 0 to 1 (E. B. Wilson, JASA 22,
 * 1927; without continuity correction). `n` may be an effective, broken number. Without trials nothing is known: 0 to 1.
 */
export function wilson(hits: number, n: number): { low: number; high: number } {
  if (n <= 0) return { low: 0, high: 1 };
  const p = hits / n;
  const z2 = Z * Z;
  const middle = (p + z2 / (2 * n)) / (1 + z2 / n);
  const half = (Z / (1 + z2 / n)) * Math.sqrt((p * (1 - p)) / n + z2 / (4 * n * n));
  return {
    low: hits <= 0 ? 0 : Math.max(0, middle - half),
    high: hits >= n ? 1 : Math.min(1, middle + half),
  };
}

export interface Verdicts {
  true_positive: number;
  false_positive: number;
  unsure: number;
}

/** One stratum: how often it fired in the window, and what its random sample was ruled. */
export interface Stratum {
  fired: number;
  sampled: Verdicts;
}

export interface FalsePositiveEstimate {
  /** Share of findings that were wrong, among those ruled one way or the other; null while none is. */
  rate: number | null;
  /** 95 % interval. What is unsure counts as right for `low`, and as wrong for `high`. */
  low: number;
  high: number;
  /** Sampled rulings, unsure ones included. */
  rulings: number;
  unsure: number;
  fired: number;
  /** Share of what fired that is in strata with at least one ruling, from 0 to 1. */
  covered: number;
}

const countOf = ({ true_positive, false_positive, unsure }: Verdicts) =>
  true_positive + false_positive + unsure;

/**
 * The false-positive rate over strata that were sampled apart: each stratum's share weighs as much as it fired
 * (stratified estimator; W. G. Cochran, Sampling Techniques, 3rd ed. 1977, ch. 5). The interval is Wilson's at the
 * effective sample size 1 / Σ (Wₕ² / nₕ) (L. Kish, Survey Sampling, 1965, 11.7; used so by Korn and Graubard, Survey
 * Methodology 24, 1998). With one stratum it is Wilson's own. A stratum without rulings may be all right or all wrong:
 * it widens the interval by its whole share.
 */
export function estimateFalsePositives(strata: readonly Stratum[]): FalsePositiveEstimate {
  const fired = sum(strata.map((stratum) => stratum.fired));
  const seen = strata.filter((stratum) => stratum.fired > 0 && countOf(stratum.sampled) > 0);
  const reached = sum(seen.map((stratum) => stratum.fired));
  const base = {
    rulings: sum(seen.map(({ sampled }) => countOf(sampled))),
    unsure: sum(seen.map(({ sampled }) => sampled.unsure)),
    fired,
    covered: fired === 0 ? 0 : reached / fired,
  };
  if (reached === 0) return { ...base, rate: null, low: 0, high: 1 };
  const mean = (share: (sampled: Verdicts) => number) =>
    sum(seen.map((stratum) => (stratum.fired / reached) * share(stratum.sampled)));
  const effective = 1 / sum(seen.map((stratum) => (stratum.fired / reached) ** 2 / countOf(stratum.sampled)));
  const lowest = mean((sampled) => sampled.false_positive / countOf(sampled));
  const highest = mean((sampled) => (sampled.false_positive + sampled.unsure) / countOf(sampled));
  return {
    ...base,
    rate: rateOf(seen),
    low: wilson(lowest * effective, effective).low * base.covered,
    high: wilson(highest * effective, effective).high * base.covered + (1 - base.covered),
  };
}

function rateOf(strata: readonly Stratum[]): number | null {
  const decided = strata.filter(({ sampled }) => sampled.true_positive + sampled.false_positive > 0);
  const weight = sum(decided.map(({ fired }) => fired));
  if (weight === 0) return null;
  return sum(
    decided.map(
      ({ fired, sampled: { true_positive, false_positive } }) =>
        (fired / weight) * (false_positive / (true_positive + false_positive)),
    ),
  );
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0);
}

const MOST_RULINGS = 1_000;

/**
 * How many findings of a control have to be ruled before readiness can be met: the rulings that are asked for, and as
 * many as keep the upper bound of the rate within its limit although one of them is false. At most `MOST_RULINGS` for
 * the sake of the rate.
 */
export function rulingsWanted(limits: { rulings: number; falsePositiveRate: number }): number {
  let n = Math.max(2, limits.rulings);
  while (n < MOST_RULINGS && wilson(1, n).high > limits.falsePositiveRate) n += 1;
  return n;
}

/** What each stratum gets first, so that a rare level is looked at too. */
const AT_LEAST = 5;

/**
 * How many findings of each stratum are drawn: `AT_LEAST` of each as far as they go, the rest by size (largest
 * remainders, ties to the earlier). Never more than there are; together `target`, or all there are.
 */
export function allocate(sizes: readonly number[], target: number): number[] {
  const even = Math.max(1, Math.min(AT_LEAST, Math.floor(target / Math.max(1, sizes.length))));
  const given = sizes.map((size) => Math.min(size, even));
  for (let left = target - sum(given); left > 0; ) {
    const room = sizes.map((size, at) => size - (given[at] ?? 0));
    const of = sum(room);
    if (of === 0) break;
    const share = Math.min(left, of);
    const whole = room.map((space) => Math.floor((space * share) / of));
    const rest = room
      .map((space, at) => ({ at, part: (space * share) / of - (whole[at] ?? 0) }))
      .sort((a, b) => b.part - a.part || a.at - b.at)
      .slice(0, share - sum(whole));
    for (const [at, n] of whole.entries()) given[at] = (given[at] ?? 0) + n;
    for (const { at } of rest) given[at] = (given[at] ?? 0) + 1;
    left = target - sum(given);
  }
  return given;
}

/** `APL-12`. */
export function appealRef({ ref }: { ref: number }): string {
  return `APL-${ref}`;
}

/** `CASE-7`. */
export function caseRef({ ref }: { ref: number }): string {
  return `CASE-${ref}`;
}
