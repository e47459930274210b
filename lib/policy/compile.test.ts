import { describe, expect, it } from "vitest";
import { SluiceError } from "@/lib/errors";
import { CONTROLS } from "./catalogue";
import { cedarSchema, compile } from "./compile";
import type { ControlBinding, PolicyDocument } from "./document";
import { exampleDocument, someFacts } from "./testing";

function withControls(controls: Record<string, ControlBinding>): PolicyDocument {
  return { ...exampleDocument, controls };
}

const custom = (when: string) => withControls({ "custom/x": { mode: "log", when } });

function fieldsOf(document: PolicyDocument) {
  try {
    compile(document);
  } catch (error) {
    if (error instanceof SluiceError) return { code: error.code, fields: error.fields };
    throw error;
  }
  return null;
}

describe("compile", { timeout: 60_000 }, () => {
  it("writes the same bytes for the same policy, however its controls are ordered", () => {
    const turned = withControls(Object.fromEntries(Object.entries(exampleDocument.controls).reverse()));
    expect(compile(turned).cedar).toBe(compile(exampleDocument).cedar);
    expect(compile(turned).digest).toBe(compile(exampleDocument).digest);
    expect(compile(exampleDocument).digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it("writes one forbid for each control that is not off", () => {
    const everything = withControls(
      Object.fromEntries(
        CONTROLS.map(({ id, takesSensitivity }): [string, ControlBinding] => [
          id,
          takesSensitivity ? { mode: "log", sensitivity: "L3" } : { mode: "log" },
        ]),
      ),
    );
    const { cedar } = compile(everything);
    expect(cedar.match(/^forbid/gm)).toHaveLength(CONTROLS.length);
    expect(cedar.match(/^permit/gm)).toHaveLength(1);
    for (const { id, family, title } of CONTROLS) {
      expect(cedar).toContain(`@id("${id}")\n@family("${family}")\n@title("${title}")\nforbid`);
    }
    expect(compile(withControls({ secrets: { mode: "off", sensitivity: "L1" } })).cedar).not.toMatch(
      /^forbid/m,
    );
    expect(cedarSchema(everything)).toContain('"unknownLinks": Long');
  });

  it.each([
    ["an unknown attribute", 'context.toool == "x"', /toool.*did you mean `tool`/],
    ["something that is not true or false", "1", /expected Bool/],
    ["broken text", "context.", /failed to parse/],
    ["a second condition", "true } unless { false", /one condition/],
    ["a second policy", "true }; permit (principal, action, resource) when { true", /unexpected token/],
    ["brackets that close too early", "true) || (true", /unexpected token/],
    ["an optional signal without asking for it", 'context.signals["secrets"] <= 1', /optional attribute/],
    ["what is derived from the policy itself", "context.unknownLinks == 0", /unknownLinks.*not found/],
  ])("refuses a condition that is %s", (_, when, message) => {
    const refused = fieldsOf(custom(when));
    expect(refused).toMatchObject({ code: "invalid", fields: [{ path: "controls.custom/x.when" }] });
    expect(refused?.fields[0]?.message).toMatch(message);
  });

  it.each([
    ["principal", 'principal == Workload::"gateway"'],
    ["use case", 'resource == UseCase::"support-bot"'],
    ["action", 'action in [Action::"prompt", Action::"retrieval"]'],
    ["a signal", 'context.signals has "secrets" && context.signals["secrets"] <= 2'],
    ["an error, which counts as fired", "context.promptChars * 9223372036854775807 > 1"],
  ])("takes a condition over the %s", (_, when) => {
    const facts = someFacts({ promptCharsBucket: 64, signals: { secrets: 2 } });
    expect(compile(custom(when)).firedBy(facts)).toEqual(["custom/x"]);
  });

  it("does not mind what callers name their detectors", () => {
    const facts = someFacts({ signals: { __entity: 1, __extn: 1, "custom/unheard-of": 1, secrets: 1 } });
    expect(compile(withControls({ secrets: { mode: "log", sensitivity: "L1" } })).firedBy(facts)).toEqual([
      "secrets",
    ]);
  });

  it("goes on deciding after more policies were compiled than the engine keeps", () => {
    const first = compile(custom('context.tool == "first"'));
    const facts = (tool: string, model: string) => someFacts({ tool, model });
    expect(first.firedBy(facts("first", "m-0"))).toEqual(["custom/x"]);
    for (let i = 0; i < 300; i++) {
      const other = compile(custom(`context.tool == "other-${i}"`));
      expect(other.firedBy(facts(`other-${i}`, "m"))).toEqual(["custom/x"]);
    }
    expect(first.firedBy(facts("first", "m-1"))).toEqual(["custom/x"]);
    expect(first.firedBy(facts("other-1", "m-2"))).toEqual([]);
  });

  it("takes 500 globs in one list", () => {
    const models = Array.from({ length: 500 }, (_, i) => `vendor-${i}/*`);
    const document = withControls({ "model-not-approved": { mode: "log" } });
    const policy = compile({ ...document, baseline: { ...document.baseline, models } });
    expect(policy.firedBy(someFacts({ model: "vendor-499/x" }))).toEqual([]);
    expect(policy.firedBy(someFacts({ model: "vendor-500/x" }))).toEqual(["model-not-approved"]);
  });
});
