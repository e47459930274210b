import { beforeAll, expect, it } from "vitest";
import type { PersonActor } from "@/lib/access/context";
import { SluiceError } from "@/lib/errors";
import { useTestDatabase } from "@/lib/testing/database";
import { as, type Cast, inDays, makeCast, makeUseCase } from "@/lib/testing/people";
import type { UseCaseView } from "@/lib/use-cases/views";
import { approveException } from "./approve-exception";
import { reassignException } from "./reassign-exception";
import { rejectException } from "./reject-exception";
import { renewException } from "./renew-exception";
import { requestException } from "./request-exception";
import { reviewException } from "./review-exception";
import { revokeException } from "./revoke-exception";
import { shortenException } from "./shorten-exception";
import type { ExceptionView } from "./views";
import { withdrawException } from "./withdraw-exception";

const test = useTestDatabase();
let cast: Cast;
let useCase: UseCaseView;
beforeAll(async () => {
  cast = await makeCast(test.db);
  useCase = await makeUseCase(test.db, cast);
});

function request(): Promise<ExceptionView> {
  return requestException(as(test.db, cast.owner), {
    useCase: useCase.slug,
    controls: ["pii/email"],
    scope: {},
    justification: "Tickets carry the customer's address so that a person can answer them.",
    compensatingControls: "Access to the ticket system is reviewed every quarter.",
    category: "waiver",
    riskOwnerId: cast.risk.id,
    businessOwnerId: cast.business.id,
    startsAt: inDays(0),
    expiresAt: inDays(30),
    reviewAt: inDays(20),
    submit: true,
  });
}

/** Runs both at the same instant: one is done and audited, the other told that it came second. */
async function oneOf(
  id: string,
  first: () => Promise<unknown>,
  second: () => Promise<unknown>,
): Promise<void> {
  const entries = () => test.db.auditEntry.count({ where: { subjectId: id } });
  const before = await entries();
  const settled = await Promise.allSettled([first(), second()]);
  const refused = settled.flatMap((one) => (one.status === "rejected" ? [one.reason as unknown] : []));
  expect(refused).toHaveLength(1);
  expect(refused[0]).toBeInstanceOf(SluiceError);
  expect((refused[0] as SluiceError).code).toBe("conflict");
  expect(await entries()).toBe(before + 1);
}

it("lets one of two approvers win, a hundred times, with one audit entry", async () => {
  for (let round = 0; round < 100; round++) {
    const { id, termsDigest } = await request();
    await oneOf(
      id,
      () => approveException(as(test.db, cast.lead), { id, termsDigest, note: "lead" }),
      () => approveException(as(test.db, cast.lead2), { id, termsDigest, note: "lead2" }),
    );
    const row = await test.db.policyException.findUniqueOrThrow({ where: { id } });
    const entry = await test.db.auditEntry.findFirstOrThrow({
      where: { subjectId: id, action: "exception.approved" },
    });
    expect([row.status, row.decidedById, row.decisionNote]).toEqual([
      "approved",
      entry.actorId,
      entry.reason,
    ]);
  }
}, 120_000);

it("lets one win of approval and withdrawal, and of approval and rejection", async () => {
  for (let round = 0; round < 100; round++) {
    const [one, two] = [await request(), await request()];
    const approve = ({ id, termsDigest }: ExceptionView) =>
      approveException(as(test.db, cast.lead), { id, termsDigest });
    await oneOf(
      one.id,
      () => approve(one),
      () => withdrawException(as(test.db, cast.owner), { id: one.id }),
    );
    await oneOf(
      two.id,
      () => approve(two),
      () => rejectException(as(test.db, cast.lead2), { id: two.id, note: "No." }),
    );
  }
}, 240_000);

it("lets one of two who shorten to one day win, and of shortening and revocation", async () => {
  for (let round = 0; round < 30; round++) {
    const { id } = await approveException(as(test.db, cast.lead), await request());
    const to = (actor: PersonActor, days: number) => () =>
      shortenException(as(test.db, actor), { id, expiresAt: inDays(days), reason: "Not so long." });
    const both = await settled(to(cast.risk, 9), to(cast.lead2, 9));
    expect(both.filter(Boolean)).toHaveLength(1);
    const ended = await settled(to(cast.risk, 5), () =>
      revokeException(as(test.db, cast.lead2), { id, reason: "Abused." }),
    );
    const { shortenings, ...row } = await test.db.policyException.findUniqueOrThrow({
      where: { id },
      include: { shortenings: { orderBy: { revision: "asc" } } },
    });
    expect([row.status, shortenings.length]).toEqual([ended[1] ? "revoked" : "approved", ended[0] ? 2 : 1]);
    expect(shortenings.at(-1)?.toAt).toEqual(row.expiresAt);
    const did = ["shortened", ...(ended[0] ? ["shortened"] : []), ...(ended[1] ? ["revoked"] : [])];
    expect((await actionsOf(id)).slice(2)).toEqual(did);
  }
}, 120_000);

/** Everything that was refused came second: a conflict, or terms that are not the ones that were seen. */
async function settled(...both: (() => Promise<unknown>)[]): Promise<boolean[]> {
  const results = await Promise.allSettled(both.map((one) => one()));
  for (const one of results) {
    if (one.status === "rejected") {
      expect(one.reason).toBeInstanceOf(SluiceError);
      expect(["conflict", "stale", "rule", "invalid"]).toContain((one.reason as SluiceError).code);
    }
  }
  return results.map(({ status }) => status === "fulfilled");
}

const renewal = () => ({
  controls: ["pii/email"],
  scope: {},
  justification: "Tickets carry the customer's address so that a person can answer them.",
  compensatingControls: "Access to the ticket system is reviewed every quarter.",
  category: "waiver" as const,
  riskOwnerId: cast.risk.id,
  businessOwnerId: cast.business.id,
  startsAt: inDays(30),
  expiresAt: inDays(60),
  reviewAt: inDays(60),
  submit: true,
});

async function actionsOf(id: string): Promise<string[]> {
  const entries = await test.db.auditEntry.findMany({
    where: { subjectId: id },
    orderBy: { number: "asc" },
    select: { action: true },
  });
  return entries.map(({ action }) => action.replace("exception.", ""));
}

it("renews or revokes at the same instant: what is revoked is not renewed after, a hundred times", async () => {
  let both = 0;
  for (let round = 0; round < 100; round++) {
    const asked = await request();
    const { id } = await approveException(as(test.db, cast.lead), asked);
    const [renewed, revoked] = await settled(
      () => renewException(as(test.db, cast.owner), { id, ...renewal() }),
      () => revokeException(as(test.db, cast.lead2), { id, reason: "Abused." }),
    );
    const actions = (await actionsOf(id)).slice(2);
    const renewals = await test.db.policyException.findMany({ where: { renewsId: id } });
    expect(renewals).toHaveLength(renewed ? 1 : 0);
    // One after the other is no race: then the renewal came first, and cannot be approved any more.
    if (renewed && revoked) {
      both++;
      expect(actions).toEqual(["renewal_requested", "revoked"]);
    } else expect(actions).toEqual([renewed ? "renewal_requested" : "revoked"]);
    const row = await test.db.policyException.findUniqueOrThrow({ where: { id } });
    expect(row.status).toBe(revoked ? "revoked" : "approved");
  }
  expect(both).toBeLessThan(100);
}, 240_000);

it("approves a renewal or revokes what it renews: never both with the revocation first", async () => {
  for (let round = 0; round < 100; round++) {
    const { id } = await approveException(as(test.db, cast.lead), await request());
    const asked = await renewException(as(test.db, cast.owner), { id, ...renewal() });
    const [approved, revoked] = await settled(
      () => approveException(as(test.db, cast.lead), asked),
      () => revokeException(as(test.db, cast.lead2), { id, reason: "Abused." }),
    );
    expect(approved || revoked).toBe(true);
    const numbers = await test.db.auditEntry.findMany({
      where: {
        subjectId: { in: [id, asked.id] },
        action: { in: ["exception.approved", "exception.revoked"] },
      },
      orderBy: { number: "desc" },
      take: 2,
      select: { action: true, subjectId: true },
    });
    if (approved && revoked) expect(numbers[0]).toMatchObject({ action: "exception.revoked", subjectId: id });
  }
}, 240_000);

it("reassigns or approves at the same instant: nobody approves terms that they have not seen", async () => {
  for (let round = 0; round < 100; round++) {
    const { id, termsDigest } = await request();
    const [reassigned, approved] = await settled(
      () =>
        reassignException(as(test.db, cast.risk), {
          id,
          owner: "business_owner",
          personId: cast.auditor.id,
          reason: "Moved.",
        }),
      () => approveException(as(test.db, cast.lead), { id, termsDigest }),
    );
    expect(reassigned || approved).toBe(true);
    const actions = (await actionsOf(id)).slice(1);
    const row = await test.db.policyException.findUniqueOrThrow({ where: { id } });
    expect(row.status).toBe(approved ? "approved" : "submitted");
    expect(row.businessOwnerId).toBe(reassigned ? cast.auditor.id : cast.business.id);
    if (approved) {
      expect(row.termsDigest).toBe(termsDigest);
      expect(actions[0]).toBe("approved");
    } else {
      expect(row.termsDigest).not.toBe(termsDigest);
      expect(actions).toEqual(["reassigned"]);
    }
  }
}, 240_000);

it("records one of two reviews of the same due date", async () => {
  const { id, termsDigest } = await request();
  await approveException(as(test.db, cast.lead), { id, termsDigest });
  const review = (days: number) => () =>
    reviewException(as(test.db, cast.lead), { id, note: "Seen.", nextReviewAt: inDays(days) });
  await oneOf(id, review(24), review(25));
  expect(await test.db.exceptionReview.count({ where: { exceptionId: id } })).toBe(1);
});
