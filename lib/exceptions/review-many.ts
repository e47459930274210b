import type { Ctx } from "@/lib/access/context";
import { requirePerson } from "@/lib/access/context";
import { SluiceError } from "@/lib/errors";
import { reviewException } from "./review-exception";
import { revokeException } from "./revoke-exception";
import { refOf } from "./row";
import type { ReviewManyInput } from "./schema";
import { shortenException } from "./shorten-exception";
import type { ReviewedView } from "./views";

/**
 * Reviews, shortens or revokes several exceptions with one note: each by its own command, in its own transaction, with its own
 * audit entry, in the order given. What is refused is told with its reason and stops none of the others. The next
 * review of one that expires earlier is due at its expiry.
 */
export async function reviewMany(ctx: Ctx, input: ReviewManyInput): Promise<ReviewedView[]> {
  requirePerson(ctx);
  const rows = await ctx.db.policyException.findMany({
    where: { id: { in: input.exceptions } },
    select: { id: true, ref: true, expiresAt: true },
  });
  const byId = new Map(rows.map((row) => [row.id, row]));
  const results: ReviewedView[] = [];
  for (const id of input.exceptions) {
    const row = byId.get(id);
    const why = row ? await attempt(() => decide(ctx, row, input)) : "There is no such exception.";
    results.push({ id, ref: row ? refOf(row) : "–", done: why === null, why });
  }
  return results;
}

async function decide(ctx: Ctx, row: { id: string; expiresAt: Date }, input: ReviewManyInput): Promise<void> {
  const { id } = row;
  if (input.verdict === "revoke") {
    await revokeException(ctx, { id, reason: input.note });
    return;
  }
  if (input.verdict === "shorten") {
    await shortenException(ctx, { id, reason: input.note, expiresAt: input.expiresAt ?? "" });
    return;
  }
  const next = Math.min(Date.parse(input.nextReviewAt ?? ""), row.expiresAt.getTime());
  await reviewException(ctx, { id, note: input.note, nextReviewAt: new Date(next).toISOString() });
}

/** Why it was refused; null when it was done. What is not a refusal is thrown. */
async function attempt(work: () => Promise<void>): Promise<string | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (!(error instanceof SluiceError) || error.code === "unauthenticated") throw error;
    return error.fields[0] ? `${error.fields[0].path} ${error.fields[0].message}` : error.message;
  }
}
