import { expect, it } from "vitest";
import { DETECTOR_KINDS, setUpDetectorSchema } from "@/lib/detectors/schema";
import type { DetectorView } from "@/lib/detectors/views";
import { type DetectorValues, fieldsOf, inputOf, problemsIn, valuesOf } from "./form-values";

const filled: DetectorValues = { ...valuesOf(null), name: "guard", url: " https://guard.example " };

it.each(DETECTOR_KINDS)("%s: only its own options are sent, and what was set up comes back", (kind) => {
  const input = inputOf({ ...filled, kind });
  expect(problemsIn({ ...filled, kind })).toEqual({});
  expect(setUpDetectorSchema.parse(input)).toMatchObject({
    kind,
    url: "https://guard.example",
    timeoutMs: 500,
  });
  expect(input).not.toHaveProperty("secret");
  const view = { name: "guard", kind, url: input.url, timeoutMs: 500, options: input.options };
  expect(inputOf(valuesOf(view as DetectorView))).toEqual(input);
});

it("a key is sent only when one is typed", () => {
  expect(inputOf({ ...filled, secret: " k " })).toMatchObject({ secret: "k" });
});

it("what is wrong stands on its field", () => {
  const wrong = { ...filled, name: "No Name", url: "guard", timeoutMs: "" };
  expect(Object.keys(problemsIn(wrong)).sort()).toEqual(["name", "timeoutMs", "url"]);
  const template = { ...filled, kind: "http-template" as const };
  expect(problemsIn({ ...template, options: { ...template.options, body: "{" } })).toEqual({
    "options.body": "must be JSON",
  });
  expect(
    fieldsOf([
      { path: "options.rules.1.least.3", message: "too high" },
      { path: "options.body", message: "must hold {{text}}" },
      { path: "secret", message: "is needed" },
    ]),
  ).toEqual({
    "options.rules.1.least": "too high",
    "options.body": "must hold {{text}}",
    secret: "is needed",
  });
});
