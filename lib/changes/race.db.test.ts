import { beforeAll, expect, it } from "vitest";
import { SluiceError } from "@/lib/errors";
import { useTestDatabase } from "@/lib/testing/database";
import { as, type Cast, makeCast, makeUseCase } from "@/lib/testing/people";
import { getPolicy } from "@/lib/use-cases/policy-queries";
import type { UseCaseView } from "@/lib/use-cases/views";
import { applyChange } from "./apply-change";
import { approveChange } from "./approve-change";
import { draftChange } from "./draft-change";
import { submitChange } from "./submit-change";
import type { ChangeView } from "./views";
import { withdrawChange } from "./withdraw-change";

const test = useTestDatabase();
let cast: Cast;
let useCase: UseCaseView;
beforeAll(async () => {
  cast = await makeCast(test.db);
  useCase = await makeUseCase(test.db, cast, { tier: "low" });
});

/** A change in review, tightening: it needs one security lead. */
async function openChange(model: string): Promise<ChangeView> {
  const ctx = as(test.db, cast.owner);
  const { document, version } = await getPolicy(ctx, { slug: useCase.slug });
  const proposal = { ...document, baseline: { ...document.baseline, models: [model] } };
  const input = { useCase: useCase.slug, baseVersion: version, proposal, justification: "Only this model." };
  const { id } = await draftChange(ctx, input);
  return submitChange(ctx, { id });
}

const seenBy = ({ id, proposalDigest, evidenceDigest }: ChangeView) => ({
  id,
  proposalDigest,
  evidenceDigest: evidenceDigest ?? "",
});

/** Runs both at the same instant: one is done, the other told that it came second. */
async function oneOf(first: () => Promise<unknown>, second: () => Promise<unknown>): Promise<void> {
  const before = await test.db.auditEntry.count();
  const settled = await Promise.allSettled([first(), second()]);
  const refused = settled.flatMap((one) => (one.status === "rejected" ? [one.reason as unknown] : []));
  expect(refused).toHaveLength(1);
  expect(refused[0]).toBeInstanceOf(SluiceError);
  expect((refused[0] as SluiceError).code).toBe("conflict");
  expect(await test.db.auditEntry.count()).toBe(before + 1);
}

it("gives one seat to one of two approvers, a hundred times", async () => {
  for (let round = 0; round < 100; round++) {
    const open = await openChange(`model-${round}`);
    await oneOf(
      () => approveChange(as(test.db, cast.lead), seenBy(open)),
      () => approveChange(as(test.db, cast.lead2), seenBy(open)),
    );
    expect(await test.db.changeApproval.count({ where: { changeId: open.id } })).toBe(1);
  }
}, 120_000);

it("lets either the approval or the withdrawal win", async () => {
  for (let round = 0; round < 20; round++) {
    const open = await openChange(`other-${round}`);
    const settled = await Promise.allSettled([
      approveChange(as(test.db, cast.lead), seenBy(open)),
      withdrawChange(as(test.db, cast.owner), { id: open.id }),
    ]);
    // Withdrawing what has just been approved is allowed: then both are done, in that order.
    const { status } = await test.db.changeRequest.findUniqueOrThrow({ where: { id: open.id } });
    expect(status).toBe("withdrawn");
    expect(settled[1]?.status).toBe("fulfilled");
    const approvals = await test.db.changeApproval.count({ where: { changeId: open.id } });
    expect(approvals).toBe(settled[0]?.status === "fulfilled" ? 1 : 0);
  }
});

it("applies one change once, and one of two changes of the same base", async () => {
  for (let round = 0; round < 10; round++) {
    useCase = await makeUseCase(test.db, cast, { tier: "low" });
    const [one, two] = [await openChange(`a-${round}`), await openChange(`b-${round}`)];
    for (const open of [one, two]) await approveChange(as(test.db, cast.lead), seenBy(open));
    const before = await test.db.policyVersion.count();
    await oneOf(
      () => applyChange(as(test.db, cast.owner), { id: one.id }),
      () => applyChange(as(test.db, cast.lead), { id: round % 2 === 0 ? one.id : two.id }),
    );
    expect(await test.db.policyVersion.count()).toBe(before + 1);
  }
});
