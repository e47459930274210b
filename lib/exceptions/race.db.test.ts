import { beforeAll, expect, it } from "vitest";
import { SluiceError } from "@/lib/errors";
import { useTestDatabase } from "@/lib/testing/database";
import { as, type Cast, inDays, makeCast, makeUseCase } from "@/lib/testing/people";
import type { UseCaseView } from "@/lib/use-cases/views";
import { approveException } from "./approve-exception";
import { rejectException } from "./reject-exception";
import { requestException } from "./request-exception";
import { reviewException } from "./review-exception";
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
  for (let round = 0; round < 20; round++) {
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
});

it("records one of two reviews of the same due date", async () => {
  const { id, termsDigest } = await request();
  await approveException(as(test.db, cast.lead), { id, termsDigest });
  const review = (days: number) => () =>
    reviewException(as(test.db, cast.lead), { id, note: "Seen.", nextReviewAt: inDays(days) });
  await oneOf(id, review(24), review(25));
  expect(await test.db.exceptionReview.count({ where: { exceptionId: id } })).toBe(1);
});
