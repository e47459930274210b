import type { Tool } from "../document";
import { globCovers, globsCover, intersectGlobs, pruneGlobs } from "../glob";
import { moveOf, type Order } from "./order";

const sameText = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** Approved globs: what matches fewer texts is stricter, `null` approves anything. */
export const globs: Order<string[] | null> = {
  move(from, to) {
    if (from === null || to === null)
      return moveOf(from === null && to !== null, to === null && from !== null);
    return moveOf(!globsCover(to, from), !globsCover(from, to), !sameText(from, to));
  },
  join(a, b) {
    if (a === null) return b && pruneGlobs(b);
    if (b === null) return pruneGlobs(a);
    return pruneGlobs(a.flatMap((left) => b.flatMap((right) => intersectGlobs(left, right))));
  },
};

const namesOf = (tools: readonly Tool[], impact?: Tool["impact"]) =>
  tools.filter((tool) => impact === undefined || tool.impact === impact).map((tool) => tool.name);

/**
 * Is every tool that `narrow` rates low rated low by `wide`? A tool is low when a low entry matches and no high one
 * does. So each low entry of `narrow` must lie within its own high entries or `wide`'s low ones, and what of it
 * `wide` rates high, `narrow` must rate high too.
 */
function lowWithin(wide: readonly Tool[], narrow: readonly Tool[]): boolean {
  const ownHigh = namesOf(narrow, "high");
  const wideHigh = namesOf(wide, "high");
  const bound = [...ownHigh, ...namesOf(wide, "low")];
  return namesOf(narrow, "low").every(
    (name) =>
      globsCover(bound, [name]) && wideHigh.every((high) => globsCover(ownHigh, intersectGlobs(name, high))),
  );
}

function pruneTools(tools: readonly Tool[]): Tool[] {
  const high = pruneGlobs(namesOf(tools, "high"));
  const low = pruneGlobs(namesOf(tools, "low")).filter(
    (name) => !high.some((other) => globCovers(other, name)),
  );
  return [
    ...high.map((name): Tool => ({ name, impact: "high" })),
    ...low.map((name): Tool => ({ name, impact: "low" })),
  ].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Approved tools. Two sets shrink as it gets stricter: the tools that may be called, and those that may be called
 * without a person (rated low). Both are everything for `null`.
 */
export const tools: Order<Tool[] | null> = {
  move(from, to) {
    if (from === null || to === null)
      return moveOf(from === null && to !== null, to === null && from !== null);
    const stricter = !globsCover(namesOf(to), namesOf(from)) || !lowWithin(to, from);
    const looser = !globsCover(namesOf(from), namesOf(to)) || !lowWithin(from, to);
    return moveOf(stricter, looser, !sameText(from, to));
  },
  join(a, b) {
    if (a === null) return b && pruneTools(b);
    if (b === null) return pruneTools(a);
    return pruneTools(
      a.flatMap((left) =>
        b.flatMap((right) =>
          intersectGlobs(left.name, right.name).map((name): Tool => {
            const high = left.impact === "high" || right.impact === "high";
            return { name, impact: high ? "high" : "low" };
          }),
        ),
      ),
    );
  },
};
