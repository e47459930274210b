import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyFacts } from "./arbitraries";
import { bucketOf, COHORT_PERCENT_BOUNDS, offBoundMessage, REQUESTS_PER_MINUTE_BOUNDS } from "./buckets";
import { canonicalJson } from "./canonical";
import { factsDigest, sha256Hex } from "./digest";
import { cohortOf, type Facts, toFacts } from "./facts";
import { someFacts } from "./testing";

describe("facts and their digest", { timeout: 60_000 }, () => {
  it("equals the hash of the canonical JSON, whatever order the facts came in", () => {
    const links = fc.dictionary(
      fc.string({ unit: "grapheme", maxLength: 4 }),
      fc.constantFrom(1 as const, 4 as const),
    );
    fc.assert(
      fc.property(anyFacts, links, fc.string({ unit: "binary" }), (facts, hosts, model) => {
        const canonical = toFacts({ ...facts, links: hosts, model });
        const turned = Object.fromEntries(Object.entries(canonical).reverse()) as unknown as Facts;
        expect(factsDigest(canonical)).toBe(sha256Hex(canonicalJson(canonical)));
        expect(JSON.stringify(toFacts(turned))).toBe(JSON.stringify(canonical));
      }),
      { numRuns: 2000 },
    );
  });

  it("holds keys that look like array indexes in canonical order", () => {
    const facts = someFacts({ links: { "9": 1, "10": 2, "-1": 3 } });
    expect(factsDigest(facts)).toBe(sha256Hex(canonicalJson(facts)));
    expect(canonicalJson(facts)).toContain('{"-1":3,"10":2,"9":1}');
  });

  it("leaves absent facts out", () => {
    expect(Object.keys(toFacts({ ...someFacts(), tool: undefined } as Facts))).not.toContain("tool");
  });
});

describe("buckets", () => {
  it("fire above a threshold exactly when the number is above it", () => {
    fc.assert(
      fc.property(fc.nat(400_000), fc.constantFrom(...REQUESTS_PER_MINUTE_BOUNDS), (value, bound) => {
        expect(bucketOf(value, REQUESTS_PER_MINUTE_BOUNDS) > bound).toBe(value > bound);
      }),
    );
  });

  it("names the nearest bounds", () => {
    expect(offBoundMessage(120, REQUESTS_PER_MINUTE_BOUNDS)).toBeNull();
    expect(offBoundMessage(100, REQUESTS_PER_MINUTE_BOUNDS)).toContain("60 and 120");
    expect(offBoundMessage(0, REQUESTS_PER_MINUTE_BOUNDS)).toContain("nearest is 1");
  });
});

describe("the cohort of a session", () => {
  it("takes in about the percentage, and never changes", () => {
    const cohorts = Array.from({ length: 20_000 }, (_, i) => cohortOf(`session-${i}`));
    for (const percent of COHORT_PERCENT_BOUNDS) {
      const share = (100 * cohorts.filter((cohort) => cohort <= percent).length) / cohorts.length;
      expect(Math.abs(share - percent)).toBeLessThan(1);
    }
    expect(["a", "session-1", "0193c2a4"].map(cohortOf)).toMatchInlineSnapshot(`
      [
        25,
        50,
        100,
      ]
    `);
  });
});
