import { valueText } from "@/lib/policy/labels";

const SHORT = 4;

/** Both sides of a change in words. Of long lists only what came and went is said, with how many there are. */
export function sidesOf(from: unknown, to: unknown): { before: string; after: string } {
  if (!Array.isArray(from) || !Array.isArray(to) || Math.max(from.length, to.length) <= SHORT) {
    return { before: valueText(from), after: valueText(to) };
  }
  const [before, after] = [from.map(itemText), to.map(itemText)];
  return {
    before: side(
      before,
      "removed",
      before.filter((item) => !after.includes(item)),
    ),
    after: side(
      after,
      "added",
      after.filter((item) => !before.includes(item)),
    ),
  };
}

const itemText = (item: unknown) => valueText([item]);

function side(all: string[], word: string, different: string[]): string {
  const size = all.length === 1 ? "1 entry" : `${all.length} entries`;
  return different.length > 0 ? `${size}; ${word}: ${different.join(", ")}` : `${size}; none ${word}`;
}
