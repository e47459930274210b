import { describe, expect, it } from "vitest";
import { type PolicyDocument, policyDocumentSchema } from "./document";
import { exampleDocument } from "./testing";

const problems = (document: unknown): string[] => {
  const parsed = policyDocumentSchema.safeParse(document);
  return parsed.success
    ? []
    : parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
};

function changed(change: (document: PolicyDocument) => void): PolicyDocument {
  const document = structuredClone(exampleDocument);
  change(document);
  return document;
}

describe("the policy document", () => {
  it("takes the example of the design as it stands", () => {
    expect(policyDocumentSchema.parse(exampleDocument)).toEqual(exampleDocument);
  });

  it.each<[string, (document: PolicyDocument) => void, RegExp]>([
    ["an unknown field", (d) => Object.assign(d, { extra: 1 }), /extra/],
    [
      "an unknown control",
      (d) => (d.controls["pii/shoe-size"] = { mode: "log" }),
      /pii\/shoe-size: there is no/,
    ],
    [
      "a bad slug",
      (d) => (d.controls["custom/Bad Slug"] = { mode: "log", when: "true" }),
      /there is no such/,
    ],
    [
      "a sensitivity left out",
      (d) => (d.controls["secrets"] = { mode: "log" }),
      /secrets.sensitivity: .*needs/,
    ],
    [
      "a sensitivity too many",
      (d) => (d.controls["tool-not-approved"] = { mode: "log", sensitivity: "L1" }),
      /takes no sensitivity/,
    ],
    [
      "redact without spans",
      (d) => (d.controls["prompt-attack"] = { mode: "redact", sensitivity: "L1" }),
      /prompt-attack.mode: .*no spans/,
    ],
    [
      "a condition on a built-in control",
      (d) => (d.controls["request-rate"] = { mode: "log", when: "true" }),
      /request-rate.when: only custom/,
    ],
    ["an empty custom control", (d) => (d.controls["custom/x"] = { mode: "log" }), /custom\/x.when: .*needs/],
    [
      "phrases without a sensitivity",
      (d) => (d.controls["custom/x"] = { mode: "log", phrases: ["abc"] }),
      /custom\/x.sensitivity: is needed/,
    ],
    [
      "a comment in a condition",
      (d) => (d.controls["custom/x"] = { mode: "log", when: "true // x" }),
      /custom\/x.when: comments/,
    ],
    [
      "an enrolled control that is not there",
      (d) => d.limited.controls.push("custom/none"),
      /limited.controls.2/,
    ],
    [
      "a threshold off the bounds",
      (d) => (d.baseline.traffic.requestsPerMinute = 100),
      /requestsPerMinute: 100 is not .*60 and 120/,
    ],
    ["a percentage off the bounds", (d) => (d.limited.cohort.percent = 30), /percent: 30 .*25 and 50/],
    [
      "a destination with a scheme",
      (d) => (d.baseline.destinations = ["https://api.example.com"]),
      /destinations.0: must be a host/,
    ],
    [
      "the same tool twice",
      (d) => d.baseline.tools?.push({ name: "send_money", impact: "low" }),
      /tools.2: .*twice/,
    ],
  ])("refuses %s", (_, change, message) => {
    expect(problems(changed(change)).join("\n")).toMatch(message);
  });
});
