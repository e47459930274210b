import { OUTCOMES } from "../evaluate";
import type { Despite, DespiteException, Flip, FlipCount } from "./types";
import type { Verdict } from "./verdict";

/** Counts by key, in both directions. */
export class Tally {
  private readonly counts = new Map<string, FlipCount>();

  add(key: string | undefined, step: -1 | 0 | 1, n: number): void {
    if (key === undefined || step === 0) return;
    const count = this.counts.get(key) ?? { key, stricter: 0, looser: 0 };
    if (step > 0) count.stricter += n;
    else count.looser += n;
    this.counts.set(key, count);
  }

  byKey(): FlipCount[] {
    return [...this.counts.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  byCount(): FlipCount[] {
    return this.byKey().sort((a, b) => b.stricter + b.looser - (a.stricter + a.looser));
  }
}

/** The flips of verdicts by kind, strictest first. */
export function toFlips(verdicts: readonly Verdict[]): Flip[] {
  const flips = new Map<string, Flip>();
  for (const { from, to, step, n } of verdicts) {
    const flip = flips.get(`${from}>${to}`) ?? { from, to, stricter: step > 0, n: 0 };
    flip.n += n;
    flips.set(`${from}>${to}`, flip);
  }
  const rank = ({ from, to }: Flip) => OUTCOMES.indexOf(to) * OUTCOMES.length - OUTCOMES.indexOf(from);
  return [...flips.values()].sort((a, b) => rank(b) - rank(a));
}

/** Verdicts counted by the keys that each has, most decisions first. */
export function tallied(
  verdicts: readonly Verdict[],
  keysOf: (verdict: Verdict) => readonly (string | undefined)[],
): FlipCount[] {
  const tally = new Tally();
  for (const verdict of verdicts) {
    for (const key of keysOf(verdict)) tally.add(key, verdict.step, verdict.n);
  }
  return tally.byCount();
}

/** What is blocked although an exception spared it, most decisions first. */
export function toDespite(verdicts: readonly Verdict[]): Despite {
  const spared = verdicts.filter(({ despite }) => despite.length > 0);
  const byId = new Map<string, DespiteException>();
  for (const { despite, controls, n } of spared) {
    for (const { id, ref } of despite) {
      const known = byId.get(id);
      const all = [...new Set([...(known?.controls ?? []), ...controls])].sort();
      byId.set(id, { id, ref, n: n + (known?.n ?? 0), controls: all });
    }
  }
  return { n: spared.reduce((sum, { n }) => sum + n, 0), byException: mostFirst(byId.values()) };
}

/** Most decisions first; ties by reference. */
export function mostFirst<T extends { ref: string; n: number }>(rows: Iterable<T>): T[] {
  return [...rows].sort((a, b) => b.n - a.n || (a.ref < b.ref ? -1 : 1));
}
