import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HOSTILE_PIECES, repeated } from "@/lib/detect/hostile-texts";
import { compileCustomDetectors, detect } from "@/lib/detect/registry";

const CUSTOM = compileCustomDetectors({
  "custom/own": {
    phrases: ["legal advice", "a a a a"],
    patterns: ["(a+)+$", "(1|1-|1 )*x", "\\bsue (him|her)\\b"],
  },
});
const SMALL = 1 << 16;
const LARGE = 1 << 19;
/** Eightfold text may take eightfold time; a quadratic detector would take sixty-fourfold. */
const FACTOR = (LARGE / SMALL) * 4;
/** Under this, times say more about the machine than about the text. */
const NOISE_MS = 25;

function timeOf(text: string): number {
  const begin = performance.now();
  detect([{ text, channel: "brought" }], CUSTOM);
  return performance.now() - begin;
}

function expectLinear(unit: string): void {
  const small = Math.max(NOISE_MS, timeOf(repeated(unit, SMALL)), timeOf(repeated(unit, SMALL)));
  expect(timeOf(repeated(unit, LARGE))).toBeLessThan(small * FACTOR);
}

describe("hostile texts of 512 KiB", () => {
  it.each(HOSTILE_PIECES)("grow no faster than their length: %j", expectLinear, 60_000);

  it("grow no faster than their length when mixed", { timeout: 300_000 }, () => {
    const mixture = fc
      .array(fc.constantFrom(...HOSTILE_PIECES), { minLength: 2, maxLength: 6 })
      .map((parts) => parts.join(""));
    fc.assert(fc.property(mixture, expectLinear), { numRuns: 12 });
  });
});
