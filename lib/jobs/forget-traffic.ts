import type { Db } from "@/lib/db/prisma";
import { SESSION_MS } from "@/lib/pdp/traffic";

/** What decision points told of a minute is over after so long (ms). */
const TOLD_KEPT_MS = 10 * 60_000;

/** Forgets what decision points told each other of traffic that counts no more. Returns how many rows. */
export async function forgetTraffic(db: Db, now: Date): Promise<number> {
  const told = new Date(now.getTime() - TOLD_KEPT_MS);
  const calls = new Date(now.getTime() - 2 * SESSION_MS);
  const [requests, sessions] = await db.$transaction([
    db.$executeRaw`DELETE FROM traffic_told WHERE at < ${told}`,
    db.$executeRaw`DELETE FROM session_tool_calls WHERE told_at < ${calls}`,
  ]);
  return requests + sessions;
}
