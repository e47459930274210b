/**
 * Globs of a baseline: `*` stands for any run of characters (also none, also dots and slashes); everything else
 * stands for itself. The same meaning as Cedar's `like`.
 */

/** Does the glob match the whole of `text`? Linear in practice, never worse than |glob| × |text|. */
export function globMatches(glob: string, text: string): boolean {
  let g = 0;
  let t = 0;
  let star = -1;
  let resume = 0;
  while (t < text.length) {
    if (glob[g] === "*") {
      star = g++;
      resume = t;
    } else if (g < glob.length && glob[g] === text[t]) {
      g++;
      t++;
    } else if (star >= 0) {
      g = star + 1;
      t = ++resume;
    } else return false;
  }
  while (glob[g] === "*") g++;
  return g === glob.length;
}

/** Does any glob of the list match? `null` means anything does. */
export function anyGlobMatches(globs: readonly string[] | null, text: string): boolean {
  return globs === null || globs.some((glob) => globMatches(glob, text));
}

/** A character that no glob and no fact may hold, so that only a wildcard can absorb it. */
const FRESH = "\u0000";

/**
 * Does `wide` match everything that `narrow` matches? Exact: write a fresh character for each wildcard of `narrow`;
 * `wide` matches that text only by absorbing the fresh characters with its own wildcards.
 */
export function globCovers(wide: string, narrow: string): boolean {
  return globMatches(wide, narrow.replaceAll("*", FRESH));
}

/**
 * Is everything that `narrow` matches matched by `wide`? Exact for unions too: the fresh text of a narrow glob must
 * be matched by one glob of `wide`, and that one then covers it whole.
 */
export function globsCover(wide: readonly string[], narrow: readonly string[]): boolean {
  return narrow.every((glob) => wide.some((other) => globCovers(other, glob)));
}

/** The globs of a list that no other covers, sorted: one form for each set of matched texts. */
export function pruneGlobs(globs: Iterable<string>): string[] {
  const unique = [...new Set([...globs].map((glob) => glob.replace(/\*+/g, "*")))];
  return unique.filter((glob) => !unique.some((other) => other !== glob && globCovers(other, glob))).sort();
}

/** Globs that together match exactly what both globs match; empty when nothing does. */
export function intersectGlobs(left: string, right: string): string[] {
  if (globCovers(left, right)) return [right];
  if (globCovers(right, left)) return [left];
  const seen = new Map<number, string[]>();
  const from = (l: number, r: number): string[] => {
    const key = l * (right.length + 1) + r;
    const known = seen.get(key);
    if (known) return known;
    const found = pruneGlobs(step(l, r));
    seen.set(key, found);
    return found;
  };
  const step = (l: number, r: number): string[] => {
    const a = left[l];
    const b = right[r];
    if (a === undefined && b === undefined) return [""];
    const rest = (prefix: string, nextL: number, nextR: number) =>
      from(nextL, nextR).map((tail) => prefix + tail);
    if (a === "*" && b === "*") return [...rest("*", l + 1, r), ...rest("*", l, r + 1)];
    if (a === "*") return [...from(l + 1, r), ...(b === undefined ? [] : rest(b, l, r + 1))];
    if (b === "*") return [...from(l, r + 1), ...(a === undefined ? [] : rest(a, l + 1, r))];
    return a !== undefined && a === b ? rest(a, l + 1, r + 1) : [];
  };
  return from(0, 0);
}
