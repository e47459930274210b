import { type Ctx, requirePerson } from "@/lib/access/context";
import type { Tx } from "@/lib/db/prisma";
import { ruleBroken, SluiceError } from "@/lib/errors";
import { refusal } from "./may";
import type { WorkloadRow } from "./queries";

/**
 * The use cases with these slugs, if the person who asks may let a workload serve each of them. `invalid` names one
 * that does not exist, `forbidden` one that is not theirs.
 */
export async function getServable(ctx: Ctx, tx: Tx, slugs: readonly string[]) {
  const viewer = requirePerson(ctx);
  const useCases = await tx.useCase.findMany({
    where: { slug: { in: [...slugs] } },
    select: { id: true, slug: true, riskOwnerId: true, members: { select: { personId: true } } },
  });
  const known = new Set(useCases.map(({ slug }) => slug));
  const missing = slugs.findIndex((slug) => !known.has(slug));
  if (missing >= 0) {
    throw new SluiceError("invalid", "Some fields are not valid.", {
      fields: [{ path: `useCases.${missing}`, message: "there is no such use case" }],
    });
  }
  const refused = refusal("update", viewer, useCases);
  if (refused) throw refused;
  return useCases;
}

/** Throws `forbidden` unless the person who asks may act on this workload, `rule` when it is retired. */
export function assertMay(ctx: Ctx, action: Parameters<typeof refusal>[0], row: WorkloadRow): void {
  const refused = refusal(
    action,
    requirePerson(ctx),
    row.useCases.map(({ useCase }) => useCase),
  );
  if (refused) throw refused;
  if (row.retiredAt !== null) throw ruleBroken("workload-retired", "The workload is retired.");
}
