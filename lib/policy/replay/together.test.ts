import * as fc from "fast-check";
import { expect, it } from "vitest";
import { anyChange, anyDocument, anyException, anyFacts } from "../arbitraries";
import { compile } from "../compile";
import { factsDigest } from "../digest";
import { evaluate } from "../evaluate";
import { boundaries } from "../exception";
import { steadiness } from "./steady";
import { decidedTogether } from "./together";

const anyTwo = fc.oneof(anyChange, fc.tuple(anyDocument, anyDocument));

it("a policy decided together with another fires what it fires alone", { timeout: 180_000 }, () => {
  const seen = { alike: 0, differs: 0, fired: 0 };
  fc.assert(
    fc.property(anyTwo, fc.array(anyFacts, { minLength: 1, maxLength: 6 }), ([a, b], all) => {
      const [before, after] = [compile(a), compile(b)];
      const together = decidedTogether(before, after);
      seen[before.cedar === after.cedar ? "alike" : "differs"]++;
      for (const facts of all) {
        const alone = compile(b).firedBy(facts);
        expect(together.firedBy(facts, factsDigest(facts))).toEqual(alone);
        expect(together.firedBy(facts, factsDigest(facts)), "remembered").toEqual(alone);
        expect(together.firedBy(facts), "without a key").toEqual(alone);
        seen.fired += alone.length;
      }
    }),
    { numRuns: 120 },
  );
  expect(Math.min(seen.alike, seen.differs)).toBeGreaterThan(5);
  expect(seen.fired).toBeGreaterThan(100);
});

it("steady facts are decided the same at every instant, by each policy", { timeout: 180_000 }, () => {
  const seen = { steady: 0, other: 0 };
  fc.assert(
    fc.property(
      anyTwo,
      fc.array(anyFacts, { minLength: 1, maxLength: 6 }),
      fc.array(anyException, { maxLength: 4 }),
      ([a, b], all, exceptions) => {
        const [before, after] = [compile(a), compile(b)];
        const instants = exceptions.flatMap((terms) => boundaries(terms));
        const recorded = [before.document];
        const isSteady = steadiness({ before, after, turning: exceptions, recorded });
        for (const facts of all) {
          const steady = isSteady(facts, factsDigest(facts));
          seen[steady ? "steady" : "other"]++;
          if (!steady) continue;
          const outcomes = [new Date(0), ...instants].map((instant) =>
            [before, after].map((policy) => evaluate(facts, policy, exceptions, instant).outcome),
          );
          expect(new Set(outcomes.map((pair) => pair.join())).size).toBe(1);
        }
      },
    ),
    { numRuns: 120 },
  );
  expect(Math.min(seen.steady, seen.other)).toBeGreaterThan(10);
});
