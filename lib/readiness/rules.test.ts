import { describe, expect, test } from "vitest";
import type { Mode, PolicyDocument, Sensitivity, Stage } from "@/lib/policy/document";
import { MODES, STAGES } from "@/lib/policy/document";
import { exampleDocument } from "@/lib/policy/testing";
import { acts, isAsked, movedUp, nextStage } from "./rules";

interface Setting {
  stage: Stage;
  mode: Mode;
  enrolled: boolean;
  percent: number;
  sensitivity: Sensitivity;
}

function documentOf({ stage, mode, enrolled, percent, sensitivity }: Setting): PolicyDocument {
  return {
    ...exampleDocument,
    stage,
    limited: { controls: enrolled ? ["secrets"] : [], cohort: { percent, workloads: [] } },
    controls: mode === "off" ? {} : { secrets: { mode, sensitivity } },
  };
}

const plain: Setting = { stage: "logging", mode: "log", enrolled: false, percent: 10, sensitivity: "L2" };
const moved = (before: Partial<Setting>, after: Partial<Setting>) =>
  movedUp(documentOf({ ...plain, ...before }), documentOf({ ...plain, ...before, ...after }));

describe("movedUp", () => {
  const acting = ["redact", "require_approval", "enforce"];

  test("every mode to every mode at every stage, enrolled and not: as the rule says", () => {
    for (const stage of STAGES)
      for (const enrolled of [true, false])
        for (const from of MODES)
          for (const to of MODES) {
            const stricter = MODES.indexOf(to) > MODES.indexOf(from);
            const reaches = stage === "enforcing" || (stage === "limited" && enrolled);
            const expected =
              stricter && (to === "enforce" || to === "require_approval" || (to === "redact" && reaches));
            const found = moved({ stage, enrolled, mode: from }, { mode: to });
            expect([stage, enrolled, from, to, found]).toEqual([
              stage,
              enrolled,
              from,
              to,
              expected ? ["secrets"] : [],
            ]);
          }
  });

  test("a higher stage counts each control that then acts, a lower one none", () => {
    for (const mode of MODES)
      for (const enrolled of [true, false])
        for (const from of STAGES)
          for (const to of STAGES) {
            const up = STAGES.indexOf(to) > STAGES.indexOf(from);
            const then = acting.includes(mode) && (to === "enforcing" || (to === "limited" && enrolled));
            const found = moved({ stage: from, mode, enrolled }, { stage: to });
            expect([mode, enrolled, from, to, found]).toEqual([
              mode,
              enrolled,
              from,
              to,
              up && then ? ["secrets"] : [],
            ]);
          }
  });

  test("enrolment, a wider cohort and a wider sensitivity count where the control acts", () => {
    const limited = { stage: "limited", mode: "enforce" } as const;
    expect(moved(limited, { enrolled: true })).toEqual(["secrets"]);
    expect(moved({ ...limited, enrolled: true }, { percent: 50 })).toEqual(["secrets"]);
    expect(moved({ ...limited, enrolled: true }, { percent: 5 })).toEqual([]);
    expect(moved(limited, { percent: 50 })).toEqual([]);
    expect(moved({ ...limited, enrolled: true }, { sensitivity: "L3" })).toEqual(["secrets"]);
    expect(moved({ ...limited, enrolled: true }, { sensitivity: "L1" })).toEqual([]);
    expect(moved({ mode: "enforce" }, { sensitivity: "L3" })).toEqual([]);
    expect(moved({ ...limited, enrolled: true, mode: "log" }, { sensitivity: "L3" })).toEqual([]);
  });

  test("a workload that joins the cohort counts", () => {
    const before = documentOf({ ...plain, stage: "limited", mode: "enforce", enrolled: true });
    const joined = { ...before.limited, cohort: { percent: 10, workloads: ["gateway"] } };
    expect(movedUp(before, { ...before, limited: joined })).toEqual(["secrets"]);
    expect(movedUp({ ...before, limited: joined }, before)).toEqual([]);
  });
});

test("readiness is asked for when a control or the stage moves up, and never for a step down", () => {
  const at = (stage: Stage, mode: Mode) => documentOf({ ...plain, stage, mode });
  expect(isAsked(at("logging", "log"), at("limited", "log"))).toBe(true);
  expect(isAsked(at("logging", "log"), at("logging", "enforce"))).toBe(true);
  expect(isAsked(at("logging", "log"), at("logging", "redact"))).toBe(false);
  expect(isAsked(at("enforcing", "enforce"), at("limited", "log"))).toBe(false);
  expect(isAsked(at("enforcing", "enforce"), at("enforcing", "enforce"))).toBe(false);
});

test("what acts does more than log, at its stage and where it is enrolled", () => {
  const base = { ...plain, mode: "redact" } as const;
  expect(acts(documentOf(base), "secrets")).toBe(false);
  expect(acts(documentOf({ ...base, stage: "limited" }), "secrets")).toBe(false);
  expect(acts(documentOf({ ...base, stage: "limited", enrolled: true }), "secrets")).toBe(true);
  expect(acts(documentOf({ ...base, stage: "enforcing" }), "secrets")).toBe(true);
  expect(acts(documentOf({ ...base, stage: "enforcing", mode: "log" }), "secrets")).toBe(false);
  expect(acts(documentOf({ ...base, stage: "enforcing" }), "prompt-attack")).toBe(false);
});

describe("nextStage", () => {
  const fresh = { ...exampleDocument, limited: { controls: [], cohort: { percent: 0, workloads: [] } } };

  test("limited enrols the high-confidence controls that do something, for a first share of sessions", () => {
    expect(nextStage(fresh)).toMatchObject({
      stage: "limited",
      limited: { controls: ["tool-not-approved"], cohort: { percent: 10 } },
    });
  });

  test("keeps what was enrolled already", () => {
    expect(nextStage(exampleDocument)?.limited).toEqual(exampleDocument.limited);
  });

  test("goes on to enforcing and ends there", () => {
    const limited = nextStage(fresh);
    const enforcing = limited && nextStage(limited);
    expect(enforcing?.stage).toBe("enforcing");
    expect(enforcing && nextStage(enforcing)).toBeNull();
  });
});
