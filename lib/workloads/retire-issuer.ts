import { type Ctx, inTransaction, requirePermission } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { LOCKS } from "@/lib/db/locks";
import { SluiceError } from "@/lib/errors";
import { getIssuerRow, toIssuerView } from "./issuer-queries";
import type { EndIdentityInput } from "./schema";
import type { IssuerView } from "./views";

/** From now on no token of this issuer opens a door, nor what was made from one. Its bindings go with it. */
export async function retireIssuer(
  ctx: Ctx,
  { id, reason }: EndIdentityInput & { id: string },
): Promise<IssuerView> {
  requirePermission(ctx, "issuer:manage");
  await inTransaction(ctx, async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(${LOCKS.identity})`;
    const issuer = await getIssuerRow(tx, id);
    const retired = await tx.federatedIssuer.updateMany({
      where: { id, retiredAt: null },
      data: { retiredAt: ctx.now },
    });
    if (retired.count === 0) throw new SluiceError("conflict", "The issuer is retired already.");
    await tx.workloadFederation.updateMany({
      where: { issuerId: id, removedAt: null },
      data: { removedAt: ctx.now },
    });
    await recordEntry(tx, ctx, {
      action: "issuer.retired",
      subject: { kind: "issuer", id, ref: issuer.issuer },
      reason,
      detail: { name: issuer.name, federations: issuer.federations.length },
    });
  });
  return toIssuerView(await getIssuerRow(ctx.db, id));
}
