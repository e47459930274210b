import { beforeAll, describe, expect, it } from "vitest";
import type { PersonActor } from "@/lib/access/context";
import { deactivatePerson } from "@/lib/people/deactivate-person";
import { useTestDatabase } from "@/lib/testing/database";
import {
  as,
  type Cast,
  DAY_MS,
  expectAudited,
  expectRefused,
  inDays,
  makeActor,
  makeCast,
  makeUseCase,
  NOW,
} from "@/lib/testing/people";
import { getUseCase } from "@/lib/use-cases/queries";
import type { UseCaseView } from "@/lib/use-cases/views";
import { approveException } from "./approve-exception";
import { getException, listExceptions } from "./queries";
import { rejectException } from "./reject-exception";
import { requestException } from "./request-exception";
import { retireException } from "./retire-exception";
import { reviewException } from "./review-exception";
import { revokeException } from "./revoke-exception";
import type { RequestExceptionInput } from "./schema";
import { submitException } from "./submit-exception";
import type { ExceptionView } from "./views";
import { withdrawException } from "./withdraw-exception";

const test = useTestDatabase();
let cast: Cast;
let useCase: UseCaseView;
beforeAll(async () => {
  cast = await makeCast(test.db);
  useCase = await makeUseCase(test.db, cast);
});

const by = (actor: PersonActor, now: Date = NOW) => as(test.db, actor, now);
const at = (iso: string, ms = 0) => new Date(Date.parse(iso) + ms);

function terms(different: Partial<RequestExceptionInput> = {}): RequestExceptionInput {
  return {
    useCase: useCase.slug,
    controls: ["pii/email"],
    scope: { tools: ["create_ticket"] },
    justification: "Tickets carry the customer's address so that a person can answer them.",
    compensatingControls: "Access to the ticket system is reviewed every quarter.",
    category: "mitigated",
    riskOwnerId: cast.risk.id,
    businessOwnerId: cast.business.id,
    startsAt: inDays(0),
    expiresAt: inDays(30),
    reviewAt: inDays(20),
    ...different,
  };
}

const request = (different: Partial<RequestExceptionInput> = {}, actor = cast.owner) =>
  requestException(by(actor), terms({ submit: true, ...different }));

const approve = ({ id, termsDigest }: ExceptionView, actor = cast.lead, now = NOW) =>
  approveException(by(actor, now), { id, termsDigest });

describe("the way of an exception", () => {
  it("goes from draft to approved and is in force until its expiry, to the millisecond", async () => {
    const owner = by(cast.owner);
    const draft = await expectAudited(owner, "exception.drafted", () => requestException(owner, terms()));
    expect(draft).toMatchObject({ status: "draft", state: "draft", broad: false, daysLeft: null, used: 0 });
    const { id } = draft;
    await expectAudited(owner, "exception.submitted", () => submitException(owner, { id }));
    const approved = await expectAudited(by(cast.lead), "exception.approved", () =>
      approveException(by(cast.lead), { id, termsDigest: draft.termsDigest, note: "Fine for a month." }),
    );
    expect(approved).toMatchObject({
      status: "approved",
      state: "in_force",
      daysLeft: 30,
      hoursLeft: 720,
      decidedBy: { name: "Lea Lead" },
      decisionNote: "Fine for a month.",
    });
    const stateAt = async (now: Date) => (await getException(by(cast.auditor, now), { id })).state;
    expect(await stateAt(at(inDays(30), -1))).toBe("review_overdue");
    await reviewException(by(cast.risk), { id, note: "Still needed.", nextReviewAt: inDays(30) });
    expect(await stateAt(at(inDays(30), -1))).toBe("in_force");
    expect(await stateAt(at(inDays(30)))).toBe("expired");
    expect(approved.timeline.map(({ action }) => action)).toEqual(["drafted", "submitted", "approved"]);
  });

  it("is reviewed, revoked, retired, rejected and withdrawn, each audited once", async () => {
    const [reviewed, revoked, retired] = [await request(), await request(), await request()];
    for (const exception of [reviewed, revoked, retired]) await approve(exception);
    const seen = await expectAudited(by(cast.risk), "exception.reviewed", () =>
      reviewException(by(cast.risk), { id: reviewed.id, note: "Seen.", nextReviewAt: inDays(25) }),
    );
    expect(seen).toMatchObject({ reviewAt: inDays(25), reviewedAt: NOW.toISOString() });
    expect(seen.reviews).toMatchObject([
      { by: { name: "Rita Risk" }, note: "Seen.", nextReviewAt: inDays(25) },
    ]);
    const gone = await expectAudited(by(cast.lead2), "exception.revoked", () =>
      revokeException(by(cast.lead2), { id: revoked.id, reason: "Abused." }),
    );
    expect(gone).toMatchObject({
      status: "revoked",
      state: "revoked",
      daysLeft: 0,
      hoursLeft: null,
      endedReason: "Abused.",
    });
    const done = await expectAudited(by(cast.owner), "exception.retired", () =>
      retireException(by(cast.owner), { id: retired.id, reason: "Fixed." }),
    );
    expect(done.state).toBe("retired");
    const [no, back] = [await request(), await request()];
    await expectAudited(by(cast.lead), "exception.rejected", () =>
      rejectException(by(cast.lead), { id: no.id, note: "Mask the addresses instead." }),
    );
    await expectAudited(by(cast.owner), "exception.withdrawn", () =>
      withdrawException(by(cast.owner), { id: back.id }),
    );
    for (const { id } of [gone, done, no, back]) {
      const { actions } = await getException(by(cast.lead), { id });
      expect(actions).toEqual([]);
    }
  });

  it("is suspended while a review is overdue, and in force again from the review on", async () => {
    const exception = await request({ reviewAt: inDays(5) });
    await approve(exception);
    const late = new Date(NOW.getTime() + 13 * DAY_MS);
    expect((await getException(by(cast.lead, late), { id: exception.id })).state).toBe("review_overdue");
    const again = await reviewException(by(cast.lead, late), {
      id: exception.id,
      note: "Late, but fine.",
      nextReviewAt: inDays(25),
    });
    expect(again.state).toBe("in_force");
  });

  it("is counted by its use case only while it is in force", async () => {
    const other = await makeUseCase(test.db, cast);
    const exception = await request({ useCase: other.slug });
    const open = async (now: Date) =>
      (await getUseCase(by(cast.auditor, now), { slug: other.slug })).openExceptions;
    expect(await open(NOW)).toBe(0);
    await approve(exception);
    expect([await open(NOW), await open(at(inDays(28))), await open(at(inDays(30)))]).toEqual([1, 0, 0]);
  });

  it("counts what it has spared", async () => {
    const exception = await request();
    await approve(exception);
    for (const shard of ["a", "b"]) {
      await test.pool.query(
        `INSERT INTO exception_hour (use_case_id, hour, exception, shard, n) VALUES ($1, $2, $3, $4, 21)`,
        [useCase.id, NOW, exception.id, shard],
      );
    }
    expect((await getException(by(cast.auditor), { id: exception.ref })).used).toBe(42);
  });
});

describe("the register", () => {
  it("filters by what time makes of it, pages, and finds by reference", async () => {
    const other = await makeUseCase(test.db, cast);
    const soon = await request({ useCase: other.slug, expiresAt: inDays(5), reviewAt: inDays(5) });
    const later = await request({ useCase: other.slug, startsAt: inDays(3) });
    const waiting = await request({ useCase: other.slug, scope: {} });
    for (const exception of [soon, later]) await approve(exception);
    const list = async (filter: object, now = NOW) =>
      (await listExceptions(by(cast.auditor, now), { useCase: other.slug, limit: 10, ...filter })).items.map(
        ({ ref }) => ref,
      );
    expect(await list({})).toEqual([waiting.ref, later.ref, soon.ref]);
    expect(await list({ state: "in_force" })).toEqual([soon.ref]);
    expect(await list({ state: "scheduled" })).toEqual([later.ref]);
    expect(await list({ state: "expired" }, at(inDays(5)))).toEqual([soon.ref]);
    expect(await list({ state: "submitted" })).toEqual([waiting.ref]);
    expect(await list({ expiresWithinDays: 7 })).toEqual([soon.ref]);
    expect(await list({ owner: cast.business.id, q: later.ref })).toEqual([later.ref]);
    const first = await listExceptions(by(cast.auditor), { useCase: other.slug, limit: 2 });
    expect(first).toMatchObject({ total: 3, items: [{ ref: waiting.ref, broad: true }, { ref: later.ref }] });
    expect(await list({ cursor: first.nextCursor })).toEqual([soon.ref]);
  });
});

describe("segregation of duties", () => {
  it("keeps requester, risk owner and business owner from deciding, though they are security leads", async () => {
    const both = await makeActor(test.db, ["security_lead", "application_owner", "risk_owner"], "Bo Both");
    const lead = await makeActor(test.db, ["security_lead", "risk_owner"], "Ron Risk");
    const other = await makeUseCase(test.db, cast);
    await test.db.useCaseMember.create({ data: { useCaseId: other.id, personId: both.id } });
    const asked = await request({ useCase: other.slug }, both);
    const ofRisk = await request({ riskOwnerId: lead.id });
    const ofBusiness = await request({ businessOwnerId: lead.id });
    for (const [actor, exception] of [
      [both, asked],
      [lead, ofRisk],
      [lead, ofBusiness],
    ] as const) {
      const rule = "segregation-of-duties";
      await expectRefused(test.db, () => approve(exception, actor), "rule", rule);
      const { id } = exception;
      await expectRefused(test.db, () => rejectException(by(actor), { id, note: "No." }), "rule", rule);
      const { actions } = await getException(by(actor), { id });
      const harmless = ["withdraw", "reassign"];
      expect(actions.filter(({ name, allowed }) => allowed && !harmless.includes(name))).toEqual([]);
    }
  });

  it("refuses by role: only an owner of the use case asks, only a security lead decides", async () => {
    const exception = await request();
    const { id } = exception;
    const stranger = await makeActor(test.db, ["application_owner"], "Stan Stranger");
    for (const actor of [cast.admin, cast.lead, cast.auditor, cast.business, stranger]) {
      await expectRefused(test.db, () => request({}, actor), "forbidden");
    }
    for (const actor of [cast.admin, cast.risk, cast.owner, cast.auditor, cast.business, stranger]) {
      await expectRefused(test.db, () => approve(exception, actor), "forbidden");
      await expectRefused(test.db, () => rejectException(by(actor), { id, note: "No." }), "forbidden");
      const revoke = () => revokeException(by(actor), { id, reason: "No longer." });
      await expectRefused(test.db, revoke, actor === cast.risk ? "conflict" : "forbidden");
    }
    await expectRefused(test.db, () => withdrawException(by(cast.lead), { id }), "forbidden");
  });

  it("does not let the requester review their own", async () => {
    const exception = await request({}, cast.risk);
    await approve(exception);
    await expectRefused(
      test.db,
      () => reviewException(by(cast.risk), { id: exception.id, note: "Fine.", nextReviewAt: inDays(25) }),
      "rule",
      "segregation-of-duties",
    );
  });
});

describe("broken rules leave no trace", () => {
  it("refuses a life longer than the tier allows, and one that is over", async () => {
    await expectRefused(test.db, () => request({ expiresAt: inDays(90.01) }), "rule", "longest-life");
    const critical = await makeUseCase(test.db, cast, { tier: "critical" });
    const fortnight = { useCase: critical.slug, expiresAt: inDays(15), reviewAt: inDays(9) };
    await expectRefused(test.db, () => request(fortnight), "rule", "longest-life");
    const past = { startsAt: inDays(-9), reviewAt: inDays(-1), expiresAt: inDays(0) };
    await expectRefused(test.db, () => request(past), "rule", "already-expired");
  });

  it("names controls that there are not, also custom ones of another policy", async () => {
    const controls = ["pii/email", "pii/shoe-size", "custom/not-here"];
    await expectRefused(test.db, () => request({ controls }), "invalid", "controls.1");
    await expectRefused(test.db, () => request({ controls }), "invalid", "controls.2");
  });

  it("names owners who are not active or not risk owners", async () => {
    await expectRefused(test.db, () => request({ riskOwnerId: cast.lead.id }), "invalid", "riskOwnerId");
    const left = await makeActor(test.db, ["risk_owner"], "Lou Left");
    const exception = await request({ businessOwnerId: left.id });
    await deactivatePerson(by(cast.admin), { id: left.id, reason: "Left." });
    await expectRefused(test.db, () => request({ businessOwnerId: left.id }), "invalid", "businessOwnerId");
    await expectRefused(test.db, () => request({ riskOwnerId: left.id }), "invalid", "riskOwnerId");
    await expectRefused(test.db, () => approve(exception), "rule", "owner-left");
  });

  it("refuses other terms than those that were seen, and what has expired meanwhile", async () => {
    const exception = await request();
    const { id } = exception;
    const termsDigest = `sha256:${"0".repeat(64)}`;
    await expectRefused(test.db, () => approveException(by(cast.lead), { id, termsDigest }), "stale");
    await expectRefused(
      test.db,
      () => approve(exception, cast.lead, at(inDays(30))),
      "rule",
      "already-expired",
    );
  });

  it("lets a requester who lost the power take a draft back, and not submit it", async () => {
    const { id } = await requestException(by(cast.owner), terms());
    const now = (roles: PersonActor["roles"]) => by({ ...cast.owner, roles });
    await expectRefused(test.db, () => submitException(now(["auditor"]), { id }), "forbidden");
    await expectRefused(test.db, () => withdrawException(now([]), { id }), "forbidden");
    await withdrawException(now(["auditor"]), { id });
  });

  it("refuses moves that the state does not allow, and reviews beyond the expiry", async () => {
    const exception = await request();
    const { id } = exception;
    await expectRefused(test.db, () => submitException(by(cast.owner), { id }), "conflict");
    await approve(exception);
    await expectRefused(test.db, () => approve(exception, cast.lead2), "conflict");
    await expectRefused(test.db, () => withdrawException(by(cast.owner), { id }), "conflict");
    for (const nextReviewAt of [inDays(31), inDays(0)]) {
      const review = () => reviewException(by(cast.lead), { id, note: "Fine.", nextReviewAt });
      await expectRefused(test.db, review, "invalid", "nextReviewAt");
    }
    const expired = by(cast.lead, at(inDays(30)));
    const revoke = () => revokeException(expired, { id, reason: "Too late." });
    await expectRefused(test.db, revoke, "rule", "already-expired");
  });

  it("is refused by the database too: four eyes, an end, a justification", async () => {
    const { id } = await request();
    const refused = (data: object) =>
      expect(test.db.policyException.update({ where: { id }, data })).rejects.toThrow(/constraint/);
    const decided = { status: "approved", decidedAt: NOW } as const;
    await refused({ ...decided, decidedById: cast.owner.id });
    await refused({ ...decided, decidedById: cast.risk.id });
    await refused({ ...decided, decidedById: cast.business.id });
    await refused(decided);
    await refused({ expiresAt: NOW });
    await refused({ reviewAt: at(inDays(31)) });
    await refused({ justification: "Because." });
    await refused({ controls: [] });
  });
});
