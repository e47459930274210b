import { beforeAll, describe, expect, it } from "vitest";
import type { PersonActor } from "@/lib/access/context";
import { deactivatePerson } from "@/lib/people/deactivate-person";
import { readQueue } from "@/lib/telemetry/read-queue";
import { useTestDatabase } from "@/lib/testing/database";
import { exceptionsOf } from "@/lib/testing/exceptions";
import {
  as,
  type Cast,
  expectAudited,
  expectRefused,
  inDays,
  makeActor,
  makeCast,
  makeUseCase,
  NOW,
} from "@/lib/testing/people";
import { getException, listExceptions } from "./queries";
import { reassignException } from "./reassign-exception";
import { reviewException } from "./review-exception";
import type { OwnerKind } from "./schema";

const test = useTestDatabase();
let cast: Cast;
let made: ReturnType<typeof exceptionsOf>;
beforeAll(async () => {
  cast = await makeCast(test.db);
  made = exceptionsOf(test.db, cast, await makeUseCase(test.db, cast));
});

const by = (actor: PersonActor, now: Date = NOW) => as(test.db, actor, now);
const reassign = (actor: PersonActor, id: string, owner: OwnerKind, to: PersonActor) =>
  reassignException(by(actor), { id, owner, personId: to.id, reason: "Moved to another team." });

describe("reassignment", () => {
  it("replaces an owner, keeps who it was, and is audited", async () => {
    const { id, termsDigest } = await made.approved();
    const other = await makeActor(test.db, ["risk_owner"], "Ron Risk");
    const view = await expectAudited(by(cast.lead), "exception.reassigned", () =>
      reassign(cast.lead, id, "risk_owner", other),
    );
    expect(view).toMatchObject({ riskOwner: { name: "Ron Risk" }, termsDigest, state: "in_force" });
    expect(view.reassignments).toMatchObject([
      {
        owner: "risk_owner",
        from: { name: "Rita Risk" },
        to: { name: "Ron Risk" },
        by: { name: "Lea Lead" },
      },
    ]);
    await reassign(other, id, "business_owner", cast.owner);
  });

  it("of what is not decided yet makes other terms, which an approver must read again", async () => {
    const asked = await made.request();
    const after = await reassign(cast.lead, asked.id, "business_owner", cast.auditor);
    expect(after.termsDigest).not.toBe(asked.termsDigest);
    await expectRefused(test.db, () => made.approve(asked, cast.lead2), "stale");
    expect((await made.approve(after, cast.lead2)).status).toBe("approved");
  });

  it("never lets somebody decide who owned it, owns it, or named the owner", async () => {
    const lead = await makeActor(test.db, ["security_lead", "risk_owner"], "Lou Lead");
    const next = await makeActor(test.db, ["risk_owner"], "Ned Next");
    const rule = "segregation-of-duties";
    for (const owner of ["risk_owner", "business_owner"] as const) {
      const asked = await made.request();
      await reassign(cast.lead, asked.id, owner, lead);
      const away = await reassign(cast.lead2, asked.id, owner, next);
      for (const actor of [lead, cast.lead, cast.lead2]) {
        await expectRefused(test.db, () => made.approve(away, actor), "rule", rule);
        const view = await getException(by(actor), { id: asked.id });
        expect(view.actions.find(({ name }) => name === "approve")).toMatchObject({ allowed: false });
        const queue = await readQueue(test.db, actor, NOW);
        expect(queue.filter(({ id, kind }) => id === asked.id && kind === "exception_approval")).toEqual([]);
      }
      expect((await made.approve(away, cast.lead3)).status).toBe("approved");
    }
  });

  it("gives it to nobody who decided on it, nor to whom has it, nor to whom may not sign in or own risks", async () => {
    const { id } = await made.approved();
    const wrong = (owner: OwnerKind, to: PersonActor) => () => reassign(cast.lead2, id, owner, to);
    await expectRefused(test.db, wrong("business_owner", cast.lead), "rule", "segregation-of-duties");
    await expectRefused(test.db, wrong("business_owner", cast.business), "invalid", "personId");
    await expectRefused(test.db, wrong("risk_owner", cast.owner), "invalid", "personId");
    const left = await makeActor(test.db, ["risk_owner"], "Lea Left");
    await deactivatePerson(by(cast.admin), { id: left.id, reason: "Left." });
    await expectRefused(test.db, wrong("risk_owner", left), "invalid", "personId");
  });

  it("keeps a former business owner from reviewing", async () => {
    const lead = await makeActor(test.db, ["security_lead"], "Lex Lead");
    const { id } = await made.approved({ businessOwnerId: lead.id });
    await reassign(cast.lead2, id, "business_owner", cast.business);
    const review = (actor: PersonActor) => () =>
      reviewException(by(actor), { id, note: "Fine.", nextReviewAt: inDays(25) });
    await expectRefused(test.db, review(lead), "rule", "segregation-of-duties");
    expect((await review(cast.lead2)()).reviews).toHaveLength(1);
  });

  it("is asked of security leads and the risk owner while an owner is deactivated", async () => {
    const leaver = await makeActor(test.db, [], "Gus Gone");
    const { id, ref } = await made.approved({ businessOwnerId: leaver.id });
    const waits = async (actor: PersonActor) =>
      (await readQueue(test.db, actor, NOW)).some(
        (item) => item.id === id && item.kind === "exception_reassignment",
      );
    expect(await waits(cast.lead)).toBe(false);
    await deactivatePerson(by(cast.admin), { id: leaver.id, reason: "Left." });
    expect(await Promise.all([cast.lead, cast.risk, cast.owner, cast.auditor].map(waits))).toEqual([
      true,
      true,
      false,
      false,
    ]);
    const list = async () =>
      (await listExceptions(by(cast.auditor), { reassign: "true", limit: 50 })).items.map((one) => one.ref);
    expect(await list()).toContain(ref);
    await reassign(cast.risk, id, "business_owner", cast.business);
    expect(await list()).not.toContain(ref);
    expect(await waits(cast.lead)).toBe(false);
  });
});
