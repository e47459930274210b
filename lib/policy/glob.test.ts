import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { globCovers, globMatches, globsCover, intersectGlobs, pruneGlobs } from "./glob";

const glob = fc
  .string({ unit: fc.constantFrom("a", "b", "*"), maxLength: 6 })
  .map((text) => text.replace(/\*+/g, "*"));
const text = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 8 });
const asRegExp = (pattern: string) => new RegExp(`^${pattern.replaceAll("*", ".*")}$`);

describe("globs", { timeout: 60_000 }, () => {
  it("match what the same regular expression matches", () => {
    fc.assert(
      fc.property(glob, text, (g, t) => {
        expect(globMatches(g, t)).toBe(asRegExp(g).test(t));
      }),
      { numRuns: 5000 },
    );
  });

  it("cover each other exactly when every text of one is a text of the other", () => {
    const texts = ["", "a", "b", "c"].flatMap((x) => ["", "a", "b", "c"].map((y) => x + y));
    const all = [
      ...new Set(texts.flatMap((x) => texts.flatMap((y) => ["", "a", "b", "c"].map((z) => x + y + z)))),
    ];
    const short = fc.string({ unit: fc.constantFrom("a", "b", "*"), maxLength: 4 });
    fc.assert(
      fc.property(short, short, (wide, narrow) => {
        const every = all.filter((t) => globMatches(narrow, t)).every((t) => globMatches(wide, t));
        expect(globCovers(wide, narrow)).toBe(every);
      }),
      { numRuns: 1500 },
    );
  });

  it("intersect to exactly the texts that both match", () => {
    fc.assert(
      fc.property(glob, glob, text, (left, right, t) => {
        const both = globMatches(left, t) && globMatches(right, t);
        expect(intersectGlobs(left, right).some((g) => globMatches(g, t))).toBe(both);
      }),
      { numRuns: 5000 },
    );
    expect(intersectGlobs("ab*", "*bc")).toEqual(["ab*bc", "abc"]);
    expect(intersectGlobs("a*", "b*")).toEqual([]);
  });

  it("prune to the widest, whatever the order", () => {
    fc.assert(
      fc.property(fc.array(glob, { maxLength: 5 }), (globs) => {
        const pruned = pruneGlobs(globs);
        expect(pruneGlobs(globs.toReversed())).toEqual(pruned);
        expect(globsCover(pruned, globs) && globsCover(globs, pruned)).toBe(true);
      }),
    );
    expect(pruneGlobs(["openai/gpt-4o", "openai/*", "a"])).toEqual(["a", "openai/*"]);
  });
});
