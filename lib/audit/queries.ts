import { type Ctx, requirePermission } from "@/lib/access/context";
import { cutPage, decodeCursor } from "@/lib/db/keyset";
import type { Prisma } from "@/lib/db/prisma";
import { SluiceError } from "@/lib/errors";
import type { Page } from "@/lib/schema";
import { findNewestCheckpoint, type SignedHead } from "./checkpoint";
import { checkpointText } from "./checkpoint-note";
import { ProofTable } from "./leaves";
import type { EntryFilter, ListCheckpointsInput, ListEntriesInput } from "./schema";
import type { AuditEntryView, CheckpointView, ProvenEntryView } from "./views";

type EntryRow = Prisma.AuditEntryGetPayload<object>;

/** The log, newest first, a page at a time. */
export async function listEntries(ctx: Ctx, input: ListEntriesInput): Promise<Page<AuditEntryView>> {
  requirePermission(ctx, "audit:read");
  const before = decodeCursor(input.cursor, "number");
  const where = filterOf(input);
  const [rows, total] = await Promise.all([
    ctx.db.auditEntry.findMany({
      where: { AND: [where, before === undefined ? {} : { number: { lt: BigInt(before) } }] },
      orderBy: { number: "desc" },
      take: input.limit + 1,
    }),
    ctx.db.auditEntry.count({ where }),
  ]);
  const { items, nextCursor } = cutPage(rows, input.limit, (row) => Number(row.number));
  return { items: items.map(toView), total, nextCursor };
}

/**
 * One entry by its number with its inclusion proof against the newest checkpoint; `not_found` when there is none.
 * Reads the leaf hashes of the whole log (32 bytes each).
 */
export async function getEntry(ctx: Ctx, { number }: { number: number }): Promise<ProvenEntryView> {
  requirePermission(ctx, "audit:read");
  const row = Number.isSafeInteger(number)
    ? await ctx.db.auditEntry.findUnique({ where: { number: BigInt(number) } })
    : null;
  if (!row) throw new SluiceError("not_found", `There is no audit entry ${number}.`);
  const head = await findNewestCheckpoint(ctx.db);
  if (!head || head.size < number) return { ...toView(row), inclusion: null };
  const table = await ProofTable.read(ctx.db, head.size);
  const proof = table.inclusion(number - 1).map((hash) => Buffer.from(hash).toString("hex"));
  return { ...toView(row), inclusion: { checkpoint: toCheckpoint(head), proof } };
}

/** The signed heads, newest first, a page at a time. */
export async function listCheckpoints(ctx: Ctx, input: ListCheckpointsInput): Promise<Page<CheckpointView>> {
  requirePermission(ctx, "audit:read");
  const before = decodeCursor(input.cursor, "number");
  const [rows, total] = await Promise.all([
    ctx.db.auditCheckpoint.findMany({
      where: before === undefined ? {} : { size: { lt: BigInt(before) } },
      orderBy: { size: "desc" },
      take: input.limit + 1,
      omit: { frontier: true },
    }),
    ctx.db.auditCheckpoint.count(),
  ]);
  const { items, nextCursor } = cutPage(rows, input.limit, (row) => Number(row.size));
  const heads = items.map(({ size, rootHash, ...rest }) => ({ ...rest, size: Number(size), root: rootHash }));
  return { items: heads.map(toCheckpoint), total, nextCursor };
}

/** The filter as a `where`. */
export function filterOf(input: EntryFilter): Prisma.AuditEntryWhereInput {
  const at = {
    ...(input.from ? { gte: new Date(input.from) } : {}),
    ...(input.to ? { lt: new Date(input.to) } : {}),
  };
  return {
    ...(input.action ? { action: input.action } : {}),
    ...(input.actor ? { actorId: input.actor } : {}),
    ...(input.subject ? { OR: [{ subjectId: input.subject }, { subjectRef: input.subject }] } : {}),
    ...(input.useCase ? { useCase: input.useCase } : {}),
    ...(input.from || input.to ? { at } : {}),
  };
}

/** A row as it is shown. */
export function toView(row: EntryRow): AuditEntryView {
  return {
    number: Number(row.number),
    id: row.id,
    at: row.at.toISOString(),
    action: row.action,
    actor: { kind: row.actorKind, id: row.actorId, name: row.actorName },
    subject: { kind: row.subjectKind, id: row.subjectId, ref: row.subjectRef },
    useCase: row.useCase,
    reason: row.reason,
    detail: row.detail as Record<string, unknown>,
    leafHash: Buffer.from(row.leafHash).toString("hex"),
  };
}

function toCheckpoint(head: SignedHead): CheckpointView {
  return {
    size: head.size,
    root: Buffer.from(head.root).toString("base64"),
    at: head.at.toISOString(),
    keyId: head.keyId,
    signature: Buffer.from(head.signature).toString("base64"),
    text: checkpointText(head),
  };
}
