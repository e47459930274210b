import { join } from "node:path";
import type { Db, Prisma, Tx } from "@/lib/db/prisma";
import { SluiceError } from "@/lib/errors";
import { type PackMove, TRANSITIONS } from "./lifecycle";
import type { PackView } from "./views";

/** A pack with the person who asked for it. */
export const PACK = {
  include: { requestedBy: { select: { id: true, name: true } } },
} as const satisfies Prisma.EvidencePackDefaultArgs;
export type PackRow = Prisma.EvidencePackGetPayload<typeof PACK>;

/** `PACK-7`. */
export function refOf(row: { ref: number }): string {
  return `PACK-${row.ref}`;
}

/** Where a pack's file stands in the folder of packs. */
export function packPath(directory: string, row: { ref: number }): string {
  return join(directory, `${refOf(row)}.zip`);
}

/** A pack by id or by reference (`PACK-7`); `not_found` when there is none. */
export async function getPackRow(db: Db | Tx, idOrRef: string): Promise<PackRow> {
  const ref = /^PACK-([1-9][0-9]{0,8})$/.exec(idOrRef)?.[1];
  const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(idOrRef);
  const where = ref ? { ref: Number(ref) } : { id: idOrRef };
  const row = ref || isId ? await db.evidencePack.findUnique({ where, ...PACK }) : null;
  if (!row) throw new SluiceError("not_found", `There is no evidence pack "${idOrRef.slice(0, 60)}".`);
  return row;
}

/** Moves a pack by its lifecycle; `conflict` when it is no longer in the state that the move leaves. */
export async function moveTo(
  db: Db | Tx,
  row: { id: string; ref: number },
  move: PackMove,
  data: Prisma.EvidencePackUncheckedUpdateManyInput = {},
): Promise<void> {
  const { from, to } = TRANSITIONS[move];
  const where = { id: row.id, status: { in: [...from] } };
  const moved = await db.evidencePack.updateMany({ where, data: { ...data, status: to } });
  if (moved.count === 0)
    throw new SluiceError("conflict", `${refOf(row)} is not ${from.join(" or ")} any more.`);
}

export function toView(row: PackRow): PackView {
  return {
    id: row.id,
    ref: refOf(row),
    from: row.fromAt.toISOString(),
    to: row.toAt.toISOString(),
    useCases: row.useCases,
    status: row.status,
    progress: row.progress,
    requestedBy: row.requestedBy,
    createdAt: row.createdAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
    bytes: row.bytes === null ? null : Number(row.bytes),
    sha256: row.sha256,
    failure: row.failure,
  };
}
