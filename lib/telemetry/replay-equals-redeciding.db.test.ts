import * as fc from "fast-check";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { revokeException } from "@/lib/exceptions/revoke-exception";
import { differences, signedBundleSchema } from "@/lib/policy/bundle";
import type { Mode, PolicyDocument, Stage } from "@/lib/policy/document";
import { buildDocument, buildFloorVersion } from "@/lib/testing/builders";
import { useTestDatabase } from "@/lib/testing/database";
import { TEST_SECRET } from "@/lib/testing/decision-point";
import { as } from "@/lib/testing/people";
import { type ChainPlan, proveChain, type Step } from "@/lib/testing/redeciding/chain";
import { grantException, type Lab, makeLab } from "@/lib/testing/redeciding/passes";
import { anyProposal, type Lean } from "@/lib/testing/redeciding/proposals";
import { findRecording, generateRuns, type Run } from "@/lib/testing/redeciding/traffic";
import { readRuns } from "@/scripts/replay/recorded";
import { getReproduction } from "./get-reproduction";

vi.stubEnv("SLUICE_SECRET", TEST_SECRET);
const database = useTestDatabase();
/** A floor masks card numbers whatever a policy says; every use case here is of its data class. */
beforeAll(async () => {
  const floor = buildDocument({ "pii/credit-card": { mode: "redact", sensitivity: "L2" } }, "logging", {
    failMode: "open",
  });
  await buildFloorVersion(database.db, "internal", floor);
});
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const START = new Date("2026-03-02T09:20:00.000Z");
const later = (at: Date, ms: number) => new Date(at.getTime() + ms);
/** `SLUICE_TEST_SEED` makes other changes and traffic; it is printed with what fails. */
const SEED = Number(process.env["SLUICE_TEST_SEED"] ?? 20_260_302);
/** Every so manieth recorded run; `SLUICE_TEST_EVERY=1` takes all of them. */
const EVERY = Number(process.env["SLUICE_TEST_EVERY"] ?? 7);
const SEED_HINT = `SLUICE_TEST_SEED=${SEED}`;

/** Up and down again, in changes of every direction. */
const MOVES: { stage: Stage; lean: Lean }[] = [
  { stage: "limited", lean: "mixed" },
  { stage: "enforcing", lean: "tightens" },
  { stage: "limited", lean: "loosens" },
  { stage: "enforcing", lean: "mixed" },
  { stage: "logging", lean: "loosens" },
];

const proposed: ChainPlan["propose"] = ({ useCase, step, base, facts }) => {
  const seed = SEED + 1_000 * step + useCase.length;
  const [proposal] = fc.sample(anyProposal(base, facts, MOVES[step] ?? { stage: "logging", lean: "mixed" }), {
    seed,
    numRuns: 1,
  });
  if (proposal === undefined) throw new Error("no proposal");
  return proposal;
};

/** Flips both ways were met, and an exception spared something. */
function expectMuch(steps: readonly Step[]): void {
  const sum = (pick: (step: Step) => number) => steps.reduce((total, step) => total + pick(step), 0);
  expect(
    sum(({ change }) => change.evidence?.impact?.stricter ?? 0),
    SEED_HINT,
  ).toBeGreaterThan(0);
  expect(
    sum(({ change }) => change.evidence?.impact?.looser ?? 0),
    SEED_HINT,
  ).toBeGreaterThan(0);
  expect([...new Set(steps.map(({ change }) => change.direction))].sort(), SEED_HINT).toEqual([
    "loosens",
    "mixed",
    "tightens",
  ]);
  const spared = steps.flatMap(({ pairs }) => pairs).filter(({ is }) => hasSpared(is.answer));
  expect(spared.length, SEED_HINT).toBeGreaterThan(0);
}

/** Every decision comes out the same again from the policy that is taken away with it, and the facts alone. */
async function expectReproducible(lab: Lab): Promise<void> {
  const auditor = as(database.db, lab.cast.auditor, later(START, 400 * DAY));
  const ids = await database.db.$queryRaw<{ id: string }[]>`
    SELECT id::text FROM decision WHERE hashtext(id::text) % 5 = 0`;
  expect(ids.length).toBeGreaterThan(100);
  for (const { id } of ids) {
    const { decision, policy } = JSON.parse(JSON.stringify(await getReproduction(auditor, { id })));
    expect(differences(decision, signedBundleSchema.parse(policy).bundle), SEED_HINT).toEqual([]);
  }
}

function hasSpared({ findings }: { findings: { effect: string }[] }): boolean {
  return findings.some(({ effect }) => effect === "exempted");
}

/** Every so manieth run. The recording knows no people: to five of six runs one is made up, and labelled so. */
async function recordedRuns(file: string, every: number): Promise<Run[]> {
  const runs: Run[] = [];
  let index = 0;
  for await (const { useCase, requests } of readRuns(file)) {
    if (index++ % every !== 0) continue;
    const person =
      runs.length % 6 === 0 ? {} : { actor: { id: `u-${runs.length % 6}` }, synthetic: ["actor"] };
    runs.push({ useCase, requests: requests.map((one) => ({ ...one, ...person })) });
  }
  return runs;
}

describe("what a change's page shows is what the decision point then decides", () => {
  it("on generated traffic, over several versions and a window that cuts a pass", async () => {
    const useCases = ["support", "sales"];
    const workloads = ["gateway", "agent", "batch"];
    const lab = await makeLab(database, { useCases, workloads, now: later(START, -DAY) });
    const steps = await proveChain(lab, {
      runs: generateRuns(useCases, 45, SEED),
      startsAt: START,
      roundMs: 5 * MINUTE,
      gapMs: 10 * DAY - 20 * MINUTE,
      steps: 5,
      propose: proposed,
      hint: SEED_HINT,
      before: async (at, round, startsAt) => {
        if (round > 0) return;
        await grantException(lab, at, {
          useCase: "support",
          controls: ["tool-not-approved", "model-not-approved", "high-impact-tool", "unattributed-actor"],
          scope: { models: ["openai/*"] },
          startsAt: later(startsAt, -HOUR),
          expiresAt: later(startsAt, 40 * MINUTE),
        });
      },
    });
    expectMuch(steps);
    await expectReproducible(lab);
  }, 300_000);

  it("on recorded agent traces", async ({ skip }) => {
    const file = findRecording();
    if (file === null) return skip("../shared/data is not there");
    const useCases = ["banking", "workspace"];
    const workloads = ["agents-1", "agents-2", "agents-3", "agents-4"];
    const lab = await makeLab(database, { useCases, workloads, now: later(START, -DAY) });
    const steps = await proveChain(lab, {
      runs: await recordedRuns(file, EVERY),
      startsAt: START,
      roundMs: 45_000,
      gapMs: 40 * DAY,
      steps: 4,
      propose: proposed,
      hint: SEED_HINT,
      before: async (at, round, startsAt) => {
        if (round > 0) return;
        await grantException(lab, at, {
          useCase: "banking",
          controls: ["tool-not-approved", "high-impact-tool", "unattributed-actor"],
          scope: { tools: ["send_money", "update_*", "get_*"] },
          startsAt,
          expiresAt: later(startsAt, 30 * MINUTE),
        });
        await grantException(lab, at, {
          useCase: "workspace",
          controls: ["prompt-attack", "model-not-approved", "pii/email", "unattributed-actor"],
          scope: { models: ["gpt-4o*"], workloads: ["agents-1", "agents-2"] },
          startsAt: later(startsAt, 10 * MINUTE + 1),
          expiresAt: later(startsAt, 20 * DAY),
        });
      },
    });
    expectMuch(steps);
  }, 600_000);
});

describe("what was not looked for in content", () => {
  it("is not shown as if it were known: a custom control that is added, switched off and on again", async () => {
    const lab = await makeLab(database, {
      useCases: ["desk"],
      workloads: ["counter"],
      now: later(START, -DAY),
    });
    const modes = ["enforce", "off", "require_approval", "enforce"] as const;
    await proveChain(lab, {
      runs: generateRuns(["desk"], 20, SEED),
      startsAt: START,
      roundMs: MINUTE,
      gapMs: 40 * DAY,
      steps: modes.length,
      propose: ({ step, base }) => ({
        ...base,
        stage: "limited",
        limited: { controls: ["custom/hours"], cohort: { percent: 100, workloads: [] } },
        controls: {
          ...base.controls,
          "custom/hours": { mode: modes[step] ?? "off", sensitivity: "L2", phrases: ["opening hours"] },
        },
      }),
      unknowable: (step) => step === 0 || step === 2,
      hint: SEED_HINT,
    });
  }, 300_000);
});

describe("within one hour", () => {
  /** Every tool is unknown and stopped: what passes is spared by an exception. */
  const strict = (base: PolicyDocument, stage: Stage, mode: Mode): PolicyDocument => ({
    ...base,
    stage,
    limited: { controls: ["tool-not-approved"], cohort: { percent: 100, workloads: [] } },
    baseline: { ...base.baseline, tools: [] },
    controls: { "tool-not-approved": { mode } },
  });

  const moves: [Stage, Mode][] = [
    ["limited", "enforce"],
    ["enforcing", "require_approval"],
    ["logging", "enforce"],
  ];

  it("an exception that expires, one approved and one revoked are replayed to the millisecond", async () => {
    const lab = await makeLab(database, {
      useCases: ["payments"],
      workloads: ["teller", "clerk"],
      now: later(START, -DAY),
    });
    const call = (name: string) => ({ action: "tool_call" as const, tool: { name } });
    const requests = [call("send_money"), call("search_files"), call("read_file")];
    const runs = Array.from({ length: 40 }, (_, index) => ({
      useCase: "payments",
      requests: requests.map((one) => ({ ...one, sessionId: `hour-${index}` })),
    }));
    const terms = (tool: string, startsAt: Date) => ({
      useCase: "payments",
      controls: ["tool-not-approved"],
      scope: { tools: [tool] },
      startsAt,
    });
    let revocable = "";
    const steps = await proveChain(lab, {
      runs,
      startsAt: START,
      roundMs: MINUTE,
      gapMs: 40 * DAY,
      steps: 3,
      propose: ({ step, base }) => {
        const [stage, mode] = moves[step] ?? (["logging", "off"] as const);
        return strict(base, stage, mode);
      },
      hint: "no seed",
      before: async (at, round, startsAt) => {
        const expiring = { ...terms("send_money", startsAt), expiresAt: later(startsAt, 7 * MINUTE) };
        if (round === 0) await grantException(lab, at, expiring);
        if (round === 0) {
          const granted = await grantException(lab, at, {
            ...terms("read_file", later(startsAt, 2 * MINUTE + 1)),
            expiresAt: later(startsAt, DAY),
          });
          revocable = granted.id;
        }
        if (round === 11)
          await grantException(lab, at, { ...terms("search_*", startsAt), expiresAt: later(startsAt, DAY) });
        if (round === 13)
          await revokeException(as(database.db, lab.cast.lead, at), { id: revocable, reason: "Misused." });
      },
    });
    const enforced = steps[1]?.pairs ?? [];
    const spared = (name: string) => [
      ...new Set(
        enforced.filter(({ is }) => is.request.tool?.name === name && hasSpared(is.answer)).map(minuteOf),
      ),
    ];
    const minuteOf = ({ was }: { was: { at: Date } }) => was.at.getUTCMinutes() - START.getUTCMinutes();
    const minutes = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => from + at);
    expect(spared("send_money")).toEqual(minutes(0, 7));
    expect(spared("read_file")).toEqual(minutes(3, 13));
    expect(spared("search_files")).toEqual(minutes(11, 20));
    /** Each of the two workloads: 13 minutes of transfers, 10 of reading and 11 of searching were not spared. */
    const stopped = 2 * (13 + 10 + 11);
    expect(steps.map(({ change }) => change.evidence?.impact?.flips)).toEqual([
      [{ from: "flag", to: "block", stricter: true, n: stopped }],
      [{ from: "block", to: "require_approval", stricter: false, n: stopped }],
      [{ from: "require_approval", to: "flag", stricter: false, n: stopped }],
    ]);
  }, 300_000);
});
