/** Does a telling word stand near [start, end)? Ask in any order; each part of the text is read once. */
export type Near = (start: number, end: number) => boolean;

const BEFORE = 48;
const AFTER = 24;
const CHUNK = 256;
/** No telling word is longer. */
const LONGEST = 32;

/**
 * Looks for words that say what a number is: 48 characters before it and 24 after. `words` is global and is matched
 * in small letters. Chunks of the text are searched when first asked for and remembered, so that a text full of
 * numbers costs one search of it in all.
 */
export function wordsNear(words: RegExp): (text: string) => Near {
  return (text) => {
    let known: Map<number, readonly number[]> | undefined;
    return (start, end) => {
      known ??= new Map();
      return isNear(words, text, known, Math.max(0, start - BEFORE), end + AFTER);
    };
  };
}

function isNear(
  words: RegExp,
  text: string,
  known: Map<number, readonly number[]>,
  from: number,
  to: number,
): boolean {
  for (let chunk = Math.floor(from / CHUNK); chunk * CHUNK < to; chunk++) {
    let found = known.get(chunk);
    if (found === undefined) {
      found = positions(text, chunk * CHUNK, words);
      known.set(chunk, found);
    }
    for (const at of found) if (at >= from && at < to) return true;
  }
  return false;
}

/** Where words begin in one chunk. One character more is read before it, so that the edge of a word is seen. */
function positions(text: string, from: number, words: RegExp): number[] {
  const begin = Math.max(0, from - 1);
  const part = text.slice(begin, from + CHUNK + LONGEST).toLowerCase();
  const found: number[] = [];
  for (const match of part.matchAll(words)) {
    const at = begin + match.index;
    if (at >= from && at < from + CHUNK) found.push(at);
  }
  return found;
}
