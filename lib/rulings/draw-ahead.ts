import type { Ctx } from "@/lib/access/context";
import type { Db } from "@/lib/db/prisma";
import { drawFindings } from "./draw";
import { rulingWindow } from "./rules";
import { sampleTarget } from "./sample";

/**
 * Draws what has come in of every use case, so that nobody who opens the queue or submits a change waits for more than
 * the last minutes of it; and lets the draws of days go that no window reaches any more.
 */
export async function drawAhead({ db, now }: Pick<Ctx, "db" | "now">): Promise<void> {
  const window = rulingWindow(now);
  for (const { id: useCaseId } of await db.useCase.findMany({ select: { id: true } })) {
    const keep = await sampleTarget(db, useCaseId, now);
    await drawFindings(db, { useCaseId, ...window, keep });
    await dropBefore(db, useCaseId, window.from);
  }
}

async function dropBefore(db: Db, useCaseId: string, from: Date): Promise<void> {
  await db.$transaction([
    db.$executeRaw`
      DELETE FROM "finding_draw_hour"
      WHERE "use_case_id" = ${useCaseId}::uuid AND "hour" < date_trunc('day', ${from}::timestamptz, 'UTC')`,
    db.$executeRaw`
      DELETE FROM "finding_draw"
      WHERE "use_case_id" = ${useCaseId}::uuid AND "day" < (${from}::timestamptz AT TIME ZONE 'UTC')::date`,
  ]);
}
