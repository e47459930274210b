import { beforeAll, describe, expect, it } from "vitest";
import type { PersonActor } from "@/lib/access/context";
import { deactivatePerson } from "@/lib/people/deactivate-person";
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
import { getException } from "./queries";
import { reassignException } from "./reassign-exception";
import { rejectException } from "./reject-exception";
import { renewException } from "./renew-exception";
import { revokeException } from "./revoke-exception";
import { submitException } from "./submit-exception";

const test = useTestDatabase();
let cast: Cast;
let made: ReturnType<typeof exceptionsOf>;
beforeAll(async () => {
  cast = await makeCast(test.db);
  made = exceptionsOf(test.db, cast, await makeUseCase(test.db, cast));
});

const by = (actor: PersonActor, now: Date = NOW) => as(test.db, actor, now);
const day = (days: number) => new Date(NOW.getTime() + days * DAY_MS);

describe("a renewal", () => {
  it("is a new exception that points back, with an approval of its own, and begins where the old one ends", async () => {
    const first = await made.approved({ expiresAt: inDays(90), reviewAt: inDays(90) });
    const renewed = await renewException(by(cast.owner, day(80)), {
      id: first.id,
      ...made.renewal(90, 180),
    });
    expect(renewed).toMatchObject({ status: "submitted", renews: first.ref, startsAt: inDays(90) });
    expect(renewed.chain).toMatchObject({ since: inDays(0), days: 180, capDays: 360, leftDays: 180 });
    expect(renewed.chain.links.map(({ ref, own }) => [ref, own])).toEqual([
      [first.ref, false],
      [renewed.ref, true],
    ]);
    const approved = await made.approve(renewed, cast.lead, day(81));
    expect(approved.state).toBe("scheduled");
    const at = async (days: number) =>
      (await getException(by(cast.auditor, day(days)), { id: renewed.id })).state;
    expect([await at(90 - 1e-8), await at(90), await at(180)]).toEqual(["scheduled", "in_force", "expired"]);
    const old = await getException(by(cast.auditor, day(90)), { id: first.id });
    expect(old.timeline.map(({ action }) => action)).toEqual(["submitted", "approved", "renewal_requested"]);
  });

  it("after renewal after renewal ends at four times the longest life, to the millisecond", async () => {
    let last = await made.approved({ expiresAt: inDays(90), reviewAt: inDays(90) });
    for (const end of [180, 270, 360]) {
      const asked = await renewException(by(cast.owner, day(end - 91)), {
        id: last.id,
        ...made.renewal(end - 90, end),
      });
      last = await made.approve(asked, cast.lead, day(end - 91));
    }
    expect(last.chain).toMatchObject({ days: 360, leftDays: 0 });
    const { actions, chain } = await getException(by(cast.owner), { id: last.id });
    const first = await getException(by(cast.owner), { id: chain.links[0]?.ref ?? "" });
    expect(first.chain).toMatchObject({ until: inDays(360), days: 360, leftDays: 0 });
    const renew = actions.find(({ name }) => name === "renew");
    expect(renew).toMatchObject({ allowed: false, why: expect.stringContaining("360 days in all") });
    const beyond = () => renewException(by(cast.owner, day(350)), { id: last.id, ...made.renewal(360, 361) });
    await expectRefused(test.db, beyond, "rule", "chain-cap");
  });

  it("cannot go a millisecond beyond the cap, though its own life would be short enough", async () => {
    const first = await made.approved({ expiresAt: inDays(90), reviewAt: inDays(90) });
    const far = made.renewal(300, 360 + 1 / DAY_MS);
    const renew = (input: typeof far) => renewException(by(cast.owner, day(80)), { id: first.id, ...input });
    await expectRefused(test.db, () => renew(far), "rule", "chain-cap");
    expect((await renew(made.renewal(300, 360))).chain.leftDays).toBe(0);
  });

  it("is one at a time; after a rejection another may be asked for", async () => {
    const first = await made.approved();
    const renew = () => renewException(by(cast.owner), { id: first.id, ...made.renewal(30, 60) });
    const one = await renew();
    await expectRefused(test.db, renew, "conflict");
    await rejectException(by(cast.lead), { id: one.id, note: "Fix it instead." });
    expect((await renew()).chain.links).toHaveLength(3);
  });

  it("waits for the reassignment of an owner who left, and so does its approval", async () => {
    const leaver = await makeActor(test.db, [], "Len Leaver");
    const first = await made.approved({ businessOwnerId: leaver.id });
    const asked = await renewException(by(cast.owner), {
      id: first.id,
      ...made.renewal(30, 60, { businessOwnerId: leaver.id }),
    });
    await deactivatePerson(by(cast.admin), { id: leaver.id, reason: "Left." });
    const view = await getException(by(cast.owner), { id: first.id });
    expect(view).toMatchObject({ reassign: true, businessOwner: { active: false } });
    await expectRefused(test.db, () => made.approve(asked), "rule", "owner-left");
    const other = await made.approved({ businessOwnerId: cast.business.id });
    await reassignException(by(cast.lead), {
      id: first.id,
      owner: "business_owner",
      personId: cast.business.id,
      reason: "Len left.",
    });
    await rejectException(by(cast.lead), { id: asked.id, note: "Its owner left." });
    const renewed = await renewException(by(cast.owner), { id: first.id, ...made.renewal(30, 60) });
    expect(renewed.status).toBe("submitted");
    expect(other.reassign).toBe(false);
  });

  it("of what was revoked is not approved any more, nor asked for", async () => {
    const first = await made.approved();
    const asked = await renewException(by(cast.owner), { id: first.id, ...made.renewal(30, 60) });
    await revokeException(by(cast.lead), { id: first.id, reason: "Abused." });
    await expectRefused(test.db, () => made.approve(asked), "rule", "renewed-revoked");
    const again = () => renewException(by(cast.owner), { id: first.id, ...made.renewal(30, 60) });
    await expectRefused(test.db, again, "conflict");
  });

  it("is decided by nobody who asked for what it renews, or needed it", async () => {
    const both = await makeActor(test.db, ["security_lead", "application_owner"], "Bo Both");
    const needs = await makeActor(test.db, ["security_lead"], "Nea Needs");
    const useCase = await makeUseCase(test.db, cast);
    await test.db.useCaseMember.create({ data: { useCaseId: useCase.id, personId: both.id } });
    const theirs = exceptionsOf(test.db, cast, useCase);
    const first = await theirs.approve(await theirs.request({ businessOwnerId: needs.id }, both));
    const asked = await renewException(by(cast.owner), { id: first.id, ...theirs.renewal(30, 60) });
    for (const actor of [both, needs]) {
      await expectRefused(test.db, () => theirs.approve(asked, actor), "rule", "segregation-of-duties");
    }
    expect((await theirs.approve(asked, cast.lead)).status).toBe("approved");
  });

  it("has terms whose digest names what it renews", async () => {
    const first = await made.approved();
    const second = await made.approved();
    const [a, b] = await Promise.all(
      [first, second].map(({ id }) => renewException(by(cast.owner), { id, ...made.renewal(30, 60) })),
    );
    expect(a?.termsDigest).not.toBe(b?.termsDigest);
  });
});

describe("a start in the past", () => {
  it("is refused, but for the time that a form takes, and then it is now", async () => {
    const back = (ms: number) => ({ startsAt: new Date(NOW.getTime() - ms).toISOString() });
    await expectRefused(test.db, () => made.request(back(DAY_MS)), "rule", "backdated");
    expect((await made.request(back(60_000))).startsAt).toBe(NOW.toISOString());
  });

  it("does not shorten the life that counts: a draft kept for long is measured when it is submitted", async () => {
    const ends = { expiresAt: inDays(95), startsAt: inDays(5), reviewAt: inDays(50) };
    const draft = await made.request({ ...ends, submit: false });
    const late = await submitException(by(cast.owner, day(40)), { id: draft.id });
    expect(late.status).toBe("submitted");
    await expectRefused(
      test.db,
      () => made.request({ ...ends, startsAt: inDays(4.9) }),
      "rule",
      "longest-life",
    );
  });
});

describe("the database itself", () => {
  it("refuses another chain, a second renewal, and an owner changed without a record", async () => {
    const [first, other] = [await made.approved(), await made.approved()];
    const asked = await renewException(by(cast.owner), { id: first.id, ...made.renewal(30, 60) });
    const copy = (set: string) =>
      test.pool.query(
        `INSERT INTO policy_exception SELECT (jsonb_populate_record(e, '${set}'::jsonb)).* FROM policy_exception e WHERE id = $1`,
        [asked.id],
      );
    const fresh = { id: "01900000-0000-7000-8000-0000000000aa", ref: 900_001 };
    await expect(copy(JSON.stringify(fresh))).rejects.toThrow("has a renewal");
    await expect(copy(JSON.stringify({ ...fresh, renews_id: other.id }))).rejects.toThrow("renewed so");
    await expect(copy(JSON.stringify({ ...fresh, renews_id: null }))).rejects.toThrow(/chain_has_a_root/);
    const set = (sql: string) =>
      test.pool.query(`UPDATE policy_exception SET ${sql} WHERE id = $1`, [asked.id]);
    for (const sql of [
      `risk_owner_id = '${cast.lead2.id}'`,
      `business_owner_id = '${cast.lead2.id}', revision = revision + 1`,
      `renews_id = '${other.id}'`,
      `root_id = '${other.id}'`,
    ]) {
      await expect(set(sql), sql).rejects.toThrow("do not change");
    }
    await reassignException(by(cast.lead), {
      id: asked.id,
      owner: "business_owner",
      personId: cast.lead3.id,
      reason: "Moved.",
    });
    for (const actor of [cast.lead, cast.lead3]) {
      const decided = `status = 'approved', decided_at = now(), decided_by_id = '${actor.id}'`;
      await expect(set(decided)).rejects.toThrow(/does not decide|four_eyes/);
    }
    const rows = ["exception_reassignment", "exception_campaign", "campaign_item"];
    for (const table of rows) {
      await expect(test.pool.query(`TRUNCATE ${table} CASCADE`)).rejects.toThrow("append-only");
    }
    await expect(test.pool.query("UPDATE exception_reassignment SET reason = 'x'")).rejects.toThrow(
      "append-only",
    );
    await expect(test.pool.query("DELETE FROM exception_reassignment")).rejects.toThrow("append-only");
  });
});
