import type { Ctx } from "@/lib/access/context";
import { LOCKS } from "@/lib/db/locks";
import type { Tx } from "@/lib/db/prisma";
import { checkpointText, type TreeHead } from "./checkpoint-note";
import { installationSigner, type Signer } from "./keys";
import { readLeaves } from "./leaves";
import { Frontier, type Frontier as TreeFrontier } from "./tree";

const TIMEOUT_MS = 120_000;

/** A tree head, the key that signed it and the signature over its text. */
export interface SignedHead extends TreeHead {
  keyId: string;
  signature: Uint8Array;
}

/**
 * Signs the head of the log as it stands, by reading only the entries since the last checkpoint. Returns the newest
 * checkpoint: the one just signed, or the last one when nothing was recorded since; null for an empty log.
 */
export async function signCheckpoint(
  ctx: Pick<Ctx, "db" | "now">,
  signer: Signer = installationSigner(),
): Promise<SignedHead | null> {
  return ctx.db.$transaction(
    async (tx) => {
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(${LOCKS.checkpoint})`;
      const last = await findNewestCheckpoint(tx);
      const newest = await tx.auditEntry.findFirst({ orderBy: { number: "desc" }, select: { number: true } });
      const size = Number(newest?.number ?? 0n);
      if (size === (last?.size ?? 0)) return last;
      const frontier = await extendedTo(tx, size);
      const head: TreeHead = { size, root: frontier.root(), at: ctx.now };
      const signature = signer.sign(Buffer.from(checkpointText(head)));
      await tx.auditCheckpoint.create({
        data: {
          size: BigInt(size),
          rootHash: Uint8Array.from(head.root),
          frontier: { ...frontier.toJSON() },
          at: head.at,
          keyId: signer.keyId,
          signature: Uint8Array.from(signature),
        },
      });
      return { ...head, keyId: signer.keyId, signature };
    },
    { maxWait: 5_000, timeout: TIMEOUT_MS },
  );
}

/** The newest signed head; null when nothing was signed yet. */
export async function findNewestCheckpoint(db: Tx | Ctx["db"]): Promise<SignedHead | null> {
  const row = await db.auditCheckpoint.findFirst({ orderBy: { size: "desc" } });
  if (!row) return null;
  return {
    size: Number(row.size),
    root: row.rootHash,
    at: row.at,
    keyId: row.keyId,
    signature: row.signature,
  };
}

/** The frontier over the first `size` entries, from the last checkpoint's onwards. */
async function extendedTo(tx: Tx, size: number): Promise<TreeFrontier> {
  const last = await tx.auditCheckpoint.findFirst({ orderBy: { size: "desc" }, select: { frontier: true } });
  const stored = last?.frontier as { size: number; nodes: string[] } | undefined;
  const frontier = stored ? Frontier.fromJSON(stored) : new Frontier();
  for await (const hashes of readLeaves(tx, frontier.size, size)) {
    for (let at = 0; at < hashes.length; at += 32) frontier.append(hashes.subarray(at, at + 32));
  }
  return frontier;
}
