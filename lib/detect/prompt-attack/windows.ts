/** What is known of the units of one reading: sum of the weights and number of the grams of each, and of the concepts. */
export interface Scored {
  sums: Float64Array;
  counts: Float64Array;
  conceptSums: Float64Array;
  conceptCounts: Float64Array;
}

/** Room for that many units. */
export function scoredUnits(total: number): Scored {
  return {
    sums: new Float64Array(total),
    counts: new Float64Array(total),
    conceptSums: new Float64Array(total),
    conceptCounts: new Float64Array(total),
  };
}

/** A run of units, from `first` up to and without `end`. */
export interface Window {
  kind: number;
  first: number;
  end: number;
  score: number;
}

/** Units per window, up to the whole. Of single ones the last is a kind of its own: what is put into a text often stands at its end. */
const SIZES = [1, 3, 8, 32, Number.POSITIVE_INFINITY] as const;
export const KINDS = SIZES.length + 1;
const LAST_UNIT = SIZES.length;
/** Keeps a unit of a few letters from weighing as much as a sentence. */
const SHRINK = 10;
/** The more places a text has, the more must be said in one: taken off, times the logarithm of the number of units, as far as
 * that many: one sentence in a book must still be able to stand out. */
const LENGTH_TOLL = 0.7;
const MOST_TOLLED = 50;

/** Concepts are few, and each says more. */
const CONCEPT_SHRINK = 1;

/** What one concept counts in a window of `count` of them. */
export function conceptWeight(count: number): number {
  return 1 / Math.sqrt(count + CONCEPT_SHRINK);
}

/** What one gram counts in a window of `count` grams. */
export function gramWeight(count: number): number {
  return 1 / Math.sqrt(count + SHRINK);
}

/**
 * Scores the whole and windows of 1, 3, 8 and 32 units from every unit on, so that windows overlap and one sentence inside a long
 * text is judged alone as well as with its neighbours. Linear: sums come from running totals.
 */
export function eachWindow(scored: Scored, biases: readonly number[], take: (window: Window) => void): void {
  const { sums, counts, conceptSums, conceptCounts } = scored;
  const total = sums.length;
  const toll = LENGTH_TOLL * Math.log(Math.min(total, MOST_TOLLED));
  for (const [kind, size] of SIZES.entries()) {
    if (kind > 0 && total <= (SIZES[kind - 1] as number)) return;
    let sum = 0;
    let count = 0;
    let conceptSum = 0;
    let conceptCount = 0;
    for (let end = 1; end <= total; end++) {
      sum += sums[end - 1] as number;
      count += counts[end - 1] as number;
      conceptSum += conceptSums[end - 1] as number;
      conceptCount += conceptCounts[end - 1] as number;
      const first = Math.max(0, end - size);
      if (end > size) {
        sum -= sums[first - 1] as number;
        count -= counts[first - 1] as number;
        conceptSum -= conceptSums[first - 1] as number;
        conceptCount -= conceptCounts[first - 1] as number;
      }
      if (end < size && end < total) continue;
      const own = kind === 0 && end === total && total > 1 ? LAST_UNIT : kind;
      const said = sum * gramWeight(count) + conceptSum * conceptWeight(conceptCount);
      take({
        kind: own,
        first,
        end,
        score: said + (biases[own] as number) - (end - first < total ? toll : 0),
      });
    }
  }
}
