import type { Ctx } from "@/lib/access/context";

/** Forgets revocations of task credentials that have expired anyway, with an hour to spare for clocks that differ. */
export async function forgetRevokedTokens({ db, now }: Pick<Ctx, "db" | "now">): Promise<number> {
  const before = new Date(now.getTime() - 3_600_000);
  return (await db.revokedToken.deleteMany({ where: { expiresAt: { lt: before } } })).count;
}
