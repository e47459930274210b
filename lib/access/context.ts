import type { Db, Tx } from "@/lib/db/prisma";
import { SluiceError } from "@/lib/errors";
import { can, type Permission, type Relation, type Role } from "./permissions";

/** A signed-in person. */
export interface PersonActor {
  kind: "person";
  id: string;
  name: string;
  email: string;
  roles: readonly Role[];
  /** The sign-in session that speaks; null for a call that has none. */
  sessionId: string | null;
}

/** What runs by itself. */
export interface JobActor {
  kind: "job";
  name: string;
}

export type Actor = PersonActor | JobActor;

/** Who asks, when, and against which database. The clock is read once, where a request becomes a `Ctx`. */
export interface Ctx {
  actor: Actor | null;
  now: Date;
  requestId: string;
  db: Db;
}

/** The person who asks; `unauthenticated` when nobody is signed in, `forbidden` for a job. */
export function requirePerson(ctx: Ctx): PersonActor {
  if (ctx.actor === null) throw new SluiceError("unauthenticated", "Sign in to continue.");
  if (ctx.actor.kind !== "person") throw new SluiceError("forbidden", "Only a person can do this.");
  return ctx.actor;
}

/** The person who asks, if their roles (and their relation to the use case) allow it; `forbidden` otherwise. */
export function requirePermission(ctx: Ctx, permission: Permission, relation?: Relation): PersonActor {
  const person = requirePerson(ctx);
  if (!can(person.roles, permission, relation)) {
    throw new SluiceError(
      "forbidden",
      `Your roles do not include "${permission}"${relation ? " for this use case" : ""}.`,
    );
  }
  return person;
}

/** Runs a command's reads, writes and audit entry as one transaction. */
export function inTransaction<T>(ctx: Ctx, work: (tx: Tx) => Promise<T>): Promise<T> {
  return ctx.db.$transaction(work, { maxWait: 5_000, timeout: 20_000 });
}
