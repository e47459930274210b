import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileCustomDetectors, detect } from "@/lib/detect/registry";

/** What the patterns of detectors hang on: repeated and mixed, these make the worst texts we know. */
const PIECES = [
  ..."1a@.-:=_/?+~( \n\u200bé１",
  ...[
    "1-",
    "1 ",
    "4111 ",
    "4111111111111111 ",
    "536-22-8726 ",
    "DE89 ",
    "AA11",
    "a@a.",
    "@a.co ",
    "a.com ",
    "//a.b/",
  ],
  ...[
    "http://",
    "http:\\\\a.b/",
    "https://a.b/(",
    "http://[::",
    "://a:b@",
    "![](http://a.co/?",
    "1.2.3.4:80 ",
    "data:a/b,",
  ],
  ...[
    "eyJ-",
    "eyJa.eyJa.",
    "sk-ant-api03-",
    "ops_ey",
    "xoxb-1-",
    "sntrys_eyJ",
    "aaa8Q~",
    "AKIA",
    "QUJDQUJDQUJDQUJD/",
  ],
  ...[
    "password=",
    "token=token=",
    'key="a" value=',
    "-----BEGIN PRIVATE KEY-----",
    "apiVersion: kind: secret\ndata:\n",
  ],
  ...[" at ", "[at]", "a at a dot ", "password for a is ", "legal ", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"],
];

const CUSTOM = compileCustomDetectors({
  "custom/own": {
    phrases: ["legal advice", "a a a a"],
    patterns: ["(a+)+$", "(1|1-|1 )*x", "\\bsue (him|her)\\b"],
  },
});
const SMALL = 1 << 17;
const LARGE = 1 << 20;
/** Eightfold text may take eightfold time; a quadratic detector would take sixty-fourfold. */
const FACTOR = (LARGE / SMALL) * 4;
/** Under this, times say more about the machine than about the text. */
const NOISE_MS = 25;

function fill(unit: string, length: number): string {
  return unit.repeat(Math.ceil(length / unit.length)).slice(0, length);
}

function timeOf(text: string): number {
  const begin = performance.now();
  detect([{ text, channel: "brought" }], CUSTOM);
  return performance.now() - begin;
}

function expectLinear(unit: string): void {
  const small = Math.max(NOISE_MS, timeOf(fill(unit, SMALL)), timeOf(fill(unit, SMALL)));
  expect(timeOf(fill(unit, LARGE))).toBeLessThan(small * FACTOR);
}

describe("hostile texts of 1 MiB", () => {
  it.each(PIECES)("grow no faster than their length: %j", expectLinear, 60_000);

  it("grow no faster than their length when mixed", { timeout: 300_000 }, () => {
    const mixture = fc
      .array(fc.constantFrom(...PIECES), { minLength: 2, maxLength: 6 })
      .map((parts) => parts.join(""));
    fc.assert(fc.property(mixture, expectLinear), { numRuns: 12 });
  });
});
