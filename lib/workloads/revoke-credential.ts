import { type Ctx, inTransaction } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { SluiceError } from "@/lib/errors";
import { getWorkload, getWorkloadRow } from "./queries";
import type { RevokeCredentialInput } from "./schema";
import { assertMay } from "./served";
import type { WorkloadView } from "./views";

/** Revokes a credential at once: every decision point refuses it from its next snapshot. */
export async function revokeCredential(
  ctx: Ctx,
  { workload: slug, id, reason }: RevokeCredentialInput & { workload: string; id: string },
): Promise<WorkloadView> {
  await inTransaction(ctx, async (tx) => {
    const workload = await getWorkloadRow(tx, slug);
    const credential = workload.credentials.find((one) => one.id === id);
    if (!credential) throw new SluiceError("not_found", "This workload has no such credential.");
    assertMay(ctx, "revoke-credential", workload);
    const revoked = await tx.credential.updateMany({
      where: { id, revokedAt: null },
      data: { revokedAt: ctx.now },
    });
    if (revoked.count === 0) throw new SluiceError("conflict", "The credential is revoked already.");
    await recordEntry(tx, ctx, {
      action: "credential.revoked",
      subject: { kind: "credential", id, ref: credential.prefix },
      reason,
      detail: { workload: slug, label: credential.label },
    });
  });
  return getWorkload(ctx, { slug });
}
