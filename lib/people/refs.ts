import type { Role } from "@/lib/access/permissions";
import type { Db, Tx } from "@/lib/db/prisma";
import { ruleBroken, SluiceError } from "@/lib/errors";
import type { PersonRef } from "./views";

/** What views name of a person, as a Prisma selection. */
export const PERSON_REF = { select: { id: true, name: true } } as const;

/**
 * The people with these ids, in the order given. Throws `invalid` naming `path` when one is not there, may not sign
 * in any more, or does not hold the role that is asked for; `any`: holds none, and so may read nothing.
 */
export async function getActivePeople(
  db: Db | Tx,
  ids: readonly string[],
  path: string,
  role?: Role | "any",
): Promise<PersonRef[]> {
  const people = await db.person.findMany({
    where: {
      id: { in: [...ids] },
      deactivatedAt: null,
      ...(role ? { roles: { some: role === "any" ? {} : { role } } } : {}),
    },
    select: PERSON_REF.select,
  });
  const byId = new Map(people.map((person) => [person.id, person]));
  return ids.map((id) => {
    const person = byId.get(id);
    if (person) return person;
    const wanted = role ? `an active person with ${roleText(role)}` : "an active person";
    throw new SluiceError("invalid", "Some fields are not valid.", {
      fields: [{ path, message: `must be ${wanted}` }],
    });
  });
}

const roleText = (role: Role | "any") => (role === "any" ? "a role" : `the role ${role.replace("_", " ")}`);

/** Somebody who was given an account, or roles, by who asks for something since they asked. */
export interface Instated {
  personId: string;
  /** Null: the account itself, and with it whatever it may do. */
  roles: readonly Role[] | null;
}

/**
 * The people to whom one of these gave an account, or a role that they still hold by it, at or after an instant. Their
 * word on what that person asks for does not count: it would be the requester's own by another name.
 */
export async function readInstated(
  db: Db | Tx,
  { by, since }: { by: readonly (string | null)[]; since: Date },
): Promise<Instated[]> {
  const ids = by.filter((id) => id !== null);
  if (ids.length === 0) return [];
  const made = { createdById: { in: ids }, createdAt: { gte: since } };
  const granted = { grantedById: { in: ids }, grantedAt: { gte: since } };
  const people = await db.person.findMany({
    where: { OR: [made, { roles: { some: granted } }] },
    select: {
      id: true,
      createdById: true,
      createdAt: true,
      roles: { where: granted, select: { role: true } },
    },
  });
  return people.map(({ id, createdById, createdAt, roles }) => {
    const isMade = createdById !== null && ids.includes(createdById) && createdAt >= since;
    return { personId: id, roles: isMade ? null : roles.map(({ role }) => role) };
  });
}

/** Does the word of this person, as one who holds this role, not count? */
export function isInstated(instated: readonly Instated[], personId: string, role: Role): boolean {
  return instated.some((one) => one.personId === personId && (one.roles?.includes(role) ?? true));
}

/** The refusal of such a word: which rule, and what to do instead. */
export function grantedByRequester(role: Role): SluiceError {
  return ruleBroken(
    "granted-by-requester",
    `Who requested it has made you ${role.replace("_", " ")}, or your account, since. Ask somebody else with this role, whom others appointed.`,
  );
}
