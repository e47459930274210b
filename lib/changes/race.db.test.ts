import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PersonActor } from "@/lib/access/context";
import { SluiceError } from "@/lib/errors";
import { keepChanges } from "@/lib/jobs/keep-changes";
import type { PolicyDocument } from "@/lib/policy/document";
import { acceptAll, seenBy, submitEdit } from "@/lib/testing/changes";
import { assertConsistent } from "@/lib/testing/consistent-changes";
import { useTestDatabase } from "@/lib/testing/database";
import { as, type Cast, makeCast, makeUseCase, NOW } from "@/lib/testing/people";
import { getPolicy } from "@/lib/use-cases/policy-queries";
import { acceptConditions } from "./accept-conditions";
import { applyChange } from "./apply-change";
import { approveChange } from "./approve-change";
import { breakGlass } from "./break-glass";
import { editChange } from "./edit-change";
import { scheduleChange } from "./schedule-change";
import { reviewChange } from "./step-back";
import type { ChangeView } from "./views";
import { withdrawChange } from "./withdraw-change";

/** Two at the same instant, so many times over: `SLUICE_RACE_RUNS`, else 77: a thousand over all of them. */
const RUNS = Number(process.env["SLUICE_RACE_RUNS"] ?? 77);
const LONG = 120_000 + RUNS * 2_000;

const test = useTestDatabase();
let cast: Cast;
/** Of low risk: what tightens needs one security lead. */
let slug: string;
beforeAll(async () => {
  cast = await makeCast(test.db);
});
afterAll(() => assertConsistent(test.db), LONG);

const HOUR_MS = 3_600_000;
const later = (ms: number) => new Date(NOW.getTime() + ms);
const by = (actor: PersonActor, now: Date = NOW) => as(test.db, actor, now);
const job = (now: Date) =>
  keepChanges({ actor: { kind: "job", name: "keep-changes" }, now, requestId: "test", db: test.db });
const versions = () => test.db.policyVersion.count();
const statusOf = async ({ id }: { id: string }) =>
  (await test.db.changeRequest.findUniqueOrThrow({ where: { id } })).status;
const countOf = ({ id }: { id: string }, action: string) =>
  test.db.auditEntry.count({ where: { subjectId: id, action } });

let tightened = 0;
/** Tightens or changes one field; another value each time, whatever was in force. */
const models = (document: PolicyDocument): PolicyDocument => ({
  ...document,
  baseline: { ...document.baseline, models: [`model-${++tightened}`] },
});
const open = (edit = models, useCase = slug) => submitEdit(test.db, cast, { slug: useCase, edit });

/** A change whose seats are taken, whatever they are. */
async function approved(edit = models, useCase = slug): Promise<ChangeView> {
  const change = await open(edit, useCase);
  await acceptAll(test.db, cast, change);
  const leads = [cast.lead, cast.lead2];
  for (const { seat } of change.seats) {
    const approver = seat === "risk_owner" ? cast.risk : leads.shift();
    if (approver) await approveChange(by(approver), seenBy(change));
  }
  expect(await statusOf(change)).toBe("approved");
  return change;
}

/** Starts both at the same instant. Whoever is refused is told that somebody else was first, and nothing else. */
async function atOnce(...both: (() => Promise<unknown>)[]): Promise<boolean[]> {
  const settled = await Promise.allSettled(both.map((one) => one()));
  for (const one of settled) {
    if (one.status === "fulfilled") continue;
    expect(one.reason, String(one.reason)).toBeInstanceOf(SluiceError);
    expect((one.reason as SluiceError).code).toBe("conflict");
  }
  return settled.map(({ status }) => status === "fulfilled");
}

/** Exactly one is done, with exactly one audit entry. */
async function oneOf(first: () => Promise<unknown>, second: () => Promise<unknown>): Promise<boolean> {
  const before = await test.db.auditEntry.count();
  const [isFirst, isSecond] = await atOnce(first, second);
  expect([isFirst, isSecond].filter(Boolean)).toHaveLength(1);
  expect(await test.db.auditEntry.count()).toBe(before + 1);
  return isFirst === true;
}

/** Runs a race again and again, each of the two started first in turn. */
async function race(round: (n: number) => Promise<void>): Promise<void> {
  for (let n = 0; n < RUNS; n++) {
    // Changes that stay open weigh on each other's views: another use case now and then.
    if (n % 5 === 0) slug = (await makeUseCase(test.db, cast, { tier: "low" })).slug;
    await round(n);
  }
}
function inTurn<A, B>(n: number, [one, two]: [A, B]): [A | B, A | B] {
  return n % 2 === 0 ? [one, two] : [two, one];
}

describe(`${RUNS} times over`, { timeout: LONG }, () => {
  it("gives one seat to one of two approvers", () =>
    race(async () => {
      const change = await open();
      const approve = (actor: PersonActor) => () => approveChange(by(actor), seenBy(change));
      await oneOf(approve(cast.lead), approve(cast.lead2));
      expect(await test.db.changeApproval.count({ where: { changeId: change.id } })).toBe(1);
    }));

  it("approves before it is withdrawn, or not at all", () =>
    race(async (n) => {
      const change = await open();
      const approve = () => approveChange(by(cast.lead), seenBy(change));
      const withdraw = () => withdrawChange(by(cast.owner), { id: change.id });
      const done = await atOnce(...inTurn(n, [approve, withdraw]));
      const [isApproved, isWithdrawn] = inTurn(n, done as [boolean, boolean]);
      expect([isWithdrawn, await statusOf(change)]).toEqual([true, "withdrawn"]);
      const approvals = await test.db.changeApproval.count({ where: { changeId: change.id } });
      expect(approvals).toBe(isApproved ? 1 : 0);
    }));

  it("approves on the base that moves, or not at all; what was approved on it is not applied", () =>
    race(async (n) => {
      const [mover, change] = [await approved(), await open()];
      const approve = () => approveChange(by(seatOf(change)), seenBy(change));
      const move = () => applyChange(by(cast.owner), { id: mover.id });
      const done = await atOnce(...inTurn(n, [approve, move]));
      const [isApproved, isMoved] = inTurn(n, done as [boolean, boolean]);
      expect([isMoved, await statusOf(change)]).toEqual([true, isApproved ? "approved" : "in_review"]);
      const before = await versions();
      const refused = await atOnce(() => applyChange(by(cast.owner), { id: change.id }));
      expect([refused, await versions()]).toEqual([[false], before]);
    }));

  it("applies a change once", () =>
    race(async () => {
      const change = await approved();
      const before = await versions();
      const apply = (actor: PersonActor) => () => applyChange(by(actor), { id: change.id });
      await oneOf(apply(cast.owner), apply(cast.lead));
      expect(await versions()).toBe(before + 1);
    }));

  it("applies one of two changes of the same base", () =>
    race(async () => {
      const [one, two] = [await approved(), await approved()];
      const before = await versions();
      const apply =
        ({ id }: ChangeView) =>
        () =>
          applyChange(by(cast.owner), { id });
      const isFirst = await oneOf(apply(one), apply(two));
      expect(await versions()).toBe(before + 1);
      const statuses = [await statusOf(one), await statusOf(two)];
      expect(statuses).toEqual(isFirst ? ["applied", "approved"] : ["approved", "applied"]);
    }));

  it("applies what is scheduled once, whether its time or a person comes first", () =>
    race(async (n) => {
      const change = await approved();
      const at = later(HOUR_MS);
      await scheduleChange(by(cast.owner), { id: change.id, at: at.toISOString() });
      const before = await versions();
      const apply = () => applyChange(by(cast.owner, at), { id: change.id });
      await atOnce(...inTurn(n, [apply, () => job(at)]));
      expect([await versions(), await statusOf(change)]).toEqual([before + 1, "applied"]);
      expect(await countOf(change, "change.applied")).toBe(1);
    }));

  it("applies or suspends what is scheduled when another change comes at that instant", () =>
    race(async (n) => {
      const [change, other] = [await approved(), await approved()];
      const at = later(HOUR_MS);
      await scheduleChange(by(cast.owner), { id: change.id, at: at.toISOString() });
      const before = await versions();
      const apply = () => applyChange(by(cast.owner, at), { id: other.id });
      const done = await atOnce(...inTurn(n, [apply, () => job(at)]));
      const [isOther] = inTurn(n, done as [boolean, boolean]);
      await job(at);
      expect(await versions()).toBe(before + 1);
      expect(await statusOf(change)).toBe(isOther ? "suspended" : "applied");
    }));

  it("approves exactly once when the last acceptance and the last approval come together", async () => {
    // One control to enrol, so that there are few conditions to accept before the last.
    const limited = (document: PolicyDocument): PolicyDocument => ({
      ...models(document),
      stage: "limited",
      limited: { controls: ["secrets"], cohort: { percent: 1, workloads: [] } },
    });
    await race(async (n) => {
      const change = await open(limited);
      const last = change.unaccepted.at(-1) ?? "";
      await acceptAll(test.db, cast, { ...change, unaccepted: change.unaccepted.slice(0, -1) });
      const { id, evidenceDigest } = seenBy(change);
      const reason = "It is watched by hand meanwhile.";
      const accept = () =>
        acceptConditions(by(cast.risk), { id, conditions: [last], reason, evidenceDigest });
      const approve = () => approveChange(by(seatOf(change)), seenBy(change));
      expect(await atOnce(...inTurn(n, [accept, approve]))).toEqual([true, true]);
      expect(await statusOf(change)).toBe("approved");
      const entries = await test.db.auditEntry.findMany({
        where: { subjectId: id },
        select: { detail: true },
      });
      const met = entries.filter(({ detail }) => (detail as { quorumMet?: boolean }).quorumMet === true);
      expect(met).toHaveLength(1);
    });
  });

  it("approves what was edited at that instant only as it was seen", () =>
    race(async (n) => {
      const change = await open();
      const { version, document } = await getPolicy(by(cast.owner), { slug });
      const edited = { baseVersion: version, proposal: models(document), justification: "Another model." };
      const approve = async () => {
        await approveChange(by(seatOf(change)), seenBy(change)).catch((error: unknown) => {
          if (!(error instanceof SluiceError) || error.code !== "stale") throw error;
        });
      };
      const edit = () => editChange(by(cast.owner), { id: change.id, ...edited });
      expect(await atOnce(...inTurn(n, [approve, edit]))).toEqual([true, true]);
      expect(await statusOf(change)).toBe("in_review");
    }));

  it("breaks the glass or applies with its seats, never both", () =>
    race(async () => {
      const change = await approved();
      const before = await versions();
      const reason = "It cannot wait any longer.";
      const isGlass = await oneOf(
        () => breakGlass(by(cast.lead3), { id: change.id, reason }),
        () => applyChange(by(cast.owner), { id: change.id }),
      );
      expect(await versions()).toBe(before + 1);
      const row = await test.db.changeRequest.findUniqueOrThrow({ where: { id: change.id } });
      expect([row.emergency, row.reviewDueAt !== null]).toEqual([isGlass ? "break_glass" : null, isGlass]);
      if (isGlass) await uphold(change);
    }));

  it("upholds what broke the glass or steps it back, never both", () =>
    race(async (n) => {
      const change = await broken();
      const due = await dueAt(change);
      const before = await versions();
      const review = () => uphold(change, new Date(due.getTime() - 1));
      const done = await atOnce(...inTurn(n, [review, () => job(due)]));
      const [isUpheld] = inTurn(n, done as [boolean, boolean]);
      expect(await versions()).toBe(before + (isUpheld ? 0 : 1));
      const { verdict } = await test.db.changeReview.findUniqueOrThrow({ where: { changeId: change.id } });
      expect(verdict).toBe(isUpheld ? "upheld" : "lapsed");
    }));

  it("steps back once when two people say so, or a person and the deadline", () =>
    race(async (n) => {
      const change = await broken();
      const due = await dueAt(change);
      const before = await versions();
      const back = (actor: PersonActor) => () =>
        reviewChange(by(actor, new Date(due.getTime() - 1)), {
          id: change.id,
          verdict: "stepped_back",
          note: "It was not needed.",
        });
      await atOnce(back(cast.lead2), n % 2 === 0 ? back(cast.risk) : () => job(due));
      expect(await versions()).toBe(before + 1);
    }));

  it("steps back or applies another change over it: nobody's version is lost, and none is stuck", () =>
    race(async (n) => {
      const change = await broken();
      const other = await approved((document) => ({
        ...document,
        failMode: document.failMode === "open" ? "closed" : "open",
      }));
      const due = await dueAt(change);
      const before = await versions();
      const apply = () => applyChange(by(cast.owner, due), { id: other.id });
      const done = await atOnce(...inTurn(n, [apply, () => job(due)]));
      const [isOther] = inTurn(n, done as [boolean, boolean]);
      await job(due);
      const { document } = await getPolicy(by(cast.auditor), { slug });
      const wanted = other.proposal as { failMode?: string };
      expect(document.baseline.models).not.toEqual((change.proposal as PolicyDocument).baseline.models);
      expect(document.failMode === wanted.failMode).toBe(isOther);
      expect(await versions()).toBe(before + (isOther ? 2 : 1));
    }));
});

/** Who may take the one seat of a change. */
function seatOf({ seats }: ChangeView): PersonActor {
  expect(seats).toHaveLength(1);
  return seats[0]?.seat === "risk_owner" ? cast.risk : cast.lead;
}

/** A change that broke the glass, put in force by a lead. */
async function broken(): Promise<ChangeView> {
  const change = await open();
  return breakGlass(by(cast.lead), { id: change.id, reason: "It cannot wait any longer." });
}

async function dueAt({ id }: { id: string }): Promise<Date> {
  const { reviewDueAt } = await test.db.changeRequest.findUniqueOrThrow({ where: { id } });
  return reviewDueAt ?? NOW;
}

function uphold({ id }: { id: string }, now: Date = NOW): Promise<ChangeView> {
  return reviewChange(by(cast.lead2, now), { id, verdict: "upheld", note: "It was right to do." });
}
