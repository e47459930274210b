import { stat } from "node:fs/promises";
import { type Ctx, inTransaction, requirePermission } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { SluiceError } from "@/lib/errors";
import { getPackRow, packPath, refOf } from "./row";

export interface PackDownload {
  path: string;
  /** `PACK-7.zip`. */
  name: string;
  bytes: number;
  sha256: string | null;
}

/**
 * Records that the person takes the pack, and says where in `directory` it is. Throws `conflict` while it is not
 * ready, `not_found` when its file is gone.
 */
export async function downloadPack(
  ctx: Ctx,
  { id, directory }: { id: string; directory: string },
): Promise<PackDownload> {
  requirePermission(ctx, "evidence:export");
  const row = await getPackRow(ctx.db, id);
  if (row.status !== "ready") throw new SluiceError("conflict", `${refOf(row)} is ${row.status}, not ready.`);
  const path = packPath(directory, row);
  const file = await stat(path).catch(() => null);
  if (!file) throw new SluiceError("not_found", `The file of ${refOf(row)} is gone. Ask for the pack again.`);
  await inTransaction(ctx, (tx) =>
    recordEntry(tx, ctx, {
      action: "evidence.downloaded",
      subject: { kind: "evidence_pack", id: row.id, ref: refOf(row) },
      detail: { sha256: row.sha256 },
    }),
  );
  return { path, name: `${refOf(row)}.zip`, bytes: file.size, sha256: row.sha256 };
}
