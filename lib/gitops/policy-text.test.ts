import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SluiceError } from "@/lib/errors";
import { anyDocument } from "@/lib/policy/arbitraries";
import { documentDigest } from "@/lib/policy/digest";
import { type PolicyDocument, policyDocumentSchema } from "@/lib/policy/document";
import { TEMPLATES } from "@/lib/policy/templates";
import { exampleDocument } from "@/lib/policy/testing";
import { findUnwritable } from "@/lib/schema";
import { parsePolicy, printPolicy } from "./policy-text";

/** Words that YAML could take for something else. */
const TRICKY = [
  "null",
  "~",
  "true",
  "No",
  "0x1f",
  "1e3",
  ".inf",
  "2026-01-01",
  "- dash",
  "key: value",
  "# no comment",
  "&anchor",
  "*alias",
  "!tag",
  "%YAML 1.2",
  "---",
  "...",
  "'quoted'",
  '"double"',
  "\\[\\[\\[\\[\\[",
  "[".repeat(60),
  "line\nbreak",
  "line\r\nbreak",
  "tab\there",
  " \u00a0wide",
  "\u2028sep",
  "\ufeffbom",
  "a\\",
  "é😀",
  "? x",
  "|",
  ">",
  "<<",
  "x ".repeat(60).trim(),
];

const words = fc.oneof(
  fc.constantFrom(...TRICKY),
  fc.string({ unit: "grapheme", minLength: 2, maxLength: 40 }),
  fc.string({ unit: "binary", minLength: 2, maxLength: 40 }),
);

/** Documents whose free texts are anything that a document may hold. */
const anyWording: fc.Arbitrary<PolicyDocument> = fc
  .tuple(anyDocument, fc.array(words, { maxLength: 6 }), words, words)
  .map(([document, phrases, workload, template]) => {
    const parsed = policyDocumentSchema.safeParse({
      ...document,
      template,
      limited: {
        ...document.limited,
        cohort: { ...document.limited.cohort, workloads: [...new Set([workload, "gateway"])] },
      },
      controls: {
        ...document.controls,
        "custom/wording": {
          mode: "log",
          sensitivity: "L2",
          phrases: [...new Set(phrases.map((phrase) => phrase.trim()))],
          patterns: [...new Set(phrases)],
        },
      },
    });
    return parsed.success && findUnwritable(parsed.data) === null ? parsed.data : document;
  });

function refusal(text: string): SluiceError {
  try {
    parsePolicy(text);
  } catch (error) {
    if (error instanceof SluiceError) return error;
    throw error;
  }
  throw new Error("It was read.");
}

const yaml = printPolicy(exampleDocument);

describe("a policy as YAML", () => {
  it("reads back as the same document, with the same digest", () => {
    let worded = 0;
    fc.assert(
      fc.property(anyWording, (document) => {
        const text = printPolicy(document, ["version: 12"]);
        const { document: again } = parsePolicy(text);
        expect(again).toEqual(document);
        expect(documentDigest(again)).toBe(documentDigest(document));
        expect(printPolicy(again, ["version: 12"])).toBe(text);
        if (Object.hasOwn(document.controls, "custom/wording")) worded++;
      }),
      { numRuns: 1500 },
    );
    expect(worded).toBeGreaterThan(300);
  });

  it("is the same text whatever order the keys came in", () => {
    const turned = (value: unknown): unknown =>
      value !== null && typeof value === "object" && !Array.isArray(value)
        ? Object.fromEntries(
            Object.entries(value)
              .reverse()
              .map(([key, child]) => [key, turned(child)]),
          )
        : value;
    expect(printPolicy(turned(exampleDocument) as PolicyDocument)).toBe(yaml);
    expect(yaml.startsWith("schema: sluice.policy/v1\ntemplate: ")).toBe(true);
  });

  it("reads JSON too, and every template", () => {
    expect(parsePolicy(JSON.stringify(exampleDocument)).document).toEqual(exampleDocument);
    for (const { document } of TEMPLATES) {
      expect(parsePolicy(printPolicy(document)).document).toEqual(document);
      expect(parsePolicy(JSON.stringify(document, null, "\t")).document).toEqual(document);
    }
  });

  it("names the path and the line of each mistake", () => {
    const wrong = yaml.replace("stage: ", "stage: soon # ").replace("failMode: ", "failmode: ");
    const fields = Object.fromEntries(refusal(wrong).fields.map(({ path, message }) => [path, message]));
    const line = (text: string) => wrong.split("\n").findIndex((one) => one.startsWith(text)) + 1;
    expect(fields["stage"]).toMatch(`line ${line("stage:")}: `);
    expect(fields["failmode"]).toBe(`line ${line("failmode:")}: there is no such field`);
    expect(fields["failMode"]).toMatch(/^line \d+: /);
  });

  it("names the line of a bad control, of a list's item, and of what a command refused", async () => {
    const text =
      "schema: sluice.policy/v1\nbaseline:\n  models:\n    - a\n    - a\ncontrols:\n  nope:\n    mode: log\n";
    const byPath = new Map(refusal(text).fields.map(({ path, message }) => [path, message]));
    expect(byPath.get("stage")).toMatch(/^line 1: /);
    expect(byPath.get("baseline.models.1")).toMatch(/^line 5: /);
    const { locating } = parsePolicy(yaml);
    const at = yaml.split("\n").findIndex((line) => line.startsWith("controls:")) + 1;
    const failed = locating(async () => {
      throw new SluiceError("invalid", "No.", {
        fields: [
          { path: "proposal.controls.gone.when", message: "no" },
          { path: "If-Match", message: "no" },
        ],
      });
    });
    await expect(failed).rejects.toMatchObject({
      fields: [
        { path: "controls.gone.when", message: `line ${at}: no` },
        { path: "If-Match", message: "line 1: no" },
      ],
    });
  });
});

describe("YAML that is meant to break", () => {
  const laughs = [
    "a: &a [x, x]",
    ...[..."bcdefghij"].map(
      (name, n) => `${name}: &${name} [${"*abcdefghij".slice(0, 1)}${"abcdefghij"[n]}, *${"abcdefghij"[n]}]`,
    ),
  ].join("\n");

  it.each<[string, string]>([
    ["an alias bomb", laughs],
    ["an anchor", yaml.replace("stage: ", "stage: &s ")],
    ["an alias", `${yaml}x: *y\n`],
    ["a tag", yaml.replace("stage: ", "stage: !!str ")],
    ["an anchor of a map", yaml.replace("baseline:\n", "baseline: &b\n")],
    ["a tag of a list", yaml.replace("schema:", "x: !!seq []\nschema:")],
    ["a key that is a list", `${yaml}? [a, b]\n: c\n`],
    ["a key that is null", `${yaml}? \n: c\n`],
    ["a tag of a language", "!!js/function 'function(){}'"],
    ["a local tag", "stage: !mine x"],
    ["a merge", yaml.replace("baseline:\n", "baseline:\n  <<: {}\n")],
    ["two documents", `${yaml}---\n${yaml}`],
    ["a key twice", `${yaml}stage: enforcing\n`],
    ["NUL", yaml.replace("stage: ", "stage: \u0000")],
    ["a text with NUL in it", yaml.replace(/template: .*/, 'template: "a\\0b"')],
    ["nothing", ""],
    ["a number", "42"],
    ["a list", "- a"],
    ["a broken quote", 'stage: "log'],
    ["a tab as indentation", "baseline:\n\tmodels: []"],
    ["__proto__", `${yaml}__proto__:\n  stage: enforcing\n`],
    ["constructor", `${yaml}constructor:\n  stage: enforcing\n`],
  ])("refuses %s", (_, text) => {
    const { code, fields, message } = refusal(text);
    expect(code).toBe("invalid");
    expect(fields.length).toBeGreaterThan(0);
    expect(message).not.toContain("function(){}");
    expect(({} as Record<string, unknown>)["stage"]).toBeUndefined();
  });

  it.each<[string, string]>([
    ["brackets", "[".repeat(500_000)],
    ["braces", '{"a":'.repeat(100_000)],
    ["brackets over lines", "[\n".repeat(250_000)],
    ["dashes", "- ".repeat(250_000)],
    ["questions", "? ".repeat(250_000)],
    ["indentation", Array.from({ length: 900 }, (_, n) => `${" ".repeat(n)}a:`).join("\n")],
    ["comments", "#\n".repeat(250_000)],
    ["quotes", `a: "${"\\x41".repeat(120_000)}"`],
    ["plain lines", "a\n".repeat(250_000)],
    ["keys", Array.from({ length: 40_000 }, (_, n) => `k${n}: 1`).join("\n")],
    ["anchors", "&a ".repeat(170_000)],
    ["tags", "!a ".repeat(170_000)],
    ["folds", `a: >\n${" x\n".repeat(170_000)}`],
  ])("refuses half a megabyte of %s before long", (_, text) => {
    const started = performance.now();
    expect(refusal(text.slice(0, 524_288)).code).toBe("invalid");
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it("refuses five megabytes without reading them", () => {
    expect(refusal(`# ${"x".repeat(5_000_000)}`).code).toBe("too_large");
  });

  it("never breaks on a text that is cut or changed anywhere", () => {
    fc.assert(
      fc.property(
        fc.nat(yaml.length),
        fc.nat(20),
        fc.string({ unit: "binary", maxLength: 8 }),
        (at, cut, other) => {
          const text = yaml.slice(0, at) + other + yaml.slice(at + cut);
          try {
            expect(policyDocumentSchema.safeParse(parsePolicy(text).document).success).toBe(true);
          } catch (error) {
            expect(error).toBeInstanceOf(SluiceError);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});
