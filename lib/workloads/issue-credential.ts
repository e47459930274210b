import { uuidv7 } from "uuidv7";
import { type Ctx, inTransaction } from "@/lib/access/context";
import { mintCredential } from "@/lib/access/credential-secret";
import { recordEntry } from "@/lib/audit/record";
import { getWorkloadRow, toCredentialView } from "./queries";
import { assertCredentialLife } from "./rules";
import type { IssueCredentialInput } from "./schema";
import { assertMay } from "./served";
import type { IssuedCredentialView } from "./views";

/** Issues a static credential of a workload. The credential itself is in this answer and never again anywhere. */
export async function issueCredential(
  ctx: Ctx,
  { workload: slug, label, expiresAt }: IssueCredentialInput & { workload: string },
): Promise<IssuedCredentialView> {
  const expiry = new Date(expiresAt);
  return inTransaction(ctx, async (tx) => {
    const workload = await getWorkloadRow(tx, slug);
    assertMay(ctx, "issue-credential", workload);
    assertCredentialLife(expiry, ctx.now);
    const { credential, prefix, secretHash } = mintCredential();
    const row = await tx.credential.create({
      data: {
        id: uuidv7(),
        workloadId: workload.id,
        kind: "static",
        label,
        prefix,
        secretHash: Uint8Array.from(secretHash),
        createdAt: ctx.now,
        expiresAt: expiry,
      },
    });
    await recordEntry(tx, ctx, {
      action: "credential.issued",
      subject: { kind: "credential", id: row.id, ref: prefix },
      detail: { workload: slug, label, expiresAt: expiry.toISOString() },
    });
    return { ...toCredentialView(row, ctx.now), credential };
  });
}
