import { type Ctx, inTransaction } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { createException } from "./create-exception";
import { readLimits } from "./limits";
import { requireMay } from "./may";
import { getException } from "./queries";
import { getExceptionRow, moveTo, refOf } from "./row";
import type { RenewExceptionInput } from "./schema";
import type { ExceptionView } from "./views";

/**
 * Asks for a new exception that points back to this one, with terms and an approval of its own; returns the new one.
 * Throws `rule` while an owner of this one is deactivated and when the chain would outlive its cap, `conflict` when
 * there is a renewal already or this one moved at the same instant.
 */
export async function renewException(
  ctx: Ctx,
  { id, ...input }: RenewExceptionInput & { id: string },
): Promise<ExceptionView> {
  const renewal = await inTransaction(ctx, async (tx) => {
    const before = await getExceptionRow(tx, id);
    const requester = requireMay(ctx, "renew", before, await readLimits(tx, ctx.now));
    await moveTo(tx, before, "renew", {});
    const created = await createException(tx, ctx, {
      useCase: before.useCase,
      requester,
      input,
      renews: before,
    });
    const after = await getExceptionRow(tx, created);
    await recordEntry(tx, ctx, {
      action: "exception.renewal_requested",
      subject: { kind: "exception", id: before.id, ref: refOf(before) },
      useCase: before.useCase.slug,
      detail: { renewal: refOf(after), termsDigest: after.termsDigest },
    });
    return created;
  });
  return getException(ctx, { id: renewal });
}
