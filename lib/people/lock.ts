import { LOCKS } from "@/lib/db/locks";
import type { Tx } from "@/lib/db/prisma";
import { ruleBroken, SluiceError } from "@/lib/errors";

/** A person for a change of roles or of standing: such changes wait for each other. `not_found` when there is none. */
export async function lockPerson(tx: Tx, id: string) {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${LOCKS.roles})`;
  const person = await tx.person.findUnique({
    where: { id },
    select: { id: true, name: true, deactivatedAt: true, roles: { select: { role: true } } },
  });
  if (!person) throw new SluiceError("not_found", "There is no such person.");
  return person;
}

/** Throws `rule` when nobody would be left to manage people. */
export async function assertAdminLeft(tx: Tx): Promise<void> {
  const left = await tx.person.count({ where: { deactivatedAt: null, roles: { some: { role: "admin" } } } });
  if (left === 0) throw ruleBroken("last-admin", "Somebody else must be an admin first.");
}
