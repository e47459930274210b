import { describe, expect, it } from "vitest";
import { compileCustomDetectors, detect, redact } from "@/lib/detect/registry";
import { trusted } from "@/lib/detect/testing";
import { SluiceError } from "@/lib/errors";

function found(text: string, control: { phrases?: string[]; patterns?: string[]; mode?: string }) {
  const custom = compileCustomDetectors({ "custom/own": control, "pii/email": {} });
  return detect(trusted(text), custom).spans.map(({ level, start, end }) => [level, text.slice(start, end)]);
}

describe("custom detectors", () => {
  it.each([
    ["No Legal  advice!", "Legal  advice", 1],
    ["legal-advice", "legal-advice", 2],
    ["illegal advices", "legal advice", 3],
    ["le\u200bgal advice", "le\u200bgal advice", 1],
  ])("finds the phrase in %j", (text, part, level) => {
    expect(found(text, { phrases: ["legal advice"] })).toEqual([[level, part]]);
  });

  it("finds patterns without regard to case, at L1", () => {
    expect(found("Will we SUE them, or sue her?", { patterns: ["\\bsue (him|her|them)\\b"] })).toEqual([
      [1, "SUE them"],
      [1, "sue her"],
    ]);
  });

  it("leaves no match of a pattern out, however many there are", () => {
    const text = `${"K-1234 ".repeat(250)}`;
    const custom = compileCustomDetectors({ "custom/own": { patterns: ["K-\\d{4}"] } });
    const masked = redact(text, detect(trusted(text), custom).spans);
    expect(masked).toContain("[custom/own]");
    expect(masked).not.toMatch(/\d/);
  });

  it("takes signs in a phrase as they are", () => {
    expect(found("c++ (draft) and cab", { phrases: ["C++ (draft)"] })).toEqual([[1, "c++ (draft)"]]);
  });

  it("looks for nothing when the control is off", () => {
    expect(found("legal advice", { phrases: ["legal advice"], mode: "off" })).toEqual([]);
  });

  it("refuses what cannot be looked for, by its path", () => {
    const compile = () =>
      compileCustomDetectors({ "custom/a": { phrases: [" "], patterns: ["(", "x*", "(?=a)"] } });
    expect(compile).toThrow(SluiceError);
    try {
      compile();
    } catch (error) {
      expect((error as SluiceError).fields.map((field) => field.path)).toEqual([
        "controls.custom/a.phrases.0",
        "controls.custom/a.patterns.0",
        "controls.custom/a.patterns.1",
        "controls.custom/a.patterns.2",
      ]);
    }
  });
});
