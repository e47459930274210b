import type { Db } from "@/lib/db/prisma";

/** True when this installation holds the sample organisation. */
export async function isSample(db: Db): Promise<boolean> {
  return (
    (await db.auditEntry.findFirst({ where: { action: "sample.loaded" }, select: { number: true } })) !== null
  );
}
