import { uuidv7 } from "uuidv7";
import { type Ctx, inTransaction, requireSignedIn } from "@/lib/access/context";
import { mintCredential } from "@/lib/access/credential-secret";
import { recordEntry } from "@/lib/audit/record";
import { TOKEN, toTokenView } from "./queries";
import { assertTokenLife } from "./rules";
import type { CreateTokenInput } from "./schema";
import type { CreatedTokenView } from "./views";

/**
 * Makes a token that speaks for the person who is signed in. The token itself is in this answer and never again
 * anywhere. No token makes another.
 */
export async function createToken(
  ctx: Ctx,
  { label, expiresAt, scopes }: CreateTokenInput,
): Promise<CreatedTokenView> {
  const person = requireSignedIn(ctx);
  const expiry = new Date(expiresAt);
  assertTokenLife(expiry, ctx.now);
  const { credential, prefix, secretHash } = mintCredential("slp");
  return inTransaction(ctx, async (tx) => {
    const row = await tx.apiToken.create({
      data: {
        id: uuidv7(),
        personId: person.id,
        label,
        prefix,
        secretHash: Uint8Array.from(secretHash),
        scopes: [...scopes],
        createdAt: ctx.now,
        expiresAt: expiry,
      },
      ...TOKEN,
    });
    await recordEntry(tx, ctx, {
      action: "token.created",
      subject: { kind: "token", id: row.id, ref: prefix },
      detail: { label, scopes, expiresAt: expiry.toISOString() },
    });
    return { ...toTokenView(row, person.id, ctx.now), token: credential };
  });
}
