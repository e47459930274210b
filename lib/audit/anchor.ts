import type { Ctx } from "@/lib/access/context";
import { LOCKS } from "@/lib/db/locks";
import type { Tx } from "@/lib/db/prisma";
import { recordEntry } from "./record";
import { rootOf } from "./tree";

/** Batches under one audit entry: bounds the entry's row in an evidence pack, and the transaction. */
const MAX_BATCHES = 10_000;
const TIMEOUT_MS = 60_000;

interface BatchRow {
  id: string;
  n: number;
  digest: Uint8Array;
}

/** What an anchoring audit entry covers. */
export interface Anchored {
  /** Number of the audit entry. */
  number: number;
  batches: number;
  decisions: number;
}

/**
 * Anchors every committed batch of decisions that is not yet anchored: an audit entry holds the RFC 6962 root over
 * the batches' digests in order of their ids, and the batches name the entry. One entry, unless there are more than
 * ten thousand batches. Returns what was anchored; nothing is recorded when there is nothing.
 */
export async function anchorBatches(ctx: Pick<Ctx, "actor" | "db" | "now">): Promise<Anchored[]> {
  const anchored: Anchored[] = [];
  for (;;) {
    const one = await ctx.db.$transaction((tx) => anchorSome(tx, ctx), {
      maxWait: 5_000,
      timeout: TIMEOUT_MS,
    });
    if (one) anchored.push(one);
    if (!one || one.batches < MAX_BATCHES) return anchored;
  }
}

async function anchorSome(tx: Tx, ctx: Pick<Ctx, "actor" | "now">): Promise<Anchored | null> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${LOCKS.anchor})`;
  const rows = await tx.$queryRaw<BatchRow[]>`
    SELECT id::text AS id, n, digest FROM decision_batch WHERE anchored_by IS NULL ORDER BY id LIMIT ${MAX_BATCHES}`;
  if (rows.length === 0) return null;
  const decisions = rows.reduce((sum, row) => sum + row.n, 0);
  const root = Buffer.from(rootOf(rows.map((row) => row.digest))).toString("hex");
  const number = await recordEntry(tx, ctx, {
    action: "decisions.anchored",
    subject: { kind: "decisions", id: root },
    detail: { batches: rows.length, decisions, root },
  });
  const ids = rows.map((row) => row.id);
  await tx.$executeRaw`
    UPDATE decision_batch SET anchored_by = ${number} WHERE anchored_by IS NULL AND id = ANY(${ids}::uuid[])`;
  return { number, batches: rows.length, decisions };
}
