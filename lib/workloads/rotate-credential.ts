import { uuidv7 } from "uuidv7";
import { type Ctx, inTransaction } from "@/lib/access/context";
import { mintCredential } from "@/lib/access/credential-secret";
import { recordEntry } from "@/lib/audit/record";
import { ruleBroken, SluiceError } from "@/lib/errors";
import { getWorkloadRow, toCredentialView } from "./queries";
import { assertCredentialLife, assertOverlap, credentialState } from "./rules";
import type { RotateCredentialInput } from "./schema";
import { assertMay } from "./served";
import type { IssuedCredentialView } from "./views";

/**
 * Issues a credential in place of another, which is let in until `oldUntil`, so that whoever holds it has time to
 * change over. The new credential itself is in this answer and never again anywhere.
 */
export async function rotateCredential(
  ctx: Ctx,
  { workload: slug, id, ...input }: RotateCredentialInput & { workload: string; id: string },
): Promise<IssuedCredentialView> {
  const [expiresAt, oldUntil] = [new Date(input.expiresAt), new Date(input.oldUntil)];
  return inTransaction(ctx, async (tx) => {
    const workload = await getWorkloadRow(tx, slug);
    const old = workload.credentials.find((one) => one.id === id);
    if (!old) throw new SluiceError("not_found", "This workload has no such credential.");
    assertMay(ctx, "issue-credential", workload);
    if (credentialState(old, ctx.now) !== "valid") {
      throw ruleBroken("credential-ended", "The credential has ended; issue a new one.");
    }
    assertCredentialLife(expiresAt, ctx.now);
    assertOverlap(oldUntil, old.expiresAt, ctx.now);
    const shortened = await tx.credential.updateMany({
      where: { id, revokedAt: null, expiresAt: old.expiresAt },
      data: { expiresAt: oldUntil },
    });
    if (shortened.count === 0)
      throw new SluiceError("conflict", "Someone else changed the credential just now.");
    const { credential, prefix, secretHash } = mintCredential();
    const row = await tx.credential.create({
      data: {
        id: uuidv7(),
        workloadId: workload.id,
        kind: old.kind,
        label: old.label,
        prefix,
        secretHash: Uint8Array.from(secretHash),
        createdAt: ctx.now,
        expiresAt,
      },
    });
    await recordEntry(tx, ctx, {
      action: "credential.rotated",
      subject: { kind: "credential", id: row.id, ref: prefix },
      detail: {
        workload: slug,
        label: old.label,
        replaces: old.prefix,
        oldUntil: oldUntil.toISOString(),
        expiresAt: expiresAt.toISOString(),
      },
    });
    return { ...toCredentialView(row, ctx.now), credential };
  });
}
