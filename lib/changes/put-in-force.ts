import type { Ctx } from "@/lib/access/context";
import { isUniqueViolation, type Tx } from "@/lib/db/prisma";
import { SluiceError } from "@/lib/errors";
import type { LoadedChange } from "./row";

/**
 * Writes the next version of what a change is of, in force from this moment. The caller moves the change in the same
 * transaction. Returns the version's number and digest.
 */
export async function putInForce(
  tx: Tx,
  { row, subject, base, proposal, how }: LoadedChange,
  at: Date,
): Promise<{ number: number; digest: string }> {
  subject.check(base, proposal, how);
  const number = row.baseVersion + 1;
  const digest = await subject.install(tx, { number, content: proposal, changeId: row.id, at });
  return { number, digest };
}

/** Two changes of one thing at the same instant: the second is told so. */
export function otherWasFirst(error: unknown): never {
  if (!isUniqueViolation(error)) throw error;
  throw new SluiceError("conflict", "Another change of the same thing was applied first.", { cause: error });
}

/** What an applied change says of itself in the audit log. */
export function appliedDetail(
  { row, subject }: LoadedChange,
  { number, digest }: { number: number; digest: string },
) {
  return {
    version: number,
    [`${subject.kind}Digest`]: digest,
    proposalDigest: row.proposalDigest,
    evidenceDigest: row.evidenceDigest,
  };
}

/** The fields of a change that was applied now. */
export function appliedNow(ctx: Pick<Ctx, "now">, number: number) {
  return { appliedAt: ctx.now, closedAt: ctx.now, appliedVersion: number };
}
