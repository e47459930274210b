/** Which way a value moved: up is stricter. `neutral`: it changed, and neither way. */
export type Move = "equal" | "neutral" | "tightens" | "loosens" | "mixed";

/** The order of one field of a policy: `move` compares, `join` gives the least value as strict as both. */
export interface Order<T> {
  move(from: T, to: T): Move;
  join(a: T, b: T): T;
}

/** The move, from what was gained and lost of strictness. `changed` tells a rewording from no change. */
export function moveOf(stricter: boolean, looser: boolean, changed = false): Move {
  if (stricter && looser) return "mixed";
  if (stricter) return "tightens";
  if (looser) return "loosens";
  return changed ? "neutral" : "equal";
}

/** Which way a whole moved. Neutral moves leave it `equal`. */
export type Direction = "equal" | "tightens" | "loosens" | "mixed";

/** The direction of a whole, from those of its fields. */
export function directionOf(moves: readonly { direction: Move }[]): Direction {
  const stricter = moves.some(({ direction }) => direction === "tightens" || direction === "mixed");
  const looser = moves.some(({ direction }) => direction === "loosens" || direction === "mixed");
  if (stricter && looser) return "mixed";
  return stricter ? "tightens" : looser ? "loosens" : "equal";
}

/** Stricter to the right of the list; a value that is absent is under all. */
export function ranked<T>(values: readonly T[]): Order<T | undefined> {
  const rank = (value: T | undefined) => (value === undefined ? -1 : values.indexOf(value));
  return {
    move: (from, to) => moveOf(rank(to) > rank(from), rank(to) < rank(from)),
    join: (a, b) => (rank(a) >= rank(b) ? a : b),
  };
}

/** A limit: lower is stricter, `null` is none. */
export const limit: Order<number | null> = {
  move(from, to) {
    const [before, after] = [from ?? Number.POSITIVE_INFINITY, to ?? Number.POSITIVE_INFINITY];
    return moveOf(after < before, after > before);
  },
  join: (a, b) => (a === null ? b : b === null ? a : Math.min(a, b)),
};

/** A reach: higher is stricter. */
export const reach: Order<number> = {
  move: (from, to) => moveOf(to > from, to < from),
  join: (a, b) => Math.max(a, b),
};

const sameText = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

function missing<T>(from: readonly T[], among: readonly T[]): boolean {
  return from.some((item) => !among.includes(item));
}

/** A set of enrolled or searched things: more is stricter; absent is empty. */
export const enrolled: Order<string[] | undefined> = {
  move: (from = [], to = []) => moveOf(missing(to, from), missing(from, to), !sameText(from, to)),
  join(a, b) {
    const union = [...new Set([...(a ?? []), ...(b ?? [])])].sort();
    return union.length === 0 && a === undefined && b === undefined ? undefined : union;
  },
};

/** A set of approved things: fewer is stricter, `null` approves anything. */
export function approved<T extends string>(): Order<T[] | null> {
  return {
    move(from, to) {
      if (from === null || to === null)
        return moveOf(to !== from && from === null, to !== from && to === null);
      return moveOf(missing(from, to), missing(to, from), !sameText(from, to));
    },
    join(a, b) {
      const shared = a === null || b === null ? (a ?? b) : a.filter((item) => b.includes(item));
      return shared?.toSorted() ?? null;
    },
  };
}

/** Classes in their order: only the highest counts, and a lower one is stricter. Of equal ones, those in both. */
export function highest<T extends string>(values: readonly T[]): Order<T[] | null> {
  const top = (list: T[] | null) =>
    list === null ? values.length : Math.max(-1, ...list.map((value) => values.indexOf(value)));
  return {
    move: (from, to) => moveOf(top(to) < top(from), top(to) > top(from), !sameText(from, to)),
    join(a, b) {
      const lowest = Math.min(top(a), top(b));
      const strictest = [a, b].filter((list) => list !== null && top(list) === lowest);
      if (strictest.length === 0) return null;
      return values.filter((value) => strictest.every((list) => list?.includes(value)));
    },
  };
}

/** What has no order: a change is neutral. The join is the least in the given order, so that it commutes. */
export function neutral<T>(least: (a: T, b: T) => T): Order<T> {
  return { move: (from, to) => (sameText(from, to) ? "equal" : "neutral"), join: least };
}
