import { beforeAll, describe, expect, it } from "vitest";
import type { PersonActor } from "@/lib/access/context";
import { changeRoles } from "@/lib/people/change-roles";
import { deactivatePerson } from "@/lib/people/deactivate-person";
import type { PolicyDocument } from "@/lib/policy/document";
import { readQueue } from "@/lib/telemetry/read-queue";
import { acceptAll, documentsOf, seenBy } from "@/lib/testing/changes";
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
import { getPolicy, listPolicyVersions } from "@/lib/use-cases/policy-queries";
import { updateUseCase } from "@/lib/use-cases/update-use-case";
import type { UseCaseView } from "@/lib/use-cases/views";
import { applyChange } from "./apply-change";
import { approveChange } from "./approve-change";
import { commentChange } from "./comment-change";
import { draftChange } from "./draft-change";
import { editChange } from "./edit-change";
import { getChange, listChanges } from "./queries";
import { rejectChange } from "./reject-change";
import { submitChange } from "./submit-change";
import type { ChangeView } from "./views";
import { withdrawChange } from "./withdraw-change";

const test = useTestDatabase();
let cast: Cast;
beforeAll(async () => {
  cast = await makeCast(test.db);
});

const by = (actor: PersonActor, now: Date = NOW) => as(test.db, actor, now);
const WHY = "Tighten what was seen to be unused.";

/** Fewer models: this tightens. */
const fewer = (document: PolicyDocument): PolicyDocument => ({
  ...document,
  baseline: { ...document.baseline, models: ["openai/gpt-4o"] },
});
const limited = (document: PolicyDocument): PolicyDocument => ({ ...document, stage: "limited" });
const looser = (document: PolicyDocument): PolicyDocument => ({ ...document, failMode: "open" });

async function draft(useCase: UseCaseView, edit = fewer, actor = cast.owner): Promise<ChangeView> {
  const { document, version } = await getPolicy(by(actor), { slug: useCase.slug });
  const input = { useCase: useCase.slug, baseVersion: version, proposal: edit(document), justification: WHY };
  return draftChange(by(actor), input);
}

async function submitted(useCase: UseCaseView, edit = fewer, actor = cast.owner): Promise<ChangeView> {
  return submitChange(by(actor), { id: (await draft(useCase, edit, actor)).id });
}

describe("the way of a change", () => {
  it("goes from draft to the next policy version, each step audited once", async () => {
    const useCase = await makeUseCase(test.db, cast, { tier: "high" });
    const { owner, risk, lead } = cast;
    const drafted = await expectAudited(by(owner), "change.drafted", () => draft(useCase, limited));
    expect(drafted).toMatchObject({
      status: "draft",
      direction: "tightens",
      stage: { from: "logging", to: "limited" },
      evidence: null,
      quorumMet: false,
    });
    const { id } = drafted;
    const open = await expectAudited(by(owner), "change.submitted", () => submitChange(by(owner), { id }));
    expect(open.evidence?.impact).toMatchObject({ useCase: useCase.slug, decisions: 0 });
    const unmet = open.evidence?.readiness?.conditions.filter(({ met }) => !met) ?? [];
    expect(unmet.map(({ id }) => id)).toEqual(open.unaccepted);
    expect(open.unaccepted).toContain("days");
    expect(open.blockedBy).toMatch(
      /^Waiting for the risk owner and a security lead, and for the risk owner's word on \d+ unmet conditions/,
    );
    await acceptAll(test.db, cast, open);
    const half = await expectAudited(by(risk), "change.approved", () =>
      approveChange(by(risk), { ...seenBy(open), note: "I own it." }),
    );
    expect(half).toMatchObject({ status: "in_review", blockedBy: "Waiting for a security lead." });
    expect(half.seats.map(({ filledBy, note }) => [filledBy?.name ?? null, note])).toEqual([
      ["Rita Risk", "I own it."],
      [null, null],
    ]);
    const agreed = await expectAudited(by(lead), "change.approved", () =>
      approveChange(by(lead), seenBy(open)),
    );
    expect(agreed).toMatchObject({ status: "approved", quorumMet: true, blockedBy: null });
    await expectAudited(by(risk), "change.commented", () => commentChange(by(risk), { id, text: "Go on." }));
    const applied = await expectAudited(by(owner), "change.applied", () => applyChange(by(owner), { id }));
    expect(applied).toMatchObject({ status: "applied", appliedVersion: 2, conflicted: false });
    expect(applied.timeline.map(({ action, text }) => [action, text])).toEqual([
      ["drafted", WHY],
      ["submitted", null],
      ["accepted", "There is no traffic yet; we watch it closely."],
      ["approved", "I own it."],
      ["approved", null],
      ["commented", "Go on."],
      ["applied", null],
    ]);
    const policy = await getPolicy(by(cast.auditor), { slug: useCase.slug });
    expect(policy).toMatchObject({
      version: 2,
      document: { stage: "limited" },
      change: { ref: applied.ref },
    });
    expect(policy.cedar).toContain("forbid");
    const [second, first] = await listPolicyVersions(by(cast.auditor), { slug: useCase.slug });
    expect(second).toMatchObject({
      number: 2,
      direction: "tightens",
      change: { requestedBy: { name: "Otto Owner" } },
    });
    expect(second?.moves.map(({ path }) => path)).toContain("stage");
    expect(first).toMatchObject({ number: 1, direction: null, moves: [] });
  });

  it("reads by reference, filters and pages", async () => {
    const useCase = await makeUseCase(test.db, cast);
    const changes = [await draft(useCase), await draft(useCase), await submitted(useCase)];
    const ctx = by(cast.auditor);
    expect((await getChange(ctx, { id: changes[0]?.ref ?? "" })).id).toBe(changes[0]?.id);
    const first = await listChanges(ctx, { useCase: useCase.slug, status: "open", limit: 2 });
    expect(first).toMatchObject({ total: 3, items: [{ ref: changes[2]?.ref }, { ref: changes[1]?.ref }] });
    const second = await listChanges(ctx, {
      useCase: useCase.slug,
      status: "open",
      limit: 2,
      cursor: first.nextCursor ?? "",
    });
    expect(second).toMatchObject({ items: [{ ref: changes[0]?.ref }], nextCursor: null });
    expect((await listChanges(ctx, { q: changes[1]?.ref, limit: 9 })).items).toMatchObject([
      { ref: changes[1]?.ref },
    ]);
    await expectRefused(
      test.db,
      () => listChanges(ctx, { cursor: "nonsense", limit: 9 }),
      "invalid",
      "cursor",
    );
    await expectRefused(test.db, () => getChange(ctx, { id: "CHG-999999" }), "not_found");
  });

  it("needs two security leads where the tier is critical and it loosens", async () => {
    const useCase = await makeUseCase(test.db, cast, { tier: "critical" });
    const open = await submitted(useCase, looser);
    expect(open.direction).toBe("loosens");
    await approveChange(by(cast.lead), seenBy(open));
    await expectRefused(test.db, () => approveChange(by(cast.lead), seenBy(open)), "rule", "one-seat");
    await approveChange(by(cast.lead2), seenBy(open));
    await expectRefused(test.db, () => approveChange(by(cast.lead3), seenBy(open)), "conflict");
    expect((await approveChange(by(cast.risk), seenBy(open))).status).toBe("approved");
  });

  it("is rejected with a reason, also by one who had approved, or withdrawn", async () => {
    const useCase = await makeUseCase(test.db, cast, { tier: "high" });
    const open = await submitted(useCase);
    await approveChange(by(cast.lead), seenBy(open));
    const rejected = await expectAudited(by(cast.lead), "change.rejected", () =>
      rejectChange(by(cast.lead), { id: open.id, note: "I have read it again: no." }),
    );
    expect(rejected).toMatchObject({ status: "rejected", actions: [{ name: "comment", allowed: true }] });
    const other = await submitted(useCase);
    const back = await expectAudited(by(cast.owner), "change.withdrawn", () =>
      withdrawChange(by(cast.owner), { id: other.id }),
    );
    expect(back.status).toBe("withdrawn");
    await expectRefused(test.db, () => approveChange(by(cast.lead), seenBy(other)), "conflict");
  });
});

describe("what an approval is bound to", () => {
  it("goes stale when the proposal is edited, and is refused when the approver saw another", async () => {
    const useCase = await makeUseCase(test.db, cast, { tier: "high" });
    const open = await submitted(useCase);
    await approveChange(by(cast.risk), seenBy(open));
    const edited = await expectAudited(by(cast.owner), "change.edited", () =>
      editChange(by(cast.owner), {
        id: open.id,
        baseVersion: 1,
        proposal: limited(documentsOf(open).base),
        justification: WHY,
      }),
    );
    expect(edited.proposalDigest).not.toBe(open.proposalDigest);
    expect(edited.evidenceDigest).not.toBe(open.evidenceDigest);
    expect(edited.seats.map(({ filledBy }) => filledBy)).toEqual([null, null]);
    expect(edited.timeline.find(({ action }) => action === "approved")?.stale).toBe(true);
    await expectRefused(test.db, () => approveChange(by(cast.lead), seenBy(open)), "stale");
    await acceptAll(test.db, cast, edited);
    await approveChange(by(cast.risk), seenBy(edited));
    expect((await approveChange(by(cast.lead), seenBy(edited))).status).toBe("approved");
  });

  it("goes stale when only the evidence is measured anew", async () => {
    const useCase = await makeUseCase(test.db, cast, { tier: "high" });
    const open = await submitted(useCase);
    await approveChange(by(cast.risk), seenBy(open));
    const again = await editChange(by(cast.owner, new Date(NOW.getTime() + DAY_MS)), {
      id: open.id,
      baseVersion: 1,
      proposal: open.proposal,
      justification: WHY,
    });
    expect(again.proposalDigest).toBe(open.proposalDigest);
    expect(again.seats.every(({ filledBy }) => filledBy === null)).toBe(true);
  });

  it("does not count once the base version has moved, until it is rebased", async () => {
    const useCase = await makeUseCase(test.db, cast, { tier: "moderate" });
    const [one, two, late] = [
      await submitted(useCase),
      await submitted(useCase, limited),
      await submitted(useCase, limited),
    ];
    await approveChange(by(cast.lead), seenBy(one));
    await acceptAll(test.db, cast, two);
    await approveChange(by(cast.lead), seenBy(two));
    await applyChange(by(cast.owner), { id: one.id });
    await expectRefused(test.db, () => applyChange(by(cast.owner), { id: two.id }), "conflict");
    await expectRefused(test.db, () => approveChange(by(cast.lead), seenBy(late)), "conflict");
    const moved = await getChange(by(cast.owner), { id: late.id });
    expect(moved).toMatchObject({ conflicted: true, baseVersion: 1, currentVersion: 2 });
    expect(moved.blockedBy).toContain("must rebase it from version 1");
    const { document } = await getPolicy(by(cast.owner), { slug: useCase.slug });
    const rebased = await editChange(by(cast.owner), {
      id: late.id,
      baseVersion: 2,
      proposal: limited(document),
      justification: WHY,
    });
    expect(rebased.conflicted).toBe(false);
    await acceptAll(test.db, cast, rebased);
    await approveChange(by(cast.lead), seenBy(rebased));
    expect((await applyChange(by(cast.owner), { id: late.id })).appliedVersion).toBe(3);
    const reopened = await editChange(by(cast.owner), {
      id: two.id,
      baseVersion: 3,
      proposal: fewer({ ...documentsOf(rebased).proposal, capture: "none" }),
      justification: WHY,
    });
    expect(reopened).toMatchObject({ status: "in_review", conflicted: false, quorumMet: false });
  });

  it("does not count for a risk owner who is no longer the named one", async () => {
    const useCase = await makeUseCase(test.db, cast, { tier: "high" });
    const open = await submitted(useCase);
    await approveChange(by(cast.risk), seenBy(open));
    await approveChange(by(cast.lead), seenBy(open));
    const successor = await makeActor(test.db, ["risk_owner"], "Sue Successor");
    await updateUseCase(by(cast.lead), { slug: useCase.slug, revision: 1, riskOwnerId: successor.id });
    await expectRefused(test.db, () => applyChange(by(cast.owner), { id: open.id }), "rule", "quorum");
  });
});

describe("segregation of duties", () => {
  it("lets nobody approve or reject their own request, whatever their roles", async () => {
    const everything = await makeActor(
      test.db,
      ["admin", "security_lead", "risk_owner", "application_owner", "auditor"],
      "Eve Everything",
    );
    const useCase = await makeUseCase(test.db, cast);
    const open = await submitted(useCase, fewer, everything);
    await expectRefused(test.db, () => approveChange(by(everything), seenBy(open)), "rule", "own-request");
    await expectRefused(
      test.db,
      () => rejectChange(by(everything), { id: open.id, note: "No." }),
      "rule",
      "own-request",
    );
    expect(open.seats.flatMap(({ eligible }) => eligible.map(({ id }) => id))).not.toContain(everything.id);
  });

  it("asks two security leads when the named risk owner requests it", async () => {
    const useCase = await makeUseCase(test.db, cast, { tier: "high" });
    const open = await submitted(useCase, fewer, cast.risk);
    expect(open.blockedBy).toBe("Waiting for 2 security leads.");
  });

  it("counts no approval of somebody who left or lost the seat, until it is applied", async () => {
    const useCase = await makeUseCase(test.db, cast);
    for (const lost of [
      (lead: PersonActor) => deactivatePerson(by(cast.admin), { id: lead.id, reason: "Left." }),
      (lead: PersonActor) => changeRoles(by(cast.admin), { id: lead.id, roles: ["auditor"] }),
    ]) {
      const lead = await makeActor(test.db, ["security_lead"], "Lou Lead");
      const open = await submitted(useCase, fewer);
      const approved = await approveChange(by(lead), seenBy(open));
      expect(approved).toMatchObject({
        status: "approved",
        quorumMet: true,
        seats: [{ filledBy: { id: lead.id, name: "Lou Lead" } }],
      });
      await lost(lead);
      const { quorumMet, blockedBy } = await getChange(by(cast.owner), { id: open.id });
      expect([quorumMet, blockedBy]).toEqual([false, expect.stringContaining("no longer counts")]);
      await expectRefused(test.db, () => applyChange(by(cast.owner), { id: open.id }), "rule", "quorum");
      await withdrawChange(by(cast.owner), { id: open.id });
    }
    const lead = await makeActor(test.db, ["security_lead"], "Lia Lead");
    const open = await submitted(useCase, fewer);
    await approveChange(by(lead), seenBy(open));
    await applyChange(by(cast.owner), { id: open.id });
    await deactivatePerson(by(cast.admin), { id: lead.id, reason: "Left." });
    const applied = await getChange(by(cast.owner), { id: open.id });
    expect(applied.seats).toMatchObject([{ filledBy: { name: "Lia Lead" } }]);
  });

  it("gives a seat that was lost to the next who may take it", async () => {
    const useCase = await makeUseCase(test.db, cast, { tier: "critical" });
    const successor = await makeActor(test.db, ["risk_owner"], "Sol Successor");
    const lead = await makeActor(test.db, ["security_lead"], "Luc Lead");
    const open = await submitted(useCase, looser);
    await approveChange(by(cast.risk), seenBy(open));
    await approveChange(by(lead), seenBy(open));
    await updateUseCase(by(cast.lead), { slug: useCase.slug, revision: 1, riskOwnerId: successor.id });
    await deactivatePerson(by(cast.admin), { id: lead.id, reason: "Left." });
    const waits = async (actor: PersonActor) =>
      (await readQueue(test.db, actor, NOW)).some(({ id }) => id === open.id);
    expect([await waits(cast.risk), await waits(successor), await waits(cast.lead)]).toEqual([
      false,
      true,
      true,
    ]);
    await approveChange(by(successor), seenBy(open));
    await approveChange(by(cast.lead), seenBy(open));
    await expectRefused(test.db, () => approveChange(by(cast.lead), seenBy(open)), "rule", "one-seat");
    const approved = await approveChange(by(cast.lead2), seenBy(open));
    expect(approved).toMatchObject({
      status: "approved",
      seats: [
        { filledBy: { name: "Sol Successor" } },
        { filledBy: { name: "Lea Lead" } },
        { filledBy: { name: "Leo Lead" } },
      ],
    });
  });

  it("lets a requester who lost the power take it back, and nothing else", async () => {
    const useCase = await makeUseCase(test.db, cast);
    const leaver = await makeActor(test.db, ["application_owner"], "Lee Leaver");
    const owners = [cast.owner.id, leaver.id];
    await updateUseCase(by(cast.lead), { slug: useCase.slug, revision: 1, applicationOwnerIds: owners });
    const open = await submitted(useCase, fewer, leaver);
    await updateUseCase(by(cast.lead), {
      slug: useCase.slug,
      revision: 2,
      applicationOwnerIds: [cast.owner.id],
    });
    const { baseVersion, proposal } = open;
    const edit = () =>
      editChange(by(leaver), { id: open.id, baseVersion, proposal, justification: "From outside." });
    await expectRefused(test.db, edit, "forbidden");
    await withdrawChange(by(leaver), { id: open.id });
  });

  it("refuses by role: admin, auditor, business, somebody else's owner, a risk owner of nothing", async () => {
    const useCase = await makeUseCase(test.db, cast);
    const strangers = [
      cast.admin,
      cast.auditor,
      cast.business,
      await makeActor(test.db, ["application_owner"]),
      await makeActor(test.db, ["risk_owner"]),
    ];
    const open = await submitted(useCase);
    const { id } = open;
    for (const stranger of strangers) {
      await expectRefused(test.db, () => draft(useCase, fewer, stranger), "forbidden");
      await expectRefused(test.db, () => approveChange(by(stranger), seenBy(open)), "forbidden");
      await expectRefused(test.db, () => rejectChange(by(stranger), { id, note: "No." }), "forbidden");
      await expectRefused(test.db, () => withdrawChange(by(stranger), { id }), "forbidden");
    }
    await expectRefused(test.db, () => approveChange(by(cast.owner), seenBy(open)), "forbidden");
    await expectRefused(test.db, () => withdrawChange(by(cast.lead), { id }), "forbidden");
    await expectRefused(test.db, () => submitChange(by(cast.lead), { id }), "forbidden");
    const nobody = { ...by(cast.owner), actor: null };
    await expectRefused(test.db, () => applyChange(nobody, { id }), "unauthenticated");
    await expectRefused(
      test.db,
      () => applyChange({ ...nobody, actor: { kind: "job", name: "expire" } }, { id }),
      "forbidden",
    );
  });

  it("gives no seat to a role that the table does not ask for", async () => {
    const useCase = await makeUseCase(test.db, cast, { tier: "low" });
    const open = await submitted(useCase, looser);
    await expectRefused(test.db, () => approveChange(by(cast.lead), seenBy(open)), "rule", "no-seat");
    expect((await approveChange(by(cast.risk), seenBy(open))).status).toBe("approved");
  });

  it("says the same on the page as at the door", async () => {
    const useCase = await makeUseCase(test.db, cast, { tier: "high" });
    const open = await submitted(useCase);
    const allowed = async (actor: PersonActor) =>
      (await getChange(by(actor), { id: open.id })).actions
        .filter((action) => action.allowed)
        .map(({ name }) => name);
    expect(await allowed(cast.owner)).toEqual(["edit", "measure", "ask_reviewers", "withdraw", "comment"]);
    const decides = ["measure", "approve", "ask_reviewers", "reject"];
    expect(await allowed(cast.lead)).toEqual([...decides, "break_glass", "comment"]);
    expect(await allowed(cast.risk)).toEqual([...decides, "comment"]);
    expect(await allowed(cast.admin)).toEqual([]);
    expect(await allowed(cast.auditor)).toEqual([]);
  });
});

describe("broken rules leave no trace", () => {
  const attempt = (useCase: UseCaseView, edit: (document: PolicyDocument) => PolicyDocument) => () =>
    draft(useCase, edit);

  it("refuses a change that is none, a jump of stage, and a limited stage that enrols nothing", async () => {
    const useCase = await makeUseCase(test.db, cast);
    await expectRefused(
      test.db,
      attempt(useCase, (document) => document),
      "rule",
      "no-change",
    );
    await expectRefused(
      test.db,
      attempt(useCase, (document) => ({ ...document, stage: "enforcing" })),
      "rule",
      "limited-first",
    );
    await expectRefused(
      test.db,
      attempt(useCase, (document) =>
        limited({ ...document, limited: { ...document.limited, controls: [] } }),
      ),
      "rule",
      "limited-enrols",
    );
  });

  it("names the condition that does not compile", async () => {
    const useCase = await makeUseCase(test.db, cast);
    const broken = (document: PolicyDocument): PolicyDocument => ({
      ...document,
      controls: { ...document.controls, "custom/broken": { mode: "log", when: "context.nothing == 1" } },
    });
    await expectRefused(test.db, attempt(useCase, broken), "invalid", "proposal.controls.custom/broken.when");
  });

  it("refuses an old base, a use case that is not there, and applying what is not approved", async () => {
    const useCase = await makeUseCase(test.db, cast);
    const open = await submitted(useCase);
    const { proposal } = open;
    const input = { useCase: useCase.slug, baseVersion: 2, proposal, justification: WHY };
    await expectRefused(test.db, () => draftChange(by(cast.owner), input), "conflict");
    await expectRefused(
      test.db,
      () => draftChange(by(cast.owner), { ...input, useCase: "none" }),
      "not_found",
    );
    await expectRefused(test.db, () => applyChange(by(cast.owner), { id: open.id }), "conflict");
    await expectRefused(test.db, () => submitChange(by(cast.owner), { id: open.id }), "conflict");
  });
});
