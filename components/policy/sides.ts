import { fieldText } from "@/lib/policy/labels";

const SHORT = 4;

/** Both sides of a change of a field in words. Of long lists only what came and went is said, with how many there are. */
export function sidesOf(path: string, from: unknown, to: unknown): { before: string; after: string } {
  if (!Array.isArray(from) || !Array.isArray(to) || Math.max(from.length, to.length) <= SHORT) {
    return { before: fieldText(path, from), after: fieldText(path, to) };
  }
  const itemText = (item: unknown) => fieldText(path, [item]);
  const [before, after] = [from.map(itemText), to.map(itemText)];
  if (before.toSorted().join() === after.toSorted().join()) {
    return { before: sizeOf(before), after: "the same entries, in another order" };
  }
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

const sizeOf = (all: string[]) => (all.length === 1 ? "1 entry" : `${all.length} entries`);

function side(all: string[], word: string, different: string[]): string {
  return `${sizeOf(all)}; ${different.length > 0 ? `${word}: ${different.join(", ")}` : `none ${word}`}`;
}
