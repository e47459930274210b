import { expect, test } from "vitest";
import { compare } from "@/lib/policy/lattice";
import { exampleDocument as base } from "@/lib/policy/testing";
import { rebased } from "./rebase";

const proposal = {
  ...base,
  stage: "limited" as const,
  baseline: { ...base.baseline, traffic: { ...base.baseline.traffic, promptChars: 8192 } },
  controls: { secrets: { mode: "enforce" as const, sensitivity: "L1" as const } },
};
const current = {
  ...base,
  failMode: "open" as const,
  baseline: { ...base.baseline, models: ["openai/gpt-5"] },
  controls: { ...base.controls, "pii/email": { mode: "log" as const, sensitivity: "L2" as const } },
};

test("carries what the proposal moved over to the version in force, and nothing else", () => {
  const next = rebased(base, proposal, current);
  expect(next).toMatchObject({ stage: "limited", failMode: "open" });
  expect(next.baseline.models).toEqual(["openai/gpt-5"]);
  expect(next.baseline.traffic.promptChars).toBe(8192);
  expect(Object.keys(next.controls).sort()).toEqual(["pii/email", "secrets"]);
});

test("against its own base it is the proposal itself", () => {
  expect(compare(rebased(base, proposal, base), proposal).moves).toEqual([]);
});

test("leaves the version in force as it was", () => {
  const before = structuredClone(current);
  rebased(base, proposal, current);
  expect(current).toEqual(before);
});
