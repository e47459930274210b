import { uuidv7 } from "uuidv7";
import { beforeAll, describe, expect, it } from "vitest";
import { inTransaction, type PersonActor } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { keepChanges } from "@/lib/jobs/keep-changes";
import { canonicalJson } from "@/lib/policy/canonical";
import { sha256Hex } from "@/lib/policy/digest";
import type { PolicyDocument } from "@/lib/policy/document";
import { instantText } from "@/lib/policy/labels";
import { NO_FLOOR } from "@/lib/policy/lattice";
import { getSetting } from "@/lib/settings/queries";
import { initialValue } from "@/lib/settings/schema";
import { acceptAll, approveAll, documentsOf, seenBy, submitEdit } from "@/lib/testing/changes";
import { useTestDatabase } from "@/lib/testing/database";
import {
  as,
  type Cast,
  DAY_MS,
  expectAudited,
  expectRefused,
  makeActor,
  makeCast,
  makeUseCase,
  NOW,
} from "@/lib/testing/people";
import { getPolicy } from "@/lib/use-cases/policy-queries";
import { acceptConditions } from "./accept-conditions";
import { applyChange } from "./apply-change";
import { approveChange } from "./approve-change";
import { askReviewers } from "./ask-reviewers";
import { breakGlass } from "./break-glass";
import { draftChange } from "./draft-change";
import { editChange } from "./edit-change";
import { applyEmergency } from "./emergency-change";
import { measureChange } from "./measure-change";
import { getChange } from "./queries";
import { getRebase, rebaseChange } from "./rebase-change";
import { rejectChange } from "./reject-change";
import { rollBackChange } from "./roll-back-change";
import { scheduleChange, unscheduleChange } from "./schedule-change";
import { reviewChange } from "./step-back";
import { policySubject } from "./subjects/policy";
import { submitChange } from "./submit-change";
import type { ChangeView } from "./views";
import { withdrawChange } from "./withdraw-change";

const test = useTestDatabase();
let cast: Cast;
beforeAll(async () => {
  cast = await makeCast(test.db);
});

const HOUR_MS = 3_600_000;
const later = (ms: number) => new Date(NOW.getTime() + ms);
const by = (actor: PersonActor, now: Date = NOW) => as(test.db, actor, now);
const job = (now: Date) => ({
  actor: { kind: "job", name: "keep-changes" } as const,
  now,
  requestId: "test",
  db: test.db,
});

const fewer = (document: PolicyDocument): PolicyDocument => ({
  ...document,
  baseline: { ...document.baseline, models: ["openai/gpt-4o"] },
});
const limited = (document: PolicyDocument): PolicyDocument => ({ ...document, stage: "limited" });
const open = (document: PolicyDocument): PolicyDocument => ({ ...document, failMode: "open" });

const policyOf = (slug: string) => getPolicy(by(cast.auditor), { slug });
const state = (change: { id: string }, now?: Date) => getChange(by(cast.auditor, now), change);

async function approved(edit = fewer, tier: "low" | "moderate" | "high" = "moderate") {
  const { slug } = await makeUseCase(test.db, cast, { tier });
  const change = await submitEdit(test.db, cast, { slug, edit });
  await approveAll(test.db, cast, change);
  return { slug, change };
}

describe("a scheduled change", () => {
  it("is applied at its instant and not a millisecond before", async () => {
    const { slug, change } = await approved();
    const at = later(2 * HOUR_MS);
    const scheduled = await expectAudited(by(cast.owner), "change.scheduled", () =>
      scheduleChange(by(cast.owner), { id: change.id, at: at.toISOString() }),
    );
    expect(scheduled).toMatchObject({ status: "scheduled", scheduledFor: at.toISOString(), blockedBy: null });
    expect(await keepChanges(job(later(2 * HOUR_MS - 1)))).toBe(false);
    expect((await policyOf(slug)).version).toBe(1);
    expect(await keepChanges(job(at))).toBe(true);
    expect(await state(change)).toMatchObject({ status: "applied", appliedAt: at.toISOString() });
    expect((await policyOf(slug)).document.baseline.models).toEqual(["openai/gpt-4o"]);
    expect(await keepChanges(job(later(3 * HOUR_MS)))).toBe(false);
  });

  it("whose base moved is suspended instead, and goes back before its approvers when it is rebased", async () => {
    const { slug, change } = await approved();
    await scheduleChange(by(cast.owner), { id: change.id, at: later(HOUR_MS).toISOString() });
    const other = await submitEdit(test.db, cast, { slug, edit: limited });
    await approveAll(test.db, cast, other);
    await applyChange(by(cast.owner), { id: other.id });
    expect((await state(change)).blockedBy).toMatch(/^It will be suspended instead of applied/);
    await keepChanges(job(later(HOUR_MS)));
    const suspended = await state(change);
    expect(suspended).toMatchObject({ status: "suspended", conflicted: true });
    expect(suspended.blockedBy).toMatch(/^Suspended: The policy has moved to version 2/);
    expect((await policyOf(slug)).version).toBe(2);
    const rebased = await expectAudited(by(cast.owner), "change.rebased", () =>
      rebaseChange(by(cast.owner), { id: change.id, ontoVersion: 2, choices: {} }),
    );
    expect(rebased).toMatchObject({ status: "in_review", scheduledFor: null, conflicted: false });
    expect(documentsOf(rebased).proposal).toMatchObject({
      stage: "limited",
      baseline: { models: ["openai/gpt-4o"] },
    });
  });

  it("is suspended when an approver lost their role", async () => {
    const { change } = await approved(limited, "high");
    await scheduleChange(by(cast.owner), { id: change.id, at: later(HOUR_MS).toISOString() });
    await test.db.roleGrant.deleteMany({ where: { personId: cast.lead.id } });
    await keepChanges(job(later(HOUR_MS)));
    expect((await state(change)).blockedBy).toMatch(/^Suspended: An approval no longer counts/);
    await test.db.roleGrant.create({
      data: { personId: cast.lead.id, role: "security_lead", grantedAt: NOW },
    });
    const again = await scheduleChange(by(cast.owner, later(HOUR_MS)), {
      id: change.id,
      at: later(2 * HOUR_MS).toISOString(),
    });
    expect(again).toMatchObject({ status: "scheduled", blockedBy: null });
    await unscheduleChange(by(cast.owner, later(HOUR_MS)), { id: change.id });
  });

  it("is refused a time that is over or too far, and can be taken back", async () => {
    const { change } = await approved();
    for (const at of [NOW, later(-1), later(91 * DAY_MS)]) {
      const input = { id: change.id, at: at.toISOString() };
      await expectRefused(test.db, () => scheduleChange(by(cast.owner), input), "invalid", "at");
    }
    await scheduleChange(by(cast.owner), { id: change.id, at: later(1).toISOString() });
    expect(await unscheduleChange(by(cast.owner), { id: change.id })).toMatchObject({
      status: "approved",
      scheduledFor: null,
    });
    await keepChanges(job(later(1)));
    expect((await state(change)).status).toBe("approved");
  });
});

describe("what is not ready", () => {
  it("holds an approved quorum back until the risk owner accepts it by name, for exactly this evidence", async () => {
    const { slug } = await makeUseCase(test.db, cast, { tier: "moderate" });
    const change = await submitEdit(test.db, cast, { slug, edit: limited });
    const waiting = await approveChange(by(cast.lead), seenBy(change));
    expect(waiting).toMatchObject({ status: "in_review", quorumMet: false });
    const conditions = change.unaccepted.slice(0, 1);
    const { id, evidenceDigest } = seenBy(change);
    const accept = (actor: PersonActor, different = {}) =>
      acceptConditions(by(actor), {
        id,
        conditions,
        evidenceDigest,
        reason: "It is watched by hand meanwhile.",
        ...different,
      });
    for (const actor of [cast.lead, cast.owner, cast.admin, cast.auditor]) {
      await expectRefused(test.db, () => accept(actor), "forbidden");
    }
    const other = `sha256:${"0".repeat(64)}`;
    await expectRefused(test.db, () => accept(cast.risk, { evidenceDigest: other }), "stale");
    await expectRefused(
      test.db,
      () => accept(cast.risk, { conditions: [...conditions, "nothing"] }),
      "rule",
      "nothing-to-accept",
    );
    await expectAudited(by(cast.risk), "readiness.accepted", () => accept(cast.risk));
    await expectRefused(test.db, () => accept(cast.risk), "rule", "nothing-to-accept");
    await acceptAll(test.db, cast, await state(change));
    const agreed = await state(change);
    expect(agreed).toMatchObject({ status: "approved", quorumMet: true, unaccepted: [] });
    expect(agreed.acceptances.every(({ by: name, current }) => name === "Rita Risk" && current)).toBe(true);
    const measured = await expectAudited(by(cast.lead2), "change.measured", () =>
      measureChange(by(cast.lead2, later(HOUR_MS)), { id }),
    );
    expect(measured).toMatchObject({ status: "in_review", quorumMet: false });
    expect(measured.unaccepted.length).toBeGreaterThan(0);
    expect(measured.acceptances.some(({ current }) => current)).toBe(false);
  });
});

describe("what was measured before readiness was evidence", () => {
  /** A change as the version before wrote it: its evidence is the impact alone, and approvals are bound to that. */
  const asBefore = async (status: "in_review" | "approved" | "scheduled") => {
    const { slug } = await makeUseCase(test.db, cast);
    const change = await submitEdit(test.db, cast, { slug, edit: open });
    const text = canonicalJson(change.evidence?.impact);
    const evidenceDigest = `sha256:${sha256Hex(text)}`;
    const data = { evidence: JSON.parse(text), evidenceDigest, status };
    const due = status === "scheduled" ? { scheduledFor: later(HOUR_MS), scheduledById: cast.owner.id } : {};
    await test.db.changeRequest.update({ where: { id: change.id }, data: { ...data, ...due } });
    if (status === "in_review") return { slug, change: await state(change) };
    const approval = { changeId: change.id, verdict: "approve", note: "", at: NOW, evidenceDigest } as const;
    const { proposalDigest } = change;
    await test.db.changeApproval.createMany({
      data: [
        { ...approval, proposalDigest, id: uuidv7(), personId: cast.risk.id, seat: "risk_owner" },
        { ...approval, proposalDigest, id: uuidv7(), personId: cast.lead.id, seat: "security_lead" },
      ],
    });
    return { slug, change: await state(change) };
  };
  const WHY = /^It was measured before readiness was part of the evidence/;

  it("is not applied by what was approved then, and says what to do", async () => {
    const { slug, change } = await asBefore("approved");
    expect(change).toMatchObject({
      status: "approved",
      quorumMet: false,
      blockedBy: expect.stringMatching(WHY),
      evidence: { readiness: null, impact: { schema: "sluice.impact/v1" } },
    });
    expect(change.seats.map(({ filledBy }) => filledBy)).toEqual([null, null]);
    const { id } = change;
    await expectRefused(test.db, () => applyChange(by(cast.owner), { id }), "rule", "quorum");
    const at = later(HOUR_MS).toISOString();
    await expectRefused(test.db, () => scheduleChange(by(cast.owner), { id, at }), "rule", "quorum");
    const measured = await measureChange(by(cast.owner), { id });
    expect(measured).toMatchObject({ status: "in_review", evidence: { readiness: { asked: false } } });
    await approveAll(test.db, cast, measured);
    expect(await applyChange(by(cast.owner), { id })).toMatchObject({ status: "applied" });
    expect((await policyOf(slug)).document.failMode).toBe("open");
  });

  it("takes no approval in review, and is suspended where it was scheduled", async () => {
    const { change } = await asBefore("in_review");
    expect(change.blockedBy).toMatch(WHY);
    await expectRefused(
      test.db,
      () => approveChange(by(cast.lead), seenBy(change)),
      "rule",
      "outdated-evidence",
    );
    await acceptNothing(change);
    const due = await asBefore("scheduled");
    expect(due.change.blockedBy).toMatch(/^It will be suspended instead of applied. It was measured before/);
    await keepChanges(job(later(HOUR_MS)));
    const { status, blockedBy } = await state(due.change);
    expect([status, blockedBy]).toEqual([
      "suspended",
      expect.stringMatching(/^Suspended: It was measured before/),
    ]);
  });

  const acceptNothing = (change: ChangeView) =>
    expectRefused(
      test.db,
      () =>
        acceptConditions(by(cast.risk), {
          id: change.id,
          conditions: ["days"],
          reason: "There is no traffic yet; we watch it closely.",
          evidenceDigest: change.evidenceDigest ?? "",
        }),
      "rule",
      "nothing-to-accept",
    );

  it("shows a closed one as it was decided", async () => {
    const { change } = await asBefore("approved");
    const closed = { status: "rejected" as const, closedAt: NOW };
    await test.db.changeRequest.update({ where: { id: change.id }, data: closed });
    const seats = (await state(change)).seats.map(({ filledBy }) => filledBy?.name);
    expect(seats.sort()).toEqual(["Lea Lead", "Rita Risk"]);
  });
});

describe("rebase", () => {
  it("asks whose value stands for every field that both moved, and records the answer", async () => {
    const { slug } = await makeUseCase(test.db, cast, { tier: "moderate" });
    const models = (names: string[]) => (document: PolicyDocument) => ({
      ...document,
      baseline: { ...document.baseline, models: names },
    });
    const mine = await submitEdit(test.db, cast, { slug, edit: (one) => open(models(["a/mine"])(one)) });
    const theirs = await submitEdit(test.db, cast, { slug, edit: models(["a/theirs"]) });
    await approveAll(test.db, cast, theirs);
    await applyChange(by(cast.owner), { id: theirs.id });
    const view = await getRebase(by(cast.owner), { id: mine.id });
    expect(view).toMatchObject({ baseVersion: 1, ontoVersion: 2 });
    expect(view.fields.filter(({ conflict }) => conflict)).toMatchObject([
      { path: "baseline.models", mine: ["a/mine"], theirs: ["a/theirs"] },
    ]);
    const rebase = (choices: Record<string, "mine" | "theirs">, ontoVersion = 2) =>
      rebaseChange(by(cast.owner), { id: mine.id, ontoVersion, choices });
    await expectRefused(test.db, () => rebase({}), "rule", "rebase-conflict");
    await expectRefused(test.db, () => rebase({}, 1), "conflict");
    const done = await rebase({ "baseline.models": "theirs" });
    expect(documentsOf(done).proposal).toMatchObject({
      failMode: "open",
      baseline: { models: ["a/theirs"] },
    });
    await expectRefused(test.db, () => rebase({}), "rule", "not-moved");
    const entry = await test.db.auditEntry.findFirstOrThrow({
      where: { action: "change.rebased", subjectId: mine.id },
    });
    expect(entry.detail).toMatchObject({ won: { "baseline.models": "theirs" } });
  });
});

describe("roll back", () => {
  it("proposes what stood before, as a change with its own seats", async () => {
    const { slug, change } = await approved();
    const before = (await policyOf(slug)).document;
    await applyChange(by(cast.owner), { id: change.id });
    const back = await rollBackChange(by(cast.owner), { id: change.id, reason: "It hurt the customers." });
    expect(back).toMatchObject({ status: "in_review", direction: "loosens", reverts: { ref: change.ref } });
    expect(documentsOf(back).proposal).toEqual(before);
    expect((await state(change)).revertedBy).toMatchObject([{ ref: back.ref }]);
    await expectRefused(test.db, () => approveChange(by(cast.owner), seenBy(back)), "forbidden");
    await approveAll(test.db, cast, back);
    await applyChange(by(cast.owner), { id: back.id });
    expect((await policyOf(slug)).document).toEqual(before);
    await expectRefused(
      test.db,
      () => rollBackChange(by(cast.owner), { id: change.id, reason: "Once more, to be sure." }),
      "rule",
      "no-change",
    );
  });
});

describe("rolling back what lowered the stage", () => {
  const at = (stage: PolicyDocument["stage"]) => (document: PolicyDocument) => ({ ...document, stage });
  const apply = async (slug: string, edit: (document: PolicyDocument) => PolicyDocument) => {
    const change = await submitEdit(test.db, cast, { slug, edit });
    await approveAll(test.db, cast, change);
    return applyChange(by(cast.owner), { id: change.id });
  };
  const enforcing = async () => {
    const { slug } = await makeUseCase(test.db, cast);
    await apply(slug, limited);
    await apply(slug, at("enforcing"));
    return slug;
  };
  const back = (change: { id: string }) =>
    rollBackChange(by(cast.owner), { id: change.id, reason: "It was stepped down for nothing." });

  it("takes one click from logging up to enforcing, with the seats of any change", async () => {
    const slug = await enforcing();
    const before = (await policyOf(slug)).document;
    const down = await apply(slug, at("logging"));
    const change = await back(down);
    expect(change).toMatchObject({
      status: "in_review",
      direction: "tightens",
      stage: { from: "logging", to: "enforcing" },
      quorumMet: false,
      evidence: { readiness: { asked: true } },
    });
    expect(change.unaccepted.length).toBeGreaterThan(0);
    await expectRefused(test.db, () => applyChange(by(cast.owner), { id: change.id }), "conflict");
    await approveAll(test.db, cast, change);
    await scheduleChange(by(cast.owner), { id: change.id, at: later(HOUR_MS).toISOString() });
    await keepChanges(job(later(HOUR_MS)));
    expect((await policyOf(slug)).document).toEqual(before);
  });

  it("works for the step down of a safeguard too", async () => {
    const slug = await enforcing();
    const { document, version } = await policyOf(slug);
    const useCase = await test.db.useCase.findUniqueOrThrow({
      where: { slug },
      include: { members: { select: { personId: true } } },
    });
    await inTransaction({ db: test.db }, async (tx) => {
      const entry = await applyEmergency(tx, job(NOW), {
        subject: policySubject(useCase),
        baseVersion: version,
        proposal: { ...document, stage: "logging" },
        ahead: { why: "Nobody measured it." },
        kind: "step_down",
        reason: "2 blocks within an hour, more than 1.",
        personId: null,
      });
      await recordEntry(tx, job(NOW), entry);
    });
    const down = await test.db.changeRequest.findFirstOrThrow({
      where: { useCaseId: useCase.id, emergency: "step_down" },
    });
    const change = await back(down);
    await approveAll(test.db, cast, change);
    await applyChange(by(cast.owner), { id: change.id });
    expect((await policyOf(slug)).document).toEqual(document);
  });

  it("is no way around the limited stage for anything else", async () => {
    const slug = await enforcing();
    const down = await apply(slug, at("logging"));
    const change = await back(down);
    const { proposal } = documentsOf(change);
    const edit = (document: PolicyDocument, baseVersion = change.baseVersion) =>
      editChange(by(cast.owner), {
        id: change.id,
        baseVersion,
        proposal: document,
        justification: "With a little more, while we are at it.",
      });
    await expectRefused(test.db, () => edit(fewer(proposal)), "rule", "limited-first");
    await edit(fewer({ ...proposal, stage: "limited" }));
    await edit(proposal);
    const { document, version } = await policyOf(slug);
    const again = { useCase: slug, baseVersion: version, proposal: { ...document, stage: "enforcing" } };
    const justification = "All at once, as it was before.";
    const draft = () => draftChange(by(cast.owner), { ...again, justification });
    await expectRefused(test.db, draft, "rule", "limited-first");
  });
});

describe("breaking glass", () => {
  const WHY = "Customers' card numbers leak right now.";
  const emergency = async (edit = limited) => {
    const { slug } = await makeUseCase(test.db, cast, { tier: "high" });
    const change = await submitEdit(test.db, cast, { slug, edit });
    return { slug, change };
  };
  const glass = (change: ChangeView, actor = cast.lead) =>
    breakGlass(by(actor), { id: change.id, reason: WHY });

  it("is a security lead's alone, applies at once and says until when it must be reviewed", async () => {
    const { slug, change } = await emergency();
    for (const actor of [cast.owner, cast.risk, cast.admin, cast.auditor]) {
      await expectRefused(test.db, () => glass(change, actor), "forbidden");
    }
    const broken = await expectAudited(by(cast.lead), "change.broke_glass", () => glass(change));
    expect(broken).toMatchObject({
      status: "applied",
      emergency: "break_glass",
      brokenGlass: { by: { name: "Lea Lead" }, dueAt: later(24 * HOUR_MS).toISOString(), review: null },
    });
    expect((await policyOf(slug)).document.stage).toBe("limited");
  });

  it("gives what loosens eight hours, and steps back at the instant, not a millisecond before", async () => {
    const { slug, change } = await emergency(open);
    const before = (await policyOf(slug)).document;
    const broken = await glass(change);
    expect(broken.brokenGlass?.dueAt).toBe(later(8 * HOUR_MS).toISOString());
    expect(await keepChanges(job(later(8 * HOUR_MS - 1)))).toBe(false);
    expect((await policyOf(slug)).document.failMode).toBe("open");
    await keepChanges(job(later(8 * HOUR_MS)));
    expect((await policyOf(slug)).document).toEqual(before);
    const lapsed = await state(change);
    expect(lapsed.brokenGlass?.review).toMatchObject({ verdict: "lapsed", by: null });
    expect(lapsed.revertedBy).toMatchObject([{ emergency: "step_back", status: "applied" }]);
    const back = await state(lapsed.revertedBy[0] ?? change);
    expect(back).toMatchObject({ requestedBy: null, emergency: "step_back", reverts: { ref: change.ref } });
    expect(back.timeline.map(({ action, person }) => [action, person])).toEqual([
      ["stepped_back", "keep-changes"],
    ]);
    expect(await keepChanges(job(later(9 * HOUR_MS)))).toBe(false);
  });

  it("stays when somebody else upholds it in time; never by who broke it or asked for it", async () => {
    const { slug, change } = await emergency();
    await glass(change);
    const review = (actor: PersonActor, now = NOW) =>
      reviewChange(by(actor, now), { id: change.id, verdict: "upheld", note: "It was right to do." });
    await expectRefused(test.db, () => review(cast.lead), "rule", "own-request");
    await expectRefused(test.db, () => review(cast.owner), "forbidden");
    await expectRefused(test.db, () => review(cast.lead2, later(24 * HOUR_MS)), "rule", "review-lapsed");
    await expectAudited(by(cast.lead2), "change.reviewed", () => review(cast.lead2, later(24 * HOUR_MS - 1)));
    await expectRefused(test.db, () => review(cast.risk), "conflict");
    await keepChanges(job(later(25 * HOUR_MS)));
    expect((await policyOf(slug)).document.stage).toBe("limited");
  });

  it("takes back only what nobody has moved since, up to enforcing too", async () => {
    const { slug, change } = await approved(limited, "moderate");
    await applyChange(by(cast.owner), { id: change.id });
    const up = await submitEdit(test.db, cast, {
      slug,
      edit: (one) => ({ ...one, stage: "enforcing" as const }),
    });
    await approveAll(test.db, cast, up);
    await applyChange(by(cast.owner), { id: up.id });
    const down = await submitEdit(test.db, cast, {
      slug,
      edit: (one) => ({ ...open(one), stage: "logging" as const }),
    });
    await glass(down);
    const since = await submitEdit(test.db, cast, {
      slug,
      edit: (one) => ({ ...fewer(one), capture: "none" as const }),
    });
    await approveAll(test.db, cast, since);
    await applyChange(by(cast.owner), { id: since.id });
    await keepChanges(job(later(8 * HOUR_MS)));
    const { document, version } = await policyOf(slug);
    expect(version).toBe(6);
    expect(document).toMatchObject({ stage: "enforcing", failMode: "closed", capture: "none" });
    expect(document.baseline.models).toEqual(["openai/gpt-4o"]);
  });
});

describe("a loosening that nobody agreed to", () => {
  const WHY = "Customers' card numbers leak right now.";
  const secrets = (mode: "off" | "log" | "enforce") => (one: PolicyDocument) => ({
    ...one,
    controls: { ...one.controls, secrets: { mode, sensitivity: "L2" as const } },
  });
  const modeOf = async (slug: string) => (await policyOf(slug)).document.controls["secrets"]?.mode;
  const glass = async (slug: string, edit: (one: PolicyDocument) => PolicyDocument, now: Date) => {
    const change = await submitEdit(test.db, cast, { slug, edit, now });
    return breakGlass(by(cast.lead, now), { id: change.id, reason: WHY });
  };
  const start = async () => {
    const { slug } = await makeUseCase(test.db, cast, { tier: "moderate" });
    expect(await modeOf(slug)).toBe("enforce");
    return slug;
  };

  it("is not kept by breaking the glass twice, one upon the other", async () => {
    const slug = await start();
    await glass(slug, secrets("off"), NOW);
    await glass(slug, secrets("log"), later(1));
    await keepChanges(job(later(30 * HOUR_MS)));
    expect(await modeOf(slug)).toBe("enforce");
  });

  it("nor when the second tightens and has longer", async () => {
    const slug = await start();
    await glass(slug, secrets("off"), NOW);
    await glass(slug, secrets("enforce"), later(1));
    await keepChanges(job(later(8 * HOUR_MS)));
    expect(await modeOf(slug)).toBe("enforce");
    await keepChanges(job(later(30 * HOUR_MS)));
    expect(await modeOf(slug)).toBe("enforce");
  });

  it("nor by a small step back up with the few seats of what tightens", async () => {
    const slug = await start();
    await glass(slug, secrets("off"), NOW);
    const up = await submitEdit(test.db, cast, { slug, edit: secrets("log"), now: later(1) });
    expect(up.seats.map(({ seat }) => seat)).toEqual(["security_lead"]);
    await approveAll(test.db, cast, up, later(1));
    await applyChange(by(cast.owner, later(2)), { id: up.id });
    await keepChanges(job(later(8 * HOUR_MS)));
    expect(await modeOf(slug)).toBe("enforce");
  });

  it("nor by a safeguard that is set to come down at once", async () => {
    const { slug, change } = await approved(limited);
    await applyChange(by(cast.owner), { id: change.id });
    const safeguard = { blocksPerHour: 1, appealsPerDay: null };
    await glass(slug, (one) => ({ ...one, safeguard }), NOW);
    const { document, version } = await policyOf(slug);
    const useCase = await test.db.useCase.findUniqueOrThrow({
      where: { slug },
      include: { members: { select: { personId: true } } },
    });
    await inTransaction({ db: test.db }, async (tx) => {
      const ctx = job(later(1));
      const entry = await applyEmergency(tx, ctx, {
        subject: policySubject(useCase),
        baseVersion: version,
        proposal: { ...document, stage: "logging" },
        ahead: { why: "Nobody measured it." },
        kind: "step_down",
        reason: "2 blocks within an hour, more than 1.",
        personId: null,
      });
      await recordEntry(tx, ctx, entry);
    });
    expect((await policyOf(slug)).document.stage).toBe("logging");
    await keepChanges(job(later(8 * HOUR_MS)));
    const after = (await policyOf(slug)).document;
    expect([after.stage, after.safeguard]).toEqual(["limited", undefined]);
  });

  it("steps back whole where its fields alone would not be a policy", async () => {
    const slug = await start();
    const custom = { mode: "log" as const, when: 'context.tool == "x"' };
    await glass(slug, (one) => ({ ...open(one), controls: { ...one.controls, "custom/x": custom } }), NOW);
    const enrolling = await submitEdit(test.db, cast, {
      slug,
      edit: (one) => ({
        ...one,
        limited: { ...one.limited, controls: [...one.limited.controls, "custom/x"] },
      }),
      now: later(1),
    });
    await approveAll(test.db, cast, enrolling, later(1));
    await applyChange(by(cast.owner, later(2)), { id: enrolling.id });
    await keepChanges(job(later(8 * HOUR_MS)));
    const { document } = await policyOf(slug);
    expect([document.failMode, document.controls["custom/x"]]).toEqual(["closed", undefined]);
    expect(document.limited.controls).not.toContain("custom/x");
  });
});

describe("floors and settings", () => {
  const WHY = "Everyone should at least be told.";

  it("are changed by the same requests: a floor tightens every policy of its data class", async () => {
    const { slug } = await makeUseCase(test.db, cast);
    const proposal = {
      ...NO_FLOOR,
      controls: { secrets: { mode: "enforce" as const, sensitivity: "L1" as const } },
    };
    const input = { floor: "internal" as const, baseVersion: 0, proposal, justification: WHY };
    await expectRefused(test.db, () => draftChange(by(cast.owner), input), "forbidden");
    const drafted = await draftChange(by(cast.risk), input);
    expect(drafted).toMatchObject({
      subject: { kind: "floor", key: "internal" },
      useCase: null,
      direction: "tightens",
    });
    const change = await submitChange(by(cast.risk), { id: drafted.id });
    expect(change.seats.map(({ title }) => title)).toEqual(["Security lead"]);
    expect(change.evidence?.floorImpact?.useCases.map(({ useCase }) => useCase)).toContain(slug);
    await expectRefused(test.db, () => approveChange(by(cast.risk), seenBy(change)), "rule", "own-request");
    await approveChange(by(cast.lead), seenBy(change));
    const applied = await applyChange(by(cast.lead), { id: change.id });
    expect(applied).toMatchObject({ status: "applied", appliedVersion: 1 });
    expect((await policyOf(slug)).floor).toMatchObject({ dataClass: "internal", number: 1 });
    const off = await draftChange(by(cast.risk), { ...input, baseVersion: 1, proposal: NO_FLOOR });
    expect(off.direction).toBe("loosens");
    expect(off.seats.map(({ title }) => title)).toEqual(["Risk owner", "Security lead"]);
  });

  it("a setting that asks fewer people loosens, is judged by the seats that hold, and then holds itself", async () => {
    const proposal = structuredClone(initialValue("seats"));
    proposal.policy.loosens.critical = ["risk_owner", "security_lead"];
    const input = { setting: "seats" as const, baseVersion: 0, proposal, justification: WHY };
    const bad = { ...input, proposal: { ...proposal, organisation: { tightens: [], loosens: [] } } };
    await expectRefused(
      test.db,
      () => draftChange(by(cast.lead), bad),
      "invalid",
      "proposal.organisation.tightens",
    );
    const change = await submitChange(by(cast.lead), { id: (await draftChange(by(cast.lead), input)).id });
    expect(change.direction).toBe("loosens");
    await approveAll(test.db, cast, change);
    const { slug } = await makeUseCase(test.db, cast, { tier: "critical" });
    const critical = await submitEdit(test.db, cast, { slug, edit: open });
    expect(critical.seats).toHaveLength(3);
    await applyChange(by(cast.lead), { id: change.id });
    expect((await getSetting(test.db, "seats", NOW)).number).toBe(1);
    expect((await state(critical)).seats).toHaveLength(2);
  });

  it("no glass is broken over who must agree, or over how soon a broken glass is looked at", async () => {
    const more = { reviewHours: { tightens: 168, loosens: 168 } };
    for (const [setting, proposal] of [
      ["emergencies", more],
      [
        "seats",
        {
          ...initialValue("seats"),
          organisation: { tightens: ["security_lead"], loosens: ["security_lead"] },
        },
      ],
    ] as const) {
      const { number: baseVersion } = await getSetting(test.db, setting, NOW);
      const draft = await draftChange(by(cast.lead), { setting, baseVersion, proposal, justification: WHY });
      const reason = "It must be so, and at once, I say.";
      await expectRefused(
        test.db,
        () => breakGlass(by(cast.lead), { id: draft.id, reason }),
        "rule",
        "no-emergency",
      );
      expect(draft.actions.find(({ name }) => name === "break_glass")?.allowed).toBe(false);
    }
  });

  it("an approval of a setting does not outlive another justification, nor measuring anew", async () => {
    const value = {
      longestLifeDays: { low: 200, moderate: 90, high: 30, critical: 14 },
      chainMultiple: 4,
      unusedDays: 30,
    };
    const { number: baseVersion } = await getSetting(test.db, "exceptions", NOW);
    const input = { baseVersion, proposal: value, justification: WHY };
    const draft = await draftChange(by(cast.lead), { setting: "exceptions", ...input });
    const sent = await submitChange(by(cast.lead), { id: draft.id });
    await approveChange(by(cast.lead2), seenBy(sent));
    const agreed = await approveChange(by(cast.risk), seenBy(sent));
    expect(agreed.status).toBe("approved");
    const again = await measureChange(by(cast.risk, later(1)), { id: draft.id });
    expect([again.status, again.seats.filter(({ filledBy }) => filledBy).length]).toEqual(["in_review", 0]);
    await approveChange(by(cast.lead2, later(2)), seenBy(again));
    const justification = "Everyone whom it concerns has agreed to it.";
    const said = await editChange(by(cast.lead, later(3)), { id: draft.id, ...input, justification });
    expect(said.seats.filter(({ filledBy }) => filledBy)).toEqual([]);
    await withdrawChange(by(cast.lead, later(4)), { id: draft.id });
  });

  it("what tightens asks for what loosens too when the safeguard rides along", async () => {
    const { slug } = await makeUseCase(test.db, cast, { tier: "moderate" });
    const safeguard = { blocksPerHour: 1, appealsPerDay: 1 };
    const change = await submitEdit(test.db, cast, { slug, edit: (one) => ({ ...fewer(one), safeguard }) });
    expect([change.direction, change.seats.length]).toEqual(["mixed", 2]);
  });

  it("a freeze window lets nothing be applied from its beginning up to its end, but glass may be broken", async () => {
    const { slug, change } = await approved();
    const other = await submitEdit(test.db, cast, { slug, edit: limited });
    const window = {
      name: "Year end",
      from: later(HOUR_MS).toISOString(),
      to: later(2 * HOUR_MS).toISOString(),
    };
    const freeze = await draftChange(by(cast.lead), {
      setting: "freezes",
      baseVersion: 0,
      proposal: { windows: [{ ...window, useCases: [slug] }] },
      justification: WHY,
    });
    await approveAll(test.db, cast, await submitChange(by(cast.lead), { id: freeze.id }));
    await applyChange(by(cast.lead), { id: freeze.id });
    const at = (ms: number) => applyChange(by(cast.owner, later(ms)), { id: change.id });
    for (const ms of [HOUR_MS, HOUR_MS + 1, 2 * HOUR_MS - 1]) {
      await expectRefused(test.db, () => at(ms), "rule", "freeze");
    }
    const when = { id: change.id, at: later(HOUR_MS).toISOString() };
    await expectRefused(test.db, () => scheduleChange(by(cast.owner), when), "rule", "freeze");
    expect((await state(change, later(HOUR_MS))).freeze).toMatchObject({ name: "Year end" });
    expect((await state(change, later(HOUR_MS - 1))).freeze).toBeNull();
    const reason = "It cannot wait until January.";
    expect(await breakGlass(by(cast.lead, later(HOUR_MS)), { id: other.id, reason })).toMatchObject({
      status: "applied",
    });
  });
});

describe("a freeze window that names use cases", () => {
  it("holds the floor under one of them, says which, and holds neither another floor nor a setting", async () => {
    const { slug } = await makeUseCase(test.db, cast);
    await test.db.useCase.update({ where: { slug }, data: { dataClass: "confidential" } });
    const from = later(20 * HOUR_MS);
    const inside = later(20 * HOUR_MS + 1);
    const to = later(21 * HOUR_MS);
    const held = await getSetting(test.db, "freezes", NOW);
    const named = { name: "Audit week", from: from.toISOString(), to: to.toISOString() };
    const { slug: another } = await makeUseCase(test.db, cast);
    const window = { ...named, useCases: [slug, another] };
    const justification = "Nothing moves while the auditors look.";
    const propose = async (draft: Omit<Parameters<typeof draftChange>[1], "justification">) => {
      const { id } = await draftChange(by(cast.lead), { ...draft, justification });
      const change = await submitChange(by(cast.lead), { id });
      await approveAll(test.db, cast, change);
      return change;
    };
    const mistyped = { windows: [...held.value.windows, { ...named, useCases: [slug, "nobody-s"] }] };
    await expectRefused(
      test.db,
      () => propose({ setting: "freezes", baseVersion: held.number, proposal: mistyped }),
      "invalid",
      `proposal.windows.${held.value.windows.length}.useCases`,
    );
    const proposal = { windows: [...held.value.windows, window] };
    const freeze = await propose({ setting: "freezes", baseVersion: held.number, proposal });
    await applyChange(by(cast.lead), { id: freeze.id });

    const floor = { ...NO_FLOOR, failMode: "closed" as const };
    const apply = ({ id }: { id: string }, now: Date) => applyChange(by(cast.lead, now), { id });
    const under = await propose({ floor: "confidential", baseVersion: 0, proposal: floor });
    const why = `Nothing is applied during “Audit week”, until ${instantText(to.toISOString())}: it names Support bot, whose floor this is.`;
    await expectRefused(test.db, () => apply(under, inside), "rule", "freeze");
    expect(await state(under, inside)).toMatchObject({
      blockedBy: why,
      freeze: { name: "Audit week", named: ["Support bot"] },
    });
    const schedule = (at: Date) => scheduleChange(by(cast.lead), { id: under.id, at: at.toISOString() });
    await expect(schedule(inside)).rejects.toThrow(why);
    expect(await state(under, later(19 * HOUR_MS))).toMatchObject({ freeze: null, blockedBy: null });

    const other = await propose({ floor: "restricted", baseVersion: 0, proposal: floor });
    expect(await apply(other, inside)).toMatchObject({ status: "applied" });
    const emergencies = initialValue("emergencies");
    const { tightens, loosens } = emergencies.reviewHours;
    const setting = { setting: "emergencies" as const, baseVersion: 0 };
    const sooner = await propose({
      ...setting,
      proposal: { reviewHours: { tightens: tightens - 1, loosens } },
    });
    expect(await apply(sooner, inside)).toMatchObject({ status: "applied" });
    expect(await apply(under, to)).toMatchObject({ status: "applied" });
  });
});

describe("a freeze that comes after the schedule", () => {
  it("suspends what falls due from its beginning up to its end, to the millisecond", async () => {
    const at = later(5 * HOUR_MS);
    const iso = (ms: number) => new Date(at.getTime() + ms).toISOString();
    const windows = [
      { from: iso(0), to: iso(1), status: "suspended" },
      { from: iso(-HOUR_MS), to: iso(1), status: "suspended" },
      { from: iso(-HOUR_MS), to: iso(0), status: "applied" },
      { from: iso(1), to: iso(HOUR_MS), status: "applied" },
    ];
    const due: { id: string; slug: string }[] = [];
    for (const _ of windows) {
      const { slug, change } = await approved();
      await scheduleChange(by(cast.owner), { id: change.id, at: at.toISOString() });
      due.push({ id: change.id, slug });
    }
    const held = await getSetting(test.db, "freezes", NOW);
    const added = windows.map(({ from, to }, index) => {
      const useCases = [due[index]?.slug ?? ""];
      return { name: `Freeze ${index}`, from, to, useCases };
    });
    const freeze = await draftChange(by(cast.lead), {
      setting: "freezes",
      baseVersion: held.number,
      proposal: { windows: [...held.value.windows, ...added] },
      justification: "Nothing moves while we look at it.",
    });
    await approveAll(test.db, cast, await submitChange(by(cast.lead), { id: freeze.id }));
    await applyChange(by(cast.lead), { id: freeze.id });
    await keepChanges(job(at));
    const came = await Promise.all(due.map((change) => state(change)));
    expect(came.map(({ status }) => status)).toEqual(windows.map(({ status }) => status));
    expect(came[0]?.blockedBy).toBe(
      `Suspended: Nothing is applied during “Freeze 0”, until ${instantText(iso(1))}.`,
    );
    const again = later(5 * HOUR_MS + 1);
    const first = { id: due[0]?.id ?? "" };
    await scheduleChange(by(cast.owner, at), { ...first, at: again.toISOString() });
    await keepChanges(job(again));
    expect((await state(first)).status).toBe("applied");
  });
});

describe("who reads along", () => {
  it("is asked by name, sees it in their queue, and gets no power by it", async () => {
    const { slug } = await makeUseCase(test.db, cast);
    const change = await submitEdit(test.db, cast, { slug, edit: fewer });
    const asked = await expectAudited(by(cast.owner), "change.reviewers_requested", () =>
      askReviewers(by(cast.owner), { id: change.id, personIds: [cast.auditor.id, cast.risk.id] }),
    );
    expect(asked.reviewers.map(({ person }) => person.name).sort()).toEqual(["Aud Auditor", "Rita Risk"]);
    await expectRefused(test.db, () => approveChange(by(cast.auditor), seenBy(change)), "forbidden");
    const left = await makeActor(test.db, ["auditor"], "Len Left");
    await test.db.person.update({ where: { id: left.id }, data: { deactivatedAt: NOW } });
    for (const { id } of [cast.business, left]) {
      const ask = () => askReviewers(by(cast.owner), { id: change.id, personIds: [cast.risk.id, id] });
      await expectRefused(test.db, ask, "invalid");
      await expect(ask()).rejects.toMatchObject({
        fields: [{ path: "personIds", message: "must be an active person with a role" }],
      });
    }
  });

  it("is told of other open changes of the same thing, with the fields that both move", async () => {
    const { slug } = await makeUseCase(test.db, cast);
    const one = await submitEdit(test.db, cast, { slug, edit: fewer });
    const two = await submitEdit(test.db, cast, { slug, edit: (document) => limited(fewer(document)) });
    expect((await state(two)).collisions).toMatchObject([
      { ref: one.ref, sameThing: true, fields: ["Models"] },
    ]);
    await rejectChange(by(cast.lead), { id: one.id, note: "The other one is better." });
    expect((await state(two)).collisions).toEqual([]);
  });
});

describe("nobody moves what they have not seen", () => {
  it("refuses every move that names another revision, and takes the one that stands", async () => {
    const { change } = await approved();
    const seen = (await state(change)).revision;
    const stale = change.revision;
    expect(stale).not.toBe(seen);
    const id = change.id;
    const { owner, lead } = cast;
    const moves = [
      () => applyChange(by(owner), { id, seen: stale }),
      () => scheduleChange(by(owner), { id, at: later(1).toISOString(), seen: stale }),
      () => measureChange(by(lead), { id, seen: stale }),
      () => rejectChange(by(lead), { id, note: "No.", seen: stale }),
      () => breakGlass(by(lead), { id, reason: "It cannot wait at all.", seen: stale }),
      () =>
        editChange(by(owner), {
          id,
          baseVersion: 1,
          proposal: change.proposal,
          justification: "The same once more.",
          seen: stale,
        }),
    ];
    for (const move of moves) await expectRefused(test.db, move, "stale");
    expect(await applyChange(by(owner), { id, seen })).toMatchObject({ status: "applied" });
  });
});
