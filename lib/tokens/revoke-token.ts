import { type Ctx, inTransaction, requireSignedIn } from "@/lib/access/context";
import { can } from "@/lib/access/permissions";
import { recordEntry } from "@/lib/audit/record";
import { SluiceError } from "@/lib/errors";
import { TOKEN, toTokenView } from "./queries";
import type { RevokeTokenInput } from "./schema";
import type { TokenView } from "./views";

/**
 * Ends a token at once: one's own, or anybody's with `token:manage`. Throws `not_found` for one that the person may
 * not know of, `conflict` when it is revoked already.
 */
export async function revokeToken(
  ctx: Ctx,
  { id, reason = "" }: RevokeTokenInput & { id: string },
): Promise<TokenView> {
  const person = requireSignedIn(ctx);
  return inTransaction(ctx, async (tx) => {
    const token = await tx.apiToken.findUnique({ where: { id }, ...TOKEN });
    if (!token || (token.personId !== person.id && !can(person, "token:manage"))) {
      throw new SluiceError("not_found", "There is no such token.");
    }
    const { count } = await tx.apiToken.updateMany({
      where: { id, revokedAt: null },
      data: { revokedAt: ctx.now, revokedById: person.id },
    });
    if (count === 0) throw new SluiceError("conflict", "The token is revoked already.");
    await recordEntry(tx, ctx, {
      action: "token.revoked",
      subject: { kind: "token", id, ref: token.prefix },
      ...(reason ? { reason } : {}),
      detail: { label: token.label, person: token.personId },
    });
    const after = await tx.apiToken.findUniqueOrThrow({ where: { id }, ...TOKEN });
    return toTokenView(after, person.id, ctx.now);
  });
}
