import type { PartTotal, Span, Total, Ways } from "./impact-read";
import type { ImpactBy } from "./views";

/** Recorded decisions on the same facts, under one policy version, of which a replay says one and the same. */
export interface Cell {
  /** Names the cell in the result of a replay. */
  key: string;
  /** Hex. */
  fact: string;
  version: number;
  /** The stretch of time between two bounds; the exceptions in force are those of `from`. */
  from: Date;
  to: Date;
  /** The start of the newest hour that counts any of them. */
  newest: Date;
  n: number;
}

/** Facts of which the whole window says the same. */
export function steadyCells(totals: readonly Total[], { bounds }: Span): Cell[] {
  const [from, to] = [bounds[0] as Date, bounds.at(-1) as Date];
  return totals.map((total) => ({ ...total, key: keyOf(total), from, to }));
}

/** Facts of which more is known only between two bounds. */
export function partCells(parts: readonly PartTotal[], { bounds }: Span): Cell[] {
  return parts.map(({ part, ...total }) => ({
    ...total,
    key: keyOf(total, part),
    from: bounds[part - 1] as Date,
    to: bounds[part] as Date,
  }));
}

/** The same within one hour that is cut. */
export function cutCells(rows: readonly PartTotal[], span: Span): Cell[] {
  return partCells(rows, span).map((cell) => ({ ...cell, key: `${cell.key}/${cell.newest.toISOString()}` }));
}

function keyOf({ fact, version }: Pick<Total, "fact" | "version">, part?: number): string {
  return part === undefined ? `${fact}/${version}` : `${fact}/${version}/${part}`;
}

interface Flipped {
  /** Of a cell. */
  key: string;
  stricter: number;
  looser: number;
}

/** Which way the facts flip that flip at all, in each part of the window. */
export function waysOf(totals: readonly Total[], flipped: readonly Flipped[], { bounds }: Span): Ways[] {
  const letters = new Map(flipped.map(({ key, stricter }) => [key, stricter > 0 ? "s" : "l"]));
  const parts = bounds.slice(1).map((_, index) => index + 1);
  return totals.flatMap(({ fact, version }) => {
    const whole = letters.get(keyOf({ fact, version }));
    const ways = parts.map((part) => whole ?? letters.get(keyOf({ fact, version }, part)) ?? "-").join("");
    return /^-*$/.test(ways) ? [] : [{ fact, version, ways }];
  });
}

/** Flips by hour, in the order of time: of cells within one hour that flip, and of the others as they were counted. */
export function flipsByHour(
  flipped: readonly Flipped[],
  cut: readonly Cell[],
  counted: readonly { hour: Date; way: "s" | "l" | "-"; n: number }[],
): ImpactBy[] {
  const hours = new Map<number, ImpactBy>();
  const add = (at: Date, { stricter, looser }: Omit<Flipped, "key">) => {
    const known = hours.get(at.getTime()) ?? { key: at.toISOString(), stricter: 0, looser: 0 };
    hours.set(at.getTime(), {
      ...known,
      stricter: known.stricter + stricter,
      looser: known.looser + looser,
    });
  };
  const hourOf = new Map(cut.map(({ key, newest }) => [key, newest]));
  for (const one of flipped) {
    const hour = hourOf.get(one.key);
    if (hour) add(hour, one);
  }
  for (const { hour, way, n } of counted) {
    if (way !== "-") add(hour, { stricter: way === "s" ? n : 0, looser: way === "l" ? n : 0 });
  }
  return [...hours].sort(([a], [b]) => a - b).map(([, row]) => row);
}
