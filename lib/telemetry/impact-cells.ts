import { type CutRow, eachHour, type HourCounts, type Span, type Total } from "./impact-read";
import { HOUR_MS } from "./rules";
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
  /** The start of the newest hour that counts any of them; in a cell of steady facts, of the first. */
  newest: Date;
  n: number;
}

/** Facts of which the whole window says the same. */
export function steadyCells(totals: readonly Total[], { bounds }: Span): Cell[] {
  const [from, to] = [bounds[0] as Date, bounds.at(-1) as Date];
  return totals.map(({ fact, version, n }) => {
    return { key: `${fact}/${version}`, fact, version, from, to, newest: from, n };
  });
}

/** One hour of one fact; the key says which. */
export function cutCells(rows: readonly CutRow[], { bounds }: Span): Cell[] {
  return rows.map(({ fact, version, part, hour, n }) => ({
    key: `${fact}/${version}/${part}/${hour.toISOString()}`,
    fact,
    version,
    from: bounds[part - 1] as Date,
    to: bounds[part] as Date,
    newest: hour,
    n,
  }));
}

/** Each fact's hours, put together between two bounds; where nothing turns, over the whole window. */
export function hourCells(
  counts: readonly HourCounts[],
  span: Span,
  turns: (fact: string) => boolean,
): Cell[] {
  const partOf = partsOf(span);
  const last = span.bounds.length - 1;
  return counts.flatMap(({ fact, version, packed }) => {
    const isTurning = turns(fact);
    const parts = new Map<number, { n: number; newest: number }>();
    eachHour(packed, (hour, n) => {
      const part = isTurning ? (partOf[hour] ?? 0) : 0;
      const known = parts.get(part);
      if (known === undefined) parts.set(part, { n, newest: hour });
      else {
        known.n += n;
        if (hour > known.newest) known.newest = hour;
      }
    });
    return [...parts].map(([part, { n, newest }]) => ({
      key: isTurning ? `${fact}/${version}/${part}` : `${fact}/${version}`,
      fact,
      version,
      from: span.bounds[part] as Date,
      to: span.bounds[isTurning ? part + 1 : last] as Date,
      newest: new Date(span.from.getTime() + newest * HOUR_MS),
      n,
    }));
  });
}

/** For each whole hour of the window, after which bound it comes. */
function partsOf({ bounds, from, to }: Span): number[] {
  const parts: number[] = [];
  let part = 0;
  for (let hour = from.getTime(); hour < to.getTime(); hour += HOUR_MS) {
    while ((bounds[part + 1]?.getTime() ?? Number.POSITIVE_INFINITY) <= hour) part++;
    parts.push(part);
  }
  return parts;
}

interface Flipped {
  /** Of a cell. */
  key: string;
  stricter: number;
  looser: number;
}

/** Flips by hour, in the order of time: of cells that flip as a whole, and of the hours they were put together from. */
export function flipsByHour(
  flipped: readonly Flipped[],
  rows: readonly CutRow[],
  counts: readonly HourCounts[],
  span: Span,
): ImpactBy[] {
  const ways = new Map(flipped.map(({ key, stricter }) => [key, stricter > 0]));
  const hours = new Map<number, ImpactBy>();
  const add = (at: number, isStricter: boolean, n: number) => {
    const known = hours.get(at) ?? { key: new Date(at).toISOString(), stricter: 0, looser: 0 };
    known[isStricter ? "stricter" : "looser"] += n;
    hours.set(at, known);
  };
  for (const [index, { key }] of cutCells(rows, span).entries()) {
    const [way, row] = [ways.get(key), rows[index]];
    if (way !== undefined && row) add(row.hour.getTime(), way, row.n);
  }
  const partOf = partsOf(span);
  for (const { fact, version, packed } of counts) {
    const whole = ways.get(`${fact}/${version}`);
    const wayOf = span.bounds.map((_, part) => whole ?? ways.get(`${fact}/${version}/${part}`));
    if (wayOf.every((way) => way === undefined)) continue;
    eachHour(packed, (hour, n) => {
      const way = wayOf[partOf[hour] ?? 0];
      if (way !== undefined) add(span.from.getTime() + hour * HOUR_MS, way, n);
    });
  }
  return [...hours].sort(([a], [b]) => a - b).map(([, row]) => row);
}
