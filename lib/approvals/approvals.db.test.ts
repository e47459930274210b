import { randomBytes } from "node:crypto";
import { uuidv7 } from "uuidv7";
import { beforeAll, describe, expect, it } from "vitest";
import type { PersonActor } from "@/lib/access/context";
import { SluiceError } from "@/lib/errors";
import { buildWorkload } from "@/lib/testing/builders";
import { useTestDatabase } from "@/lib/testing/database";
import {
  as,
  type Cast,
  expectAudited,
  expectRefused,
  makeActor,
  makeCast,
  makeUseCase,
  NOW,
} from "@/lib/testing/people";
import type { UseCaseView } from "@/lib/use-cases/views";
import { denyApproval } from "./deny-approval";
import { grantApproval } from "./grant-approval";
import { countWaiting, getApproval, listApprovals } from "./queries";
import { HELD_MS } from "./rules";

const test = useTestDatabase();
let cast: Cast;
let foreignRisk: PersonActor;
let useCase: UseCaseView;
let workloadId: string;
const END = new Date(NOW.getTime() + HELD_MS);
const reason = "Seen and known.";

beforeAll(async () => {
  cast = await makeCast(test.db);
  foreignRisk = await makeActor(test.db, ["risk_owner"], "Rosa Risk");
  useCase = await makeUseCase(test.db, cast);
  workloadId = (await buildWorkload(test.db, [useCase.id])).workload.id;
});

/** A held request as a decision point writes it. */
async function held(): Promise<string> {
  const { id } = await test.db.approvalRequest.create({
    data: {
      id: uuidv7(),
      useCaseId: useCase.id,
      workloadId,
      decisionId: uuidv7(),
      requestDigest: Uint8Array.from(randomBytes(32)),
      controls: ["high-impact-tool"],
      asked: { action: "tool_call", tool: "send_money" },
      excerpt: '{"amount":5}',
      createdAt: NOW,
      expiresAt: END,
    },
  });
  return id;
}

describe("a verdict", () => {
  it.each([
    ["grant", grantApproval, "approval.granted", "granted"],
    ["deny", denyApproval, "approval.denied", "denied"],
  ] as const)(
    "to %s is a security lead's or the named risk owner's, and says why",
    async (_, command, action, status) => {
      for (const person of [cast.lead, cast.risk]) {
        const id = await held();
        const ctx = as(test.db, person);
        const view = await expectAudited(ctx, action, () => command(ctx, { id, reason }));
        expect(view).toMatchObject({
          status,
          reason,
          decidedBy: { id: person.id },
          actions: [],
          decision: null,
        });
        const entry = await test.db.auditEntry.findFirstOrThrow({ where: { subjectId: id } });
        expect(entry).toMatchObject({ subjectRef: view.ref, useCase: useCase.slug, reason });
        expect(JSON.stringify(entry.detail)).not.toContain("amount");
      }
    },
  );

  it("is nobody else's: not an admin's, not another risk owner's, not the application owner's", async () => {
    const id = await held();
    const others = [cast.admin, foreignRisk, cast.owner, cast.auditor];
    for (const person of others) {
      for (const command of [grantApproval, denyApproval]) {
        await expectRefused(test.db, () => command(as(test.db, person), { id, reason }), "forbidden");
      }
      const { actions } = await getApproval(as(test.db, person), { id });
      expect(actions.map(({ allowed }) => allowed)).toEqual([false, false]);
      expect(await countWaiting(as(test.db, person))).toEqual({ waiting: 0 });
    }
    const job = { ...as(test.db, cast.lead), actor: { kind: "job", name: "grant" } as const };
    await expectRefused(test.db, () => grantApproval(job, { id, reason }), "forbidden");
    await expectRefused(
      test.db,
      () => grantApproval({ ...job, actor: null }, { id, reason }),
      "unauthenticated",
    );
  });

  it("comes in time or not at all, to the millisecond", async () => {
    const [inTime, late] = [await held(), await held()];
    const before = as(test.db, cast.lead, new Date(END.getTime() - 1));
    expect(await grantApproval(before, { id: inTime, reason })).toMatchObject({ status: "granted" });
    for (const command of [grantApproval, denyApproval]) {
      await expectRefused(
        test.db,
        () => command(as(test.db, cast.lead, END), { id: late, reason }),
        "conflict",
      );
    }
    expect(await getApproval(as(test.db, cast.lead, END), { id: late })).toMatchObject({
      status: "expired",
      actions: [],
    });
  });

  it("is one: of a grant and a denial at the same instant one wins, a hundred times", async () => {
    for (let round = 0; round < 100; round++) {
      const id = await held();
      const settled = await Promise.allSettled([
        grantApproval(as(test.db, cast.lead), { id, reason: "grant" }),
        denyApproval(as(test.db, cast.risk), { id, reason: "deny" }),
      ]);
      const refused = settled.flatMap((one) => (one.status === "rejected" ? [one.reason as unknown] : []));
      expect(refused).toHaveLength(1);
      expect(refused[0]).toBeInstanceOf(SluiceError);
      expect((refused[0] as SluiceError).code).toBe("conflict");
      const row = await test.db.approvalRequest.findUniqueOrThrow({ where: { id } });
      const entries = await test.db.auditEntry.findMany({ where: { subjectId: id } });
      expect(entries.map((entry) => [entry.action, entry.reason])).toEqual([
        [`approval.${row.verdict}`, row.reason],
      ]);
    }
  }, 60_000);
});

describe("the database itself", () => {
  const change = (id: string, set: string, ...values: unknown[]) =>
    test.pool.query(`UPDATE approval_request SET ${set} WHERE id = $1`, [id, ...values]);
  const VERDICT = "verdict = 'granted', decided_by_id = $2, decided_at = $3, reason = 'known'";
  const USE = "used_at = $2, used_decision_id = $3";

  it("refuses a verdict without a decider, after its time, or over another", async () => {
    const id = await held();
    await expect(change(id, "verdict = 'granted'")).rejects.toThrow(/verdict_has_a_decider/);
    await expect(change(id, VERDICT, cast.lead.id, END)).rejects.toThrow(/decided_in_time/);
    await change(id, VERDICT, cast.lead.id, new Date(END.getTime() - 1));
    await expect(change(id, "verdict = 'denied'")).rejects.toThrow(/is decided/);
    const undone = "verdict = NULL, decided_by_id = NULL, decided_at = NULL, reason = NULL";
    await expect(change(id, undone)).rejects.toThrow(/is decided/);
  });

  it("refuses the use of what was not granted, after its time, or twice", async () => {
    const [pending, denied, granted] = [await held(), await held(), await held()];
    await denyApproval(as(test.db, cast.lead), { id: denied, reason });
    await grantApproval(as(test.db, cast.lead), { id: granted, reason });
    for (const id of [pending, denied]) {
      await expect(change(id, USE, NOW, uuidv7())).rejects.toThrow(/only_a_grant_is_used/);
    }
    await expect(change(granted, USE, END, uuidv7())).rejects.toThrow(/only_a_grant_is_used/);
    await expect(change(granted, "used_at = $2", NOW)).rejects.toThrow(/use_is_whole/);
    await change(granted, USE, NOW, uuidv7());
    await expect(change(granted, USE, NOW, uuidv7())).rejects.toThrow(/is used/);
  });

  it("keeps what was asked: an excerpt may only be taken away, and no row goes", async () => {
    const id = await held();
    await expect(change(id, "controls = '{secrets}'")).rejects.toThrow(/does not change/);
    await expect(change(id, "expires_at = expires_at + interval '1 ms'")).rejects.toThrow(/does not change/);
    await expect(change(id, "excerpt = 'other'")).rejects.toThrow(/does not change/);
    await change(id, "excerpt = NULL");
    for (const sql of ["DELETE FROM approval_request", "TRUNCATE approval_request CASCADE"]) {
      await expect(test.pool.query(sql)).rejects.toThrow(/append-only/);
    }
  });
});

describe("the register", () => {
  beforeAll(async () => {
    for (let n = 0; n < 4; n++) await held();
  });

  it("filters by how each stands now, and agrees with what each says of itself", async () => {
    const used = await held();
    await grantApproval(as(test.db, cast.lead), { id: used, reason });
    await test.db.approvalRequest.update({
      where: { id: used },
      data: { usedAt: NOW, usedDecisionId: uuidv7() },
    });
    for (const now of [NOW, END]) {
      const ctx = as(test.db, cast.lead, now);
      const all = await listApprovals(ctx, { limit: 200 });
      let seen = 0;
      for (const status of ["pending", "granted", "denied", "expired", "used"] as const) {
        const { items, total } = await listApprovals(ctx, { limit: 200, status });
        expect(items.every((item) => item.status === status)).toBe(true);
        seen += total;
      }
      expect(seen).toBe(all.total);
    }
  });

  it("is paged, newest first", async () => {
    const ctx = as(test.db, cast.auditor);
    const first = await listApprovals(ctx, { limit: 2, useCase: useCase.slug });
    const second = await listApprovals(ctx, { limit: 2, cursor: first.nextCursor ?? "" });
    const refs = [...first.items, ...second.items].map(({ ref }) => Number(ref.slice(4)));
    expect(refs).toEqual([...refs].sort((a, b) => b - a));
    expect(new Set(refs).size).toBe(4);
  });

  it("counts what waits for the person who asks", async () => {
    const waiting = (await listApprovals(as(test.db, cast.lead), { limit: 1, status: "pending" })).total;
    expect(waiting).toBeGreaterThan(0);
    expect(await countWaiting(as(test.db, cast.lead))).toEqual({ waiting });
    expect(await countWaiting(as(test.db, cast.risk))).toEqual({ waiting });
    expect(await countWaiting(as(test.db, cast.lead, END))).toEqual({ waiting: 0 });
    expect(await countWaiting(as(test.db, cast.business))).toEqual({ waiting: 0 });
  });
});
