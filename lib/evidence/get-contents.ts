import { openAsBlob } from "node:fs";
import { stat } from "node:fs/promises";
import { type Ctx, requirePermission } from "@/lib/access/context";
import { SluiceError } from "@/lib/errors";
import { textOf } from "./bytes";
import { nodeHashing } from "./crypto-node";
import { MANIFEST, manifestSchema } from "./format";
import { openZip, PackFileReader } from "./pack-reader";
import { getPackRow, packPath, refOf } from "./row";
import type { PackContentsView } from "./views";

/**
 * What is in a finished pack, from its own manifest; not its rows. Throws `conflict` while it is not ready,
 * `not_found` when its file is gone, `unavailable` when the file is no longer a pack.
 */
export async function getPackContents(
  ctx: Ctx,
  { id, directory }: { id: string; directory: string },
): Promise<PackContentsView> {
  requirePermission(ctx, "evidence:export");
  const row = await getPackRow(ctx.db, id);
  if (row.status !== "ready") throw new SluiceError("conflict", `${refOf(row)} is ${row.status}, not ready.`);
  const path = packPath(directory, row);
  const file = await stat(path).catch(() => null);
  if (!file) throw new SluiceError("not_found", `The file of ${refOf(row)} is gone. Ask for the pack again.`);
  const pack = await openAsBlob(path);
  const entry = (await openZip(pack).catch(() => null))?.get(MANIFEST);
  const text = entry ? textOf(await new PackFileReader(entry, nodeHashing).rest()) : "null";
  const manifest = manifestSchema.safeParse(JSON.parse(text));
  if (!manifest.success) throw new SluiceError("unavailable", `The file of ${refOf(row)} is damaged.`);
  const { counts, files, keyId } = manifest.data;
  return { counts, files: files.map(({ path, bytes }) => ({ path, bytes })), keyId };
}
