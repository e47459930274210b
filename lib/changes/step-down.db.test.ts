import { uuidv7 } from "uuidv7";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Decision } from "@/lib/pdp/decision";
import { someDecision } from "@/lib/pdp/testing";
import type { PolicyDocument } from "@/lib/policy/document";
import { CANARY } from "@/lib/policy/evaluate";
import { someFacts } from "@/lib/policy/testing";
import { addVersion, recordDecisions } from "@/lib/telemetry/testing";
import { buildDocument } from "@/lib/testing/builders";
import { approveAll, submitEdit } from "@/lib/testing/changes";
import { assertConsistent } from "@/lib/testing/consistent-changes";
import { useTestDatabase } from "@/lib/testing/database";
import { as, type Cast, makeCast, makeUseCase, NOW } from "@/lib/testing/people";
import { getPolicy } from "@/lib/use-cases/policy-queries";
import { applyChange } from "./apply-change";
import { stepDownGuarded } from "./step-down";

const test = useTestDatabase();
let cast: Cast;
let useCase: { id: string; slug: string };
beforeAll(async () => {
  cast = await makeCast(test.db);
});
beforeEach(async () => {
  const { id, slug } = await makeUseCase(test.db, cast);
  useCase = { id, slug };
});

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const ago = (ms: number) => new Date(NOW.getTime() - ms);
const BOUND = 3;

const guarded = (different: Partial<PolicyDocument> = {}): PolicyDocument =>
  buildDocument({ secrets: { mode: "enforce", sensitivity: "L2" } }, "enforcing", {
    limited: { controls: ["secrets"], cohort: { percent: 100, workloads: [] } },
    safeguard: { blocksPerHour: BOUND, appealsPerDay: BOUND },
    ...different,
  });

/** Puts a document in force as version 2. */
const put = (document: PolicyDocument, since = ago(7 * DAY_MS)) =>
  addVersion(test.db, useCase.id, 2, document, since);

/** Blocks at these instants, before `NOW` by so many milliseconds. */
const blocks = (agos: readonly number[], different: Partial<Decision> = {}) =>
  recordDecisions(
    test.pool,
    agos.map((ms) =>
      someDecision({
        useCaseId: useCase.id,
        useCase: useCase.slug,
        decidedAt: ago(ms),
        facts: someFacts({ useCase: useCase.slug }),
        policyVersion: 2,
        outcome: "block",
        wouldBe: "block",
        findings: [{ control: "secrets", effect: "blocked", mode: "enforce" }],
        ...different,
      }),
    ),
  );

/** Open appeals of findings, before `NOW` by so many milliseconds. */
const appeals = (agos: readonly number[], different: { effect?: string; decisionId?: string } = {}) =>
  Promise.all(
    agos.map((ms) => {
      const decisionId = uuidv7();
      return test.db.appeal.create({
        data: {
          id: uuidv7(),
          useCaseId: useCase.id,
          decisionId,
          decidedAt: ago(ms),
          control: "secrets",
          effect: "blocked",
          reason: "This is no secret, but a word of our own help pages.",
          status: "open",
          openKey: `${decisionId} secrets`,
          openedById: cast.owner.id,
          openedAt: ago(ms),
          ...different,
        },
      });
    }),
  );

const job = (now = NOW) =>
  stepDownGuarded({ actor: { kind: "job", name: "step-down" }, now, requestId: "test", db: test.db });
const policy = () => getPolicy(as(test.db, cast.auditor), { slug: useCase.slug });
const stage = async () => {
  const { document, version } = await policy();
  return [document.stage, version];
};
const times = (n: number, ms: number) => Array.from({ length: n }, () => ms);

describe("blocks within an hour", () => {
  it("at the bound change nothing; one more steps the stage down once, on the record", async () => {
    await put(guarded());
    await blocks(times(BOUND, MINUTE_MS));
    await job();
    expect(await stage()).toEqual(["enforcing", 2]);
    await blocks([2 * MINUTE_MS]);
    await job();
    expect(await stage()).toEqual(["limited", 3]);
    const row = await test.db.changeRequest.findFirstOrThrow({ where: { useCaseId: useCase.id } });
    expect(row).toMatchObject({
      status: "applied",
      emergency: "step_down",
      requestedById: null,
      direction: "loosens",
      appliedVersion: 3,
      justification: "4 blocks within an hour, more than 3. The stage steps down from enforcing to limited.",
    });
    const entries = await test.db.auditEntry.findMany({ where: { subjectId: row.id } });
    expect(entries).toMatchObject([
      { action: "change.stepped_down", actorKind: "job", detail: { blocks: 4 } },
    ]);
    expect((await policy()).document).toEqual({ ...guarded(), stage: "limited" });
    await assertConsistent(test.db);
  });

  it("count since the version came in force, so that one step down is not followed by another", async () => {
    await put(guarded());
    await blocks(times(BOUND + 1, MINUTE_MS));
    for (const minutes of [0, 1, 2, 30]) await job(new Date(NOW.getTime() + minutes * MINUTE_MS));
    expect(await stage()).toEqual(["limited", 3]);
    await blocks(times(BOUND, -5 * MINUTE_MS), { policyVersion: 3 });
    await job(new Date(NOW.getTime() + 10 * MINUTE_MS));
    expect(await stage()).toEqual(["limited", 3]);
    await blocks([-6 * MINUTE_MS], { policyVersion: 3 });
    await job(new Date(NOW.getTime() + 10 * MINUTE_MS));
    expect(await stage()).toEqual(["logging", 4]);
    await blocks(times(9, -11 * MINUTE_MS), { policyVersion: 4 });
    await job(new Date(NOW.getTime() + 20 * MINUTE_MS));
    expect(await stage()).toEqual(["logging", 4]);
  });

  it("are those of the last hour, to the millisecond", async () => {
    await put(guarded());
    await blocks([...times(BOUND, MINUTE_MS), HOUR_MS + 1, 2 * HOUR_MS, -1]);
    await job();
    expect(await stage()).toEqual(["enforcing", 2]);
    await blocks([HOUR_MS]);
    await job();
    expect(await stage()).toEqual(["limited", 3]);
  });

  it("are those of the version in force, to the millisecond", async () => {
    await put(guarded(), ago(10 * MINUTE_MS));
    await blocks([...times(BOUND, MINUTE_MS), 10 * MINUTE_MS + 1]);
    await job();
    expect(await stage()).toEqual(["enforcing", 2]);
    await blocks([10 * MINUTE_MS]);
    await job();
    expect(await stage()).toEqual(["limited", 3]);
  });

  it("are no observations, would-be blocks or canaries, nor of another use case", async () => {
    await put(guarded());
    const many = times(BOUND + 1, MINUTE_MS);
    await blocks(many, { kind: "observation" });
    await blocks(many, { outcome: "flag" });
    await blocks(many, { findings: [{ control: CANARY, effect: "blocked", mode: "enforce" }] });
    const other = await makeUseCase(test.db, cast);
    await blocks(many, { useCaseId: other.id, useCase: other.slug });
    await job();
    expect(await stage()).toEqual(["enforcing", 2]);
  });
});

describe("appeals within a day", () => {
  it("at the bound change nothing; one more steps down", async () => {
    await put(guarded());
    await appeals([...times(BOUND, HOUR_MS), DAY_MS + 1]);
    await job();
    expect(await stage()).toEqual(["enforcing", 2]);
    await appeals([DAY_MS]);
    await job();
    expect(await stage()).toEqual(["limited", 3]);
    const row = await test.db.changeRequest.findFirstOrThrow({ where: { useCaseId: useCase.id } });
    expect(row.justification).toMatch(/^4 appeals within a day, more than 3\./);
    await job(new Date(NOW.getTime() + HOUR_MS));
    expect(await stage()).toEqual(["limited", 3]);
  });

  it("of one finding count once, and those that were answered as wrong still count", async () => {
    await put(guarded());
    const decisionId = uuidv7();
    await appeals(times(BOUND + 1, HOUR_MS), { decisionId });
    const [other] = await appeals(times(BOUND - 1, HOUR_MS));
    await job();
    expect(await stage()).toEqual(["enforcing", 2]);
    const data = {
      ...{ status: "overturned" as const, openKey: null, closedAt: NOW },
      ...{ closedById: cast.lead.id, answer: "You are right." },
    };
    await test.db.appeal.update({ where: { id: other?.id ?? "" }, data });
    await appeals([HOUR_MS]);
    await job();
    expect(await stage()).toEqual(["limited", 3]);
  });

  it("that were taken back or answered as right, or are of what did not act, do not count", async () => {
    await put(guarded());
    const many = times(BOUND + 1, HOUR_MS);
    const end = { openKey: null, closedAt: NOW };
    for (const { id } of await appeals(many)) {
      const data = { ...end, status: "withdrawn" as const, closedById: cast.owner.id };
      await test.db.appeal.update({ where: { id }, data });
    }
    for (const { id } of await appeals(many)) {
      const data = { ...end, status: "upheld" as const, closedById: cast.lead.id, answer: "It was right." };
      await test.db.appeal.update({ where: { id }, data });
    }
    await appeals(many, { effect: "logged" });
    await job();
    expect(await stage()).toEqual(["enforcing", 2]);
  });
});

describe("the safeguard", () => {
  it("is the policy's own: without one, or with a bound of none, nothing steps down", async () => {
    await put(guarded({ safeguard: { blocksPerHour: null, appealsPerDay: BOUND } }));
    await blocks(times(50, MINUTE_MS));
    await job();
    expect(await stage()).toEqual(["enforcing", 2]);
    const { safeguard: _, ...without } = guarded();
    await addVersion(test.db, useCase.id, 3, without, ago(HOUR_MS));
    await job();
    expect(await stage()).toEqual(["enforcing", 3]);
  });

  it("goes to logging where nothing is enrolled", async () => {
    await put(guarded({ limited: { controls: [], cohort: { percent: 0, workloads: [] } } }));
    await blocks(times(BOUND + 1, MINUTE_MS));
    await job();
    expect(await stage()).toEqual(["logging", 3]);
  });

  it("of one use case works though another's policy cannot be read", async () => {
    await put(guarded());
    await blocks(times(BOUND + 1, MINUTE_MS));
    const other = await makeUseCase(test.db, cast);
    const broken = { ...guarded(), baseline: "gone" };
    const row = { useCaseId: other.id, number: 2, cedar: "", digest: "", effectiveFrom: ago(DAY_MS) };
    const { id } = await test.db.policyVersion.create({ data: { ...row, id: uuidv7(), document: broken } });
    await expect(job()).rejects.toThrow();
    expect(await stage()).toEqual(["limited", 3]);
    await test.db.$executeRaw`ALTER TABLE "policy_version" DISABLE TRIGGER USER`;
    await test.db.policyVersion.delete({ where: { id } });
  });

  it("never undoes a change that is applied at that instant: either comes first, and the other is told", async () => {
    for (let round = 0; round < 10; round++) {
      const { id, slug } = await makeUseCase(test.db, cast);
      useCase = { id, slug };
      await put(guarded());
      const edit = (document: PolicyDocument) => ({ ...document, failMode: "open" as const });
      const change = await submitEdit(test.db, cast, { slug, edit });
      await approveAll(test.db, cast, change);
      await blocks(times(BOUND + 1, MINUTE_MS));
      const apply = () => applyChange(as(test.db, cast.owner), { id: change.id });
      const both = round % 2 === 0 ? [apply(), job()] : [job(), apply()];
      const [first, second] = await Promise.allSettled(both);
      const applied = round % 2 === 0 ? first : second;
      const isApplied = applied?.status === "fulfilled";
      if (applied?.status === "rejected") expect(applied.reason).toMatchObject({ code: "conflict" });
      const { document, version } = await policy();
      expect([document.failMode, document.stage]).toEqual(
        isApplied ? ["open", "enforcing"] : ["closed", "limited"],
      );
      expect(version).toBe(3);
    }
  });
});
