import type { Role } from "@/lib/access/permissions";
import type { Db, Tx } from "@/lib/db/prisma";
import { SluiceError } from "@/lib/errors";
import type { PersonRef } from "./views";

/** What views name of a person, as a Prisma selection. */
export const PERSON_REF = { select: { id: true, name: true } } as const;

/**
 * The people with these ids, in the order given. Throws `invalid` naming `path` when one is not there, may not sign
 * in any more, or does not hold the role that is asked for.
 */
export async function getActivePeople(
  db: Db | Tx,
  ids: readonly string[],
  path: string,
  role?: Role,
): Promise<PersonRef[]> {
  const people = await db.person.findMany({
    where: { id: { in: [...ids] }, deactivatedAt: null, ...(role ? { roles: { some: { role } } } : {}) },
    select: PERSON_REF.select,
  });
  const byId = new Map(people.map((person) => [person.id, person]));
  return ids.map((id) => {
    const person = byId.get(id);
    if (person) return person;
    const wanted = role ? `an active person with the role ${role.replace("_", " ")}` : "an active person";
    throw new SluiceError("invalid", "Some fields are not valid.", {
      fields: [{ path, message: `must be ${wanted}` }],
    });
  });
}
