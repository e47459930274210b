import { describe, expect, test } from "vitest";
import { origins } from "@/lib/policy/lattice";
import { exampleDocument } from "@/lib/policy/testing";
import type { FloorView } from "@/lib/use-cases/views";
import { flooredBy, originText, valueAt } from "./origin";

const floor: FloorView = {
  dataClass: "restricted",
  number: 3,
  effectiveFrom: "2026-01-01T00:00:00.000Z",
  document: {
    ...exampleDocument,
    stage: "logging",
    limited: { controls: [], cohort: { percent: 25, workloads: [] } },
    baseline: { ...exampleDocument.baseline, models: ["anthropic/*"] },
    controls: {
      secrets: { mode: "enforce", sensitivity: "L2" },
      "prompt-attack": { mode: "log", sensitivity: "L4" },
    },
  },
};
const policy = { document: exampleDocument, floor, origins: origins(exampleDocument, floor.document) };

describe("where a value comes from", () => {
  test.each([
    ["stage", "document"],
    ["limited.cohort.percent", "floor of restricted, version 3; document: 10"],
    ["baseline.models", "floor of restricted, version 3; document: openai/gpt-4o, anthropic/*"],
    ["controls.prompt-attack.mode", "document"],
    ["controls.prompt-attack.sensitivity", "floor of restricted, version 3; document: L2"],
    ["controls.secrets.mode", "floor of restricted, version 3; document: none"],
  ])("%s: %s", (path, text) => expect(originText(policy, path)).toBe(text));

  test("without a floor it is the document", () => {
    expect(originText({ ...policy, floor: null, origins: {} }, "baseline.models")).toBe("document");
  });
});

test("a form says what will be in force instead, and nothing where the document is as strict", () => {
  const floored = flooredBy(exampleDocument, floor);
  expect(floored("controls.secrets.mode")).toBe("In force: enforce, by the floor of restricted, version 3");
  expect(floored("limited.cohort.percent")).toBe("In force: 25, by the floor of restricted, version 3");
  expect(floored("baseline.tools")).toBeNull();
  expect(flooredBy(exampleDocument, null)("controls.secrets.mode")).toBeNull();
});

test("values are found by path, of controls too", () => {
  expect(valueAt(exampleDocument, "baseline.credentials.maxAgeHours")).toBe(720);
  expect(valueAt(exampleDocument, "controls.custom/no-legal-advice.sensitivity")).toBe("L2");
  expect(valueAt(exampleDocument, "controls.secrets.mode")).toBeUndefined();
});
