import { uuidv7 } from "uuidv7";
import { beforeAll, describe, expect, it } from "vitest";
import type { PersonActor } from "@/lib/access/context";
import { retireException } from "@/lib/exceptions/retire-exception";
import { reviewException } from "@/lib/exceptions/review-exception";
import { reviewMany } from "@/lib/exceptions/review-many";
import { shortenException } from "@/lib/exceptions/shorten-exception";
import type { ExceptionView } from "@/lib/exceptions/views";
import { readQueue } from "@/lib/telemetry/read-queue";
import { useTestDatabase } from "@/lib/testing/database";
import { exceptionsOf } from "@/lib/testing/exceptions";
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
import type { UseCaseView } from "@/lib/use-cases/views";
import { getCampaign, listCampaigns } from "./queries";
import { startCampaign } from "./start-campaign";

const test = useTestDatabase();
let cast: Cast;
let useCase: UseCaseView;
let made: ReturnType<typeof exceptionsOf>;
beforeAll(async () => {
  cast = await makeCast(test.db);
});

const by = (actor: PersonActor, now: Date = NOW) => as(test.db, actor, now);
const day = (days: number) => new Date(NOW.getTime() + days * DAY_MS);
const start = (actor: PersonActor = cast.lead) =>
  startCampaign(by(actor), { title: "Quarter", dueAt: inDays(14), filter: { useCase: useCase.slug } });

async function three(): Promise<ExceptionView[]> {
  useCase = await makeUseCase(test.db, cast);
  made = exceptionsOf(test.db, cast, useCase);
  return [await made.approved(), await made.approved(), await made.approved({ expiresAt: inDays(20) })];
}

describe("a campaign of reviews", () => {
  it("asks about a frozen list and closes by itself, whatever way each is done", async () => {
    const [one, two, three_] = await three();
    if (!one || !two || !three_) return expect.unreachable();
    await made.request();
    const started = await expectAudited(by(cast.lead), "campaign.started", () => start());
    expect(started).toMatchObject({ done: 0, of: 3, overdue: 0, closedAt: null });
    await made.approved();
    const at = (now: Date) => getCampaign(by(cast.risk, now), { id: started.ref });
    expect((await at(NOW)).of).toBe(3);
    await reviewException(by(cast.lead2, day(1)), { id: one.id, note: "Fine.", nextReviewAt: inDays(25) });
    await retireException(by(cast.owner, day(2)), { id: two.id, reason: "Fixed." });
    const midway = await at(day(15));
    expect(midway).toMatchObject({ done: 2, of: 3, overdue: 1, closedAt: null });
    expect(midway.byOwner).toEqual([{ owner: { id: cast.risk.id, name: "Rita Risk" }, done: 2, of: 3 }]);
    expect(midway.items.map(({ exception, state }) => [exception.ref, state])).toEqual([
      [three_.ref, "open"],
      [one.ref, "kept"],
      [two.ref, "retired"],
    ]);
    expect(await at(day(20))).toMatchObject({ done: 3, closedAt: inDays(20) });
    const states = async (now: Date, state: "open" | "done") =>
      (await listCampaigns(by(cast.auditor, now), { limit: 50, state })).items.map(({ ref }) => ref);
    expect([await states(NOW, "open"), await states(day(20), "done")]).toEqual([
      [started.ref],
      [started.ref],
    ]);
  });

  it("goes to the risk owner; to whoever else may review where the risk owner may not", async () => {
    const lead = await makeActor(test.db, ["risk_owner"], "Rob Risk");
    await three();
    const barred = await made.approved({ riskOwnerId: lead.id, businessOwnerId: lead.id });
    const started = await start();
    const waits = async (actor: PersonActor) =>
      (await readQueue(test.db, actor, NOW))
        .filter(({ kind, href }) => kind === "campaign_item" && href.endsWith(started.ref))
        .map(({ id }) => id);
    expect(await waits(cast.risk)).toHaveLength(4);
    expect(await waits(cast.lead2)).toEqual([barred.id]);
    expect(await waits(lead)).toEqual([]);
    expect(await waits(cast.auditor)).toEqual([]);
    const item = started.items.find(({ exception }) => exception.id === barred.id);
    expect(item?.reviewer).toBeNull();
  });

  it("is started by a security lead, or by a risk owner over what they own", async () => {
    await three();
    const stranger = await makeActor(test.db, ["risk_owner"], "Stan Stranger");
    for (const actor of [cast.admin, cast.owner, cast.auditor, cast.business]) {
      await expectRefused(test.db, () => start(actor), "forbidden");
    }
    await expectRefused(test.db, () => start(stranger), "invalid", "filter");
    expect((await start(cast.risk)).of).toBe(3);
    const past = () => startCampaign(by(cast.lead), { title: "Late", dueAt: inDays(0) });
    await expectRefused(test.db, past, "invalid", "dueAt");
  });

  it("is worked off together: each by its own command, and what is refused stops none of the others", async () => {
    const [one, two, short] = await three();
    if (!one || !two || !short) return expect.unreachable();
    const theirs = await made.approved({ businessOwnerId: cast.lead2.id });
    const started = await start();
    const before = await test.db.auditEntry.count();
    const ids = [one.id, theirs.id, short.id, "01900000-0000-7000-8000-000000000000"];
    const results = await reviewMany(by(cast.lead2), {
      exceptions: ids,
      verdict: "keep",
      note: "Seen in the quarter's review.",
      nextReviewAt: inDays(28),
    });
    expect(results.map(({ ref, done }) => [ref, done])).toEqual([
      [one.ref, true],
      [theirs.ref, false],
      [short.ref, true],
      ["–", false],
    ]);
    expect(results[1]?.why).toContain("You are its business owner.");
    const kept = await getCampaign(by(cast.lead2), { id: started.id });
    expect(kept).toMatchObject({ done: 2, of: 4 });
    expect(kept.items.find(({ exception }) => exception.ref === short.ref)?.exception.reviewAt).toBe(
      inDays(20),
    );
    const later = await reviewMany(by(cast.lead2), {
      exceptions: [two.id],
      verdict: "shorten",
      note: "Two weeks are enough.",
      expiresAt: inDays(60),
    });
    expect(later).toMatchObject([
      { done: false, why: "expiresAt must be earlier than the expiry that it has" },
    ]);
    const revoked = await reviewMany(by(cast.lead), {
      exceptions: [two.id, theirs.id],
      verdict: "revoke",
      note: "No.",
    });
    expect(revoked.every(({ done }) => done)).toBe(true);
    const entries = await test.db.auditEntry.findMany({ orderBy: { number: "asc" }, skip: before });
    expect(entries.map(({ action }) => action)).toEqual([
      "exception.reviewed",
      "exception.reviewed",
      "exception.revoked",
      "exception.revoked",
    ]);
    expect((await getCampaign(by(cast.lead2), { id: started.id })).closedAt).toBe(NOW.toISOString());
  });

  it("is answered by an earlier expiry, which is where it ends, everywhere", async () => {
    const [one, two, short] = await three();
    if (!one || !two || !short) return expect.unreachable();
    const started = await start();
    const waits = async () =>
      (await readQueue(test.db, cast.risk, NOW))
        .filter(({ kind, href }) => kind === "campaign_item" && href.endsWith(started.ref))
        .map(({ id }) => id)
        .sort();
    expect(await waits()).toEqual([one.id, two.id, short.id].sort());
    const shorten = (actor: PersonActor, id: string, expiresAt: string) =>
      shortenException(by(actor), { id, expiresAt, reason: "Two weeks are enough." });
    for (const actor of [cast.admin, cast.owner, cast.auditor, cast.business]) {
      await expectRefused(test.db, () => shorten(actor, one.id, inDays(14)), "forbidden");
    }
    for (const days of [-1, 0, 30, 31]) {
      const ask = () => shorten(cast.risk, one.id, inDays(days));
      await expectRefused(test.db, ask, "invalid", "expiresAt");
    }
    const shortened = await expectAudited(by(cast.risk), "exception.shortened", () =>
      shorten(cast.risk, one.id, inDays(14)),
    );
    expect(shortened).toMatchObject({
      expiresAt: inDays(14),
      reviewAt: inDays(14),
      termsDigest: one.termsDigest,
      shortenings: [{ by: { name: "Rita Risk" }, from: one.expiresAt, to: inDays(14) }],
    });
    expect(await waits()).toEqual([two.id, short.id].sort());
    const campaign = await getCampaign(by(cast.risk), { id: started.id });
    expect(campaign).toMatchObject({ done: 1, of: 3 });
    expect(campaign.items.find(({ exception }) => exception.id === one.id)).toMatchObject({
      state: "shortened",
      at: NOW.toISOString(),
      by: { name: "Rita Risk" },
      note: "Two weeks are enough.",
    });
    const entry = await test.db.auditEntry.findFirstOrThrow({ where: { action: "exception.shortened" } });
    expect(entry).toMatchObject({
      reason: "Two weeks are enough.",
      detail: { from: one.expiresAt, expiresAt: inDays(14) },
    });
  });

  it("is answered by nobody who may not review it, and the database takes no expiry that is not on record", async () => {
    await three();
    const barred = await made.approved({ businessOwnerId: cast.lead2.id });
    const ask = () =>
      shortenException(by(cast.lead2), { id: barred.id, expiresAt: inDays(9), reason: "No." });
    await expectRefused(test.db, ask, "rule", "segregation-of-duties");
    for (const expiresAt of [day(40), day(25)]) {
      const write = () =>
        test.pool.query("UPDATE policy_exception SET expires_at = $1 WHERE id = $2", [expiresAt, barred.id]);
      await expect(write()).rejects.toThrow(/an expiry is only shortened/);
    }
    const record = (fromAt: Date, toAt: Date) =>
      test.db.exceptionShortening.create({
        data: {
          id: uuidv7(),
          exceptionId: barred.id,
          revision: 99,
          ...{ fromAt, toAt, byId: cast.lead.id, reason: "So.", at: NOW },
        },
      });
    await expect(record(day(30), day(40))).rejects.toThrow(/exception_shortening_shortens/);
    await expect(record(day(30), day(-1))).rejects.toThrow(/exception_shortening_shortens/);
  });
});
