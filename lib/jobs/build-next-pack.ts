import type { Pool } from "pg";
import type { Ctx } from "@/lib/access/context";
import { SluiceError } from "@/lib/errors";
import { buildPack } from "@/lib/evidence/build-pack";
import { packDirectory } from "@/lib/evidence/pack-directory";

/** Builds the oldest pack that waits or was left by a worker that died; false when there is none to be had. */
export async function buildNextPack(ctx: Ctx, pool: Pool): Promise<boolean> {
  const waiting = await ctx.db.evidencePack.findMany({
    where: { status: { in: ["pending", "building"] } },
    orderBy: { ref: "asc" },
    select: { id: true },
  });
  for (const { id } of waiting) {
    const built = await buildPack(ctx, id, { pool, directory: packDirectory() }).catch(conflictAsNull);
    if (built) return true;
  }
  return false;
}

/** Another worker has it. */
function conflictAsNull(error: unknown): null {
  if (error instanceof SluiceError && error.code === "conflict") return null;
  throw error;
}
