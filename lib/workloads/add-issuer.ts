import { uuidv7 } from "uuidv7";
import { type Ctx, inTransaction, requirePermission } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { LOCKS } from "@/lib/db/locks";
import { SluiceError } from "@/lib/errors";
import type { Outbound } from "@/lib/net/outbound";
import { ownOutbound } from "@/lib/net/own-outbound";
import { getIssuerRow, toIssuerView } from "./issuer-queries";
import type { AddIssuerInput } from "./schema";
import type { IssuerView } from "./views";

/** From now on an issuer's tokens can be bound to workloads. Its address must be one that may be called. */
export async function addIssuer(
  ctx: Ctx,
  { name, issuer, jwksUri = null }: AddIssuerInput,
  outbound: Outbound = ownOutbound(),
): Promise<IssuerView> {
  requirePermission(ctx, "issuer:manage");
  if (jwksUri === null) outbound.assertAllowed(issuer, "issuer");
  else outbound.assertAllowed(jwksUri, "jwksUri");
  const id = uuidv7();
  await inTransaction(ctx, async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(${LOCKS.identity})`;
    if ((await tx.federatedIssuer.count({ where: { issuer, retiredAt: null } })) > 0) {
      throw new SluiceError("conflict", "This issuer is known already.", {
        fields: [{ path: "issuer", message: "is known already" }],
      });
    }
    await tx.federatedIssuer.create({ data: { id, name, issuer, jwksUri, createdAt: ctx.now } });
    await recordEntry(tx, ctx, {
      action: "issuer.added",
      subject: { kind: "issuer", id, ref: issuer },
      detail: { name, issuer, jwksUri },
    });
  });
  return toIssuerView(await getIssuerRow(ctx.db, id));
}
