import { describe, expect, test } from "vitest";
import { CONTROLS } from "@/lib/policy/catalogue";
import { exampleDocument } from "@/lib/policy/testing";
import {
  controlGroups,
  detectorChoices,
  messagesUnder,
  modesOf,
  problemsOf,
  problemTitle,
  withDetectors,
  withEnrolled,
  withMode,
  withSensitivity,
} from "./edit-document";

test("every control can be bound in every mode that is offered, and the document stays valid", () => {
  for (const control of CONTROLS) {
    for (const mode of modesOf(control)) {
      expect([...problemsOf(withMode(exampleDocument, control.id, mode))], `${control.id} ${mode}`).toEqual(
        [],
      );
    }
  }
});

describe("withMode", () => {
  test("off takes a built-in control out and keeps a custom one with its condition", () => {
    expect(withMode(exampleDocument, "prompt-attack", "off").controls).not.toHaveProperty("prompt-attack");
    const custom = withMode(exampleDocument, "custom/no-restricted-transfers", "off");
    expect(custom.controls["custom/no-restricted-transfers"]).toMatchObject({
      mode: "off",
      when: exampleDocument.controls["custom/no-restricted-transfers"]?.when,
    });
  });

  test("keeps the sensitivity that was chosen", () => {
    const sharper = withSensitivity(exampleDocument, "prompt-attack", "L4");
    expect(withMode(sharper, "prompt-attack", "enforce").controls["prompt-attack"]).toEqual({
      mode: "enforce",
      sensitivity: "L4",
    });
  });
});

test("enrolling twice enrols once", () => {
  const once = withEnrolled(exampleDocument, "pii/email", true);
  expect(withEnrolled(once, "pii/email", true).limited.controls).toEqual(once.limited.controls);
  expect(withEnrolled(once, "pii/email", false).limited.controls).toEqual(exampleDocument.limited.controls);
});

test("asking an outside detector takes a word on what happens when it is away; asking none leaves no trace", () => {
  const { "detector-unavailable": _, ...controls } = exampleDocument.controls;
  const silent = withDetectors({ ...exampleDocument, controls }, []);
  expect(silent).not.toHaveProperty("detectors");
  const asking = withDetectors(silent, ["lakera"]);
  expect([...problemsOf(asking).keys()]).toEqual(["controls.detector-unavailable"]);
  expect([...problemsOf(withMode(asking, "detector-unavailable", "log"))]).toEqual([]);
  expect(withDetectors(asking, [])).toEqual(silent);
});

test("a detector that the document names is offered whatever became of it", () => {
  const known = [
    { name: "lakera", title: "Lakera Guard", retiredAt: null },
    { name: "old", title: "Presidio", retiredAt: "2026-03-02T09:00:00.000Z" },
  ];
  expect(detectorChoices(["lakera", "old", "gone"], known).map(({ label }) => label)).toEqual([
    "lakera (Lakera Guard)",
    "old (retired)",
    "gone (not set up)",
  ]);
  expect(detectorChoices(["gone"], null)).toEqual([{ value: "gone", label: "gone" }]);
});

test("controls are grouped by family, the document's own last", () => {
  const groups = controlGroups(exampleDocument);
  expect(groups.at(-1)).toMatchObject({ id: "custom" });
  expect(groups.flatMap((group) => group.rows)).toHaveLength(CONTROLS.length + 2);
});

test("a bad field is named by its path, and its entry by its place", () => {
  const models = ["openai/gpt-4o", "a**b"];
  const bad = { ...exampleDocument, baseline: { ...exampleDocument.baseline, models } };
  const messages = problemsOf(bad);
  expect([...messages.keys()]).toEqual(["baseline.models.1"]);
  expect(messagesUnder(messages, "baseline.models")).toMatch(/^Entry 2: two wildcards/);
  expect(messagesUnder(messages, "baseline.tools")).toBeNull();
  expect([...messages.keys()].map(problemTitle)).toEqual(["Models, entry 2"]);
  expect(problemTitle("baseline.tools.0.name")).toBe("Tools, entry 1");
  expect(problemTitle("controls.pii/email.mode")).toBe("E-mail address: mode");
});
