import { uuidv7 } from "uuidv7";
import { beforeAll, describe, expect, it } from "vitest";
import type { PersonActor } from "@/lib/access/context";
import type { Role } from "@/lib/access/permissions";
import { approveException } from "@/lib/exceptions/approve-exception";
import { getException } from "@/lib/exceptions/queries";
import { reassignException } from "@/lib/exceptions/reassign-exception";
import { keepChanges } from "@/lib/jobs/keep-changes";
import { changeRoles } from "@/lib/people/change-roles";
import { createPerson } from "@/lib/people/create-person";
import type { PolicyDocument } from "@/lib/policy/document";
import { NO_FLOOR } from "@/lib/policy/lattice";
import { initialValue } from "@/lib/settings/schema";
import { testApi } from "@/lib/testing/api";
import { acceptAll, seenBy, submitEdit } from "@/lib/testing/changes";
import { useTestDatabase } from "@/lib/testing/database";
import { exceptionsOf } from "@/lib/testing/exceptions";
import {
  as,
  type Cast,
  DAY_MS,
  expectRefused,
  inDays,
  makeActor,
  makeCast,
  makeUseCase,
  NOW,
} from "@/lib/testing/people";
import { createToken } from "@/lib/tokens/create-token";
import { getUseCase } from "@/lib/use-cases/queries";
import { updateUseCase } from "@/lib/use-cases/update-use-case";
import { acceptConditions } from "./accept-conditions";
import { applyChange } from "./apply-change";
import { approveChange } from "./approve-change";
import { breakGlass } from "./break-glass";
import { draftChange } from "./draft-change";
import { editChange } from "./edit-change";
import { getChange } from "./queries";
import { listWaitingChanges } from "./queue-items";
import { rollBackChange } from "./roll-back-change";
import { scheduleChange } from "./schedule-change";
import { reviewChange } from "./step-back";
import { submitChange } from "./submit-change";
import type { ChangeView } from "./views";
import { withdrawChange } from "./withdraw-change";

/** Nobody approves their own request, by whatever route. */

const test = useTestDatabase();
const api = testApi(test);
let cast: Cast;
beforeAll(async () => {
  cast = await makeCast(test.db);
});

const by = (actor: PersonActor, now: Date = NOW) => as(test.db, actor, now);
const person = (roles: Role[], name: string) => makeActor(test.db, roles, name);
const state = (change: { id: string }) => getChange(by(cast.auditor), change);
const approve = (actor: PersonActor, change: ChangeView) => approveChange(by(actor), seenBy(change));

/** Neutral, which asks for the risk owner and a security lead. */
const recaptured = (document: PolicyDocument): PolicyDocument => ({
  ...document,
  capture: document.capture === "none" ? "excerpt" : "none",
});
const limited = (document: PolicyDocument): PolicyDocument => ({
  ...document,
  stage: "limited",
  failMode: "open",
});

/** A change in review that this person asks for, of a use case with this risk owner. */
async function asked(actor: PersonActor, { risk = cast.risk, edit = recaptured } = {}) {
  const { slug, id } = await makeUseCase(test.db, { ...cast, risk }, { tier: "moderate" });
  if (actor.roles.includes("application_owner") && actor.id !== cast.owner.id) {
    await test.db.useCaseMember.create({ data: { useCaseId: id, personId: actor.id } });
  }
  return { slug, change: await submitEdit(test.db, cast, { slug, edit, actor }) };
}

const own = (actor: PersonActor, change: ChangeView) =>
  expectRefused(test.db, () => approve(actor, change), "rule", "own-request");

async function nameRiskOwner(slug: string, riskOwnerId: string, editor = cast.lead3): Promise<void> {
  const { revision } = await getUseCase(by(editor), { slug });
  await updateUseCase(by(editor), { slug, revision, riskOwnerId });
}

describe("nobody approves their own change", () => {
  it("by another role of theirs: security lead, named risk owner, application owner and admin at once", async () => {
    const roles: Role[] = ["security_lead", "risk_owner", "application_owner", "admin"];
    const all = await person(roles, "Alma All");
    const { change } = await asked(all, { risk: all });
    expect(change.seats.map(({ seat }) => seat)).toEqual(["security_lead", "security_lead"]);
    await own(all, change);
    await approve(cast.lead, change);
    await own(all, await state(change));
    expect(await approve(cast.lead2, change)).toMatchObject({ status: "approved" });
  });

  it("by another tab or session", async () => {
    const { change } = await asked(cast.lead);
    for (const sessionId of [null, "00000000-0000-7000-8000-00000000000a"]) {
      await own({ ...cast.lead, sessionId }, change);
    }
  });

  it("by a token: neither what a token asked for, nor through one", async () => {
    const scopes = ["propose" as const, "read" as const];
    const input = { label: "repository", expiresAt: inDays(30), scopes };
    const { token, prefix } = await createToken(by(cast.lead), input);
    const via = { kind: "token" as const, id: "-", label: "repository", prefix, scopes };
    const { change } = await asked({ ...cast.lead, via });
    await own(cast.lead, change);
    const path = `/changes/${change.ref}/approve`;
    const { proposalDigest, evidenceDigest } = change;
    const headers = { authorization: `Bearer ${token}`, "sec-fetch-site": null };
    const answer = await api.call(null, "POST", path, { proposalDigest, evidenceDigest }, headers);
    expect(answer).toMatchObject({ status: 403, body: { code: "forbidden" } });
    await expectRefused(test.db, () => approve({ ...cast.lead2, via }, change), "forbidden");
  });

  it("by becoming the risk owner of the use case: the seat turns into a security lead's", async () => {
    const rower = await person(["risk_owner", "application_owner"], "Rowan Rower");
    const { slug, change } = await asked(rower);
    await approve(cast.risk, change);
    await approve(cast.lead, change);
    expect(await state(change)).toMatchObject({ status: "approved", quorumMet: true });
    await nameRiskOwner(slug, rower.id);
    const moved = await state(change);
    expect(moved.seats.map(({ seat, filledBy }) => [seat, filledBy?.name ?? null])).toEqual([
      ["security_lead", "Lea Lead"],
      ["security_lead", null],
    ]);
    expect(moved.quorumMet).toBe(false);
    await expectRefused(test.db, () => applyChange(by(rower), { id: change.id }), "rule", "quorum");
    await expectRefused(test.db, () => approve(rower, moved), "conflict");
  });

  it("by naming themselves the risk owner", async () => {
    const both = await person(["security_lead", "risk_owner"], "Bo Both");
    const { slug, change } = await asked(both);
    await expectRefused(test.db, () => nameRiskOwner(slug, both.id, both), "rule", "self-appointment");
    await own(both, change);
  });

  it("by handing the use case over: whoever asked stays who asked", async () => {
    const leaving = await person(["security_lead", "application_owner"], "Lou Leaving");
    const { slug, change } = await asked(leaving);
    const { revision } = await getUseCase(by(cast.lead), { slug });
    await updateUseCase(by(cast.lead), { slug, revision, applicationOwnerIds: [cast.owner.id] });
    await own(leaving, change);
    expect((await state(change)).requestedBy?.id).toBe(leaving.id);
  });

  it("by editing it after it was approved: nobody has approved what stands then", async () => {
    const { slug, change } = await asked(cast.owner);
    await approve(cast.risk, change);
    await approve(cast.lead, change);
    const proposal = { ...(change.proposal as PolicyDocument), failMode: "open" as const };
    const edited = await editChange(by(cast.owner), {
      id: change.id,
      baseVersion: 1,
      proposal,
      justification: "A little more than what was approved.",
    });
    expect(edited).toMatchObject({ status: "in_review", quorumMet: false });
    await expectRefused(test.db, () => applyChange(by(cast.owner), { id: change.id }), "conflict");
    const when = { id: change.id, at: inDays(1) };
    await expectRefused(test.db, () => scheduleChange(by(cast.owner), when), "conflict");
    await expectRefused(test.db, () => approve(cast.lead, change), "stale");
    expect((await getUseCase(by(cast.auditor), { slug })).slug).toBe(slug);
  });

  it("by a role that they grant themselves, or that another admin grants them", async () => {
    const admin = await person(["admin", "application_owner"], "Abe Admin");
    const { change } = await asked(admin);
    const roles: Role[] = ["admin", "application_owner", "security_lead"];
    const grant = (granter: PersonActor) => changeRoles(by(granter), { id: admin.id, roles });
    await expectRefused(test.db, () => grant(admin), "rule", "own-account");
    await expectRefused(test.db, () => approve(admin, change), "forbidden");
    await grant(cast.admin);
    await own({ ...admin, roles }, change);
  });

  it("by taking the use case for less than it is", async () => {
    const { slug, change } = await asked(cast.lead);
    const { revision } = await getUseCase(by(cast.lead), { slug });
    const lower = () => updateUseCase(by(cast.lead), { slug, revision, tier: "low" });
    await expectRefused(test.db, lower, "rule", "open-change");
    await approve(cast.risk, change);
    await approve(cast.lead2, change);
    await scheduleChange(by(cast.lead), { id: change.id, at: inDays(1) });
    await expectRefused(test.db, lower, "rule", "open-change");
  });

  it("by taking it for less between two changes, or while it is a draft: the seats of the week before are asked", async () => {
    const { slug } = await makeUseCase(test.db, cast, { tier: "critical" });
    const set = async (tier: "low" | "critical", now: Date) => {
      const { revision } = await getUseCase(by(cast.lead), { slug });
      await updateUseCase(by(cast.lead, now), { slug, revision, tier });
    };
    const day = (days: number) => new Date(NOW.getTime() + days * DAY_MS);
    const submit = (now: Date) =>
      submitEdit(test.db, cast, { slug, edit: recaptured, actor: cast.lead, now });
    const seatsOf = ({ seats, seatsTier }: ChangeView) => [seatsTier, seats.length];
    await set("low", day(10));
    const change = await submit(day(17));
    expect(seatsOf(change)).toEqual(["critical", 3]);
    await set("critical", day(18));
    await withdrawChange(by(cast.lead, day(19)), { id: change.id });
    await set("low", day(19));
    expect(seatsOf(await getChange(by(cast.auditor, day(40)), change))).toEqual(["critical", 3]);
    const late = await submit(new Date(day(26).getTime() + 1));
    expect(seatsOf(late)).toEqual(["low", 1]);
    const waiting = await listWaitingChanges(test.db, cast.lead2, day(27));
    expect(waiting.map(({ row }) => row.id)).not.toContain(late.id);
  });

  it("by rolling back their own change: that is a request of theirs too", async () => {
    const { change } = await asked(cast.lead);
    await approve(cast.risk, change);
    await approve(cast.lead2, change);
    await applyChange(by(cast.lead), { id: change.id });
    const back = await rollBackChange(by(cast.lead), { id: change.id, reason: "It was too much." });
    expect(back).toMatchObject({ status: "in_review", requestedBy: { id: cast.lead.id } });
    await own(cast.lead, back);
    await expectRefused(test.db, () => applyChange(by(cast.lead), { id: back.id }), "conflict");
  });

  it("of a floor or a setting, as risk owner or security lead or both", async () => {
    const both = await person(["security_lead", "risk_owner"], "Bea Both");
    const justification = "So that everybody keeps less.";
    const limits = { ...initialValue("exceptions"), unusedDays: 31 };
    for (const actor of [cast.risk, cast.lead, both]) {
      for (const what of [
        { floor: "internal" as const, proposal: { ...NO_FLOOR, capture: "excerpt" as const } },
        { setting: "exceptions" as const, proposal: limits },
      ]) {
        const draft = await draftChange(by(actor), { ...what, baseVersion: 0, justification });
        await own(actor, await submitChange(by(actor), { id: draft.id }));
      }
    }
  });

  it("by accepting what is not ready: that is their word as risk owner, and no approval", async () => {
    const both = await person(["security_lead", "risk_owner"], "Ria Risk");
    const { change } = await asked(both, { risk: both, edit: limited });
    await acceptAll(test.db, { risk: both }, change);
    const accepted = await state(change);
    expect(accepted).toMatchObject({ status: "in_review", unaccepted: [], quorumMet: false });
    expect(accepted.seats.every(({ filledBy }) => filledBy === null)).toBe(true);
    await own(both, accepted);
  });

  it("by breaking the glass and reviewing it themselves, under whatever role", async () => {
    const both = await person(["security_lead", "risk_owner"], "Ben Both");
    const reason = "It cannot wait any longer.";
    const review = (actor: PersonActor, id: string) => () =>
      reviewChange(by(actor), { id, verdict: "upheld", note: "It was right to do." });
    const { change: mine } = await asked(both, { risk: both });
    await breakGlass(by(both), { id: mine.id, reason });
    await expectRefused(test.db, review(both, mine.id), "rule", "own-request");
    const { change: broken } = await asked(cast.owner, { risk: both });
    await breakGlass(by(both), { id: broken.id, reason });
    await expectRefused(test.db, review(both, broken.id), "rule", "own-request");
    const { change: theirs } = await asked(both, { risk: both });
    await breakGlass(by(cast.lead), { id: theirs.id, reason });
    await expectRefused(test.db, review(both, theirs.id), "rule", "own-request");
    await expectRefused(test.db, review(cast.lead, theirs.id), "rule", "own-request");
  });

  it("past the program: the database refuses the row, and a state that is written there applies nothing", async () => {
    const { change } = await asked(cast.lead);
    await approve(cast.risk, change);
    const { proposalDigest, evidenceDigest } = seenBy(change);
    const row = { seat: "security_lead", verdict: "approve", note: "", at: NOW } as const;
    const written = test.db.changeApproval.create({
      data: {
        ...row,
        id: uuidv7(),
        changeId: change.id,
        personId: cast.lead.id,
        proposalDigest,
        evidenceDigest,
      },
    });
    await expect(written).rejects.toThrow("the requester may not approve their own change");
    const scheduledFor = new Date(inDays(1));
    await test.db.changeRequest.update({
      where: { id: change.id },
      data: { status: "scheduled", scheduledFor, scheduledById: cast.lead.id },
    });
    expect(await state(change)).toMatchObject({ quorumMet: false });
    await expectRefused(test.db, () => applyChange(by(cast.lead), { id: change.id }), "rule", "quorum");
    const actor = { kind: "job", name: "keep-changes" } as const;
    await keepChanges({ actor, now: scheduledFor, requestId: "test", db: test.db });
    expect((await state(change)).status).toBe("suspended");
  });
});

describe("what is accepted", () => {
  it("counts no more when the risk owner who said so is none any more", async () => {
    const risk = await person(["risk_owner"], "Rex Risk");
    const { change } = await asked(cast.owner, { risk, edit: limited });
    await acceptAll(test.db, { risk }, change);
    await approve(risk, change);
    await approve(cast.lead, change);
    expect(await state(change)).toMatchObject({ status: "approved", quorumMet: true });
    await test.db.roleGrant.deleteMany({ where: { personId: risk.id } });
    const after = await state(change);
    expect(after.quorumMet).toBe(false);
    expect(after.unaccepted).toEqual(change.unaccepted);
    expect(after.acceptances.some(({ current }) => current)).toBe(false);
    await expectRefused(test.db, () => applyChange(by(cast.owner), { id: change.id }), "rule", "quorum");
  });

  it("is nobody's to say but the named risk owner's, whatever other roles others have", async () => {
    const both = await person(["security_lead", "risk_owner"], "Bill Both");
    const { change } = await asked(both, { edit: limited });
    const [condition = ""] = change.unaccepted;
    const { id, evidenceDigest } = seenBy(change);
    const reason = "It is watched by hand meanwhile.";
    const accept = () => acceptConditions(by(both), { id, conditions: [condition], reason, evidenceDigest });
    await expectRefused(test.db, accept, "forbidden");
  });
});

describe("nobody approves by somebody whom they appointed since they asked", () => {
  const roles: Role[] = ["security_lead"];
  const password = "a long enough password";
  const rule = "granted-by-requester";
  /** An admin who may ask for changes too. */
  const powerful = () => person(["admin", "application_owner", "security_lead"], "Pia Powerful");
  const actorOf = ({ id, name, roles: held }: { id: string; name: string; roles: readonly Role[] }) =>
    ({ kind: "person", id, name, email: `${id}@example.com`, roles: held, sessionId: null }) as PersonActor;
  let made = 0;
  const create = async (admin: PersonActor, held: Role[] = roles) => {
    made += 1;
    const input = { email: `made-${made}@example.com`, name: `Made ${made}`, roles: held, password };
    return actorOf(await createPerson(by(admin), input));
  };
  const grant = async (admin: PersonActor, { id }: { id: string }, held: Role[] = roles) =>
    actorOf(await changeRoles(by(admin), { id, roles: held }));
  const eligible = async (change: ChangeView, seat: "risk_owner" | "security_lead" = "security_lead") =>
    (await state(change)).seats.flatMap((one) => (one.seat === seat ? one.eligible.map(({ id }) => id) : []));

  it("of a change: by an account that they make, or a role that they give", async () => {
    const requester = await powerful();
    const { change } = await asked(requester);
    const colleague = await person([], "Cal Colleague");
    for (const puppet of [await create(requester), await grant(requester, colleague)]) {
      await expectRefused(test.db, () => approve(puppet, change), "rule", rule);
      expect(await eligible(change)).not.toContain(puppet.id);
      const seen = await getChange(by(puppet), change);
      const action = seen.actions.find(({ name }) => name === "approve");
      expect(action).toMatchObject({
        allowed: false,
        why: expect.stringMatching(/^Who requested it has made/),
      });
      expect((await listWaitingChanges(test.db, puppet, NOW)).map(({ row }) => row.id)).not.toContain(
        change.id,
      );
    }
  });

  it("nor by another's role on an account that they made; but by a role that another gives anew", async () => {
    const requester = await powerful();
    const { change } = await asked(requester);
    const puppet = await grant(cast.admin, await create(requester, []));
    await expectRefused(test.db, () => approve(puppet, change), "rule", rule);
    const colleague = await person([], "Cal Colleague");
    await grant(requester, colleague);
    await grant(cast.admin, colleague, []);
    const lead = await grant(cast.admin, colleague);
    expect((await approve(lead, change)).seats.some(({ filledBy }) => filledBy?.id === lead.id)).toBe(true);
  });

  it("an approval that was given counts no more once its role is by the requester", async () => {
    const requester = await powerful();
    const { change } = await asked(requester);
    const lead = await person(roles, "Lou Lead");
    await approve(lead, change);
    expect((await approve(cast.risk, change)).status).toBe("approved");
    await grant(cast.admin, lead, []);
    await grant(requester, lead);
    const again = await state(change);
    expect(again).toMatchObject({ quorumMet: false, blockedBy: expect.stringMatching(/no longer counts/) });
    await expectRefused(test.db, () => applyChange(by(cast.owner), { id: change.id }), "rule", "quorum");
    expect(again.timeline.filter(({ stale }) => stale)).toMatchObject([
      { action: "approved", person: lead.name },
    ]);
  });

  it("whom they appointed before they asked, or whom others appoint, counts", async () => {
    const requester = await powerful();
    const before = new Date(NOW.getTime() - 1);
    const input = { email: "before@example.com", name: "Bo Before", roles, password };
    const lead = actorOf(await createPerson(by(requester, before), input));
    const { change } = await asked(requester);
    await approve(cast.risk, change);
    expect((await approve(lead, change)).status).toBe("approved");
    const { change: other } = await asked(requester);
    const since = await create(cast.admin);
    await approve(cast.risk, other);
    expect((await approve(since, other)).status).toBe("approved");
  });

  it("of a floor and a setting, as risk owner too", async () => {
    const requester = await powerful();
    const puppet = await create(requester, ["risk_owner"]);
    const settings = initialValue("exceptions");
    const proposal = { ...settings, unusedDays: settings.unusedDays + 1 };
    const justification = "What is not used goes later.";
    const draft = { setting: "exceptions" as const, baseVersion: 0, proposal, justification };
    const { id } = await draftChange(by(requester), draft);
    const change = await submitChange(by(requester), { id });
    await expectRefused(test.db, () => approve(puppet, change), "rule", rule);
    expect(await eligible(change, "risk_owner")).not.toContain(puppet.id);
    await withdrawChange(by(requester), { id });
  });

  it("by their word on what is not ready", async () => {
    const requester = await powerful();
    const risk = await person(["risk_owner"], "Ria Risk");
    const { change } = await asked(requester, { risk, edit: limited });
    const [first = "", ...rest] = change.unaccepted;
    const reason = "It is watched by hand meanwhile.";
    const { id, evidenceDigest } = seenBy(change);
    const accept = (condition: string) =>
      acceptConditions(by(risk), { id, conditions: [condition], reason, evidenceDigest });
    expect((await accept(first)).unaccepted).toEqual(rest);
    await grant(cast.admin, risk, []);
    await grant(requester, risk, ["risk_owner"]);
    expect(await state(change)).toMatchObject({
      unaccepted: change.unaccepted,
      acceptances: [{ current: false }],
    });
    for (const condition of change.unaccepted)
      await expectRefused(test.db, () => accept(condition), "rule", rule);
  });

  it("by reviewing the glass that they or their requester broke", async () => {
    const requester = await powerful();
    const { change } = await asked(requester);
    await breakGlass(by(requester), { id: change.id, reason: "It cannot wait any longer." });
    const puppet = await create(requester);
    const review = (actor: PersonActor) =>
      reviewChange(by(actor), { id: change.id, verdict: "upheld", note: "It was right to do." });
    await expectRefused(test.db, () => review(puppet), "rule", rule);
    expect((await review(cast.lead)).brokenGlass?.review).toMatchObject({ by: { id: cast.lead.id } });
  });

  it("of an exception", async () => {
    const requester = await powerful();
    const made = exceptionsOf(test.db, cast, await makeUseCase(test.db, { ...cast, owner: requester }));
    const { id, termsDigest } = await made.request({}, requester);
    const puppet = await create(requester);
    const take = (actor: PersonActor) => approveException(by(actor), { id, termsDigest });
    await expectRefused(test.db, () => take(puppet), "rule", rule);
    const { actions } = await getException(by(puppet), { id });
    expect(actions.find(({ name }) => name === "approve")).toMatchObject({ allowed: false });
    expect((await take(cast.lead3)).status).toBe("approved");
  });
});

describe("nobody approves their own exception", () => {
  it("by being named on it, by having it reassigned, or by another role", async () => {
    const both = await person(["security_lead", "application_owner"], "Ed Both");
    const useCase = await makeUseCase(test.db, { ...cast, owner: both });
    const made = exceptionsOf(test.db, cast, useCase);
    const exception = await made.request({}, both);
    const take = (actor: PersonActor) => () =>
      approveException(by(actor), { id: exception.id, termsDigest: exception.termsDigest });
    await expectRefused(test.db, take(both), "rule", "segregation-of-duties");
    const given = { owner: "business_owner" as const, personId: cast.lead2.id, reason: "Moved." };
    const moved = await reassignException(by(cast.lead), { id: exception.id, ...given });
    const again = (actor: PersonActor) => () =>
      approveException(by(actor), { id: exception.id, termsDigest: moved.termsDigest });
    for (const actor of [both, cast.lead, cast.lead2]) await expectRefused(test.db, again(actor), "rule");
    expect((await again(cast.lead3)()).status).toBe("approved");
  });
});
