import { type Db, isWriteConflict, type Tx } from "@/lib/db/prisma";
import { SluiceError } from "@/lib/errors";
import { can, inScope, type Permission, type Relation, type Role, type TokenScope } from "./permissions";

/** The personal access token through which a person asks. */
export interface TokenVia {
  kind: "token";
  id: string;
  label: string;
  prefix: string;
  scopes: readonly TokenScope[];
}

/** A signed-in person, or one who asks through a token of theirs. */
export interface PersonActor {
  kind: "person";
  id: string;
  name: string;
  email: string;
  roles: readonly Role[];
  /** The sign-in session that speaks; null for a call that has none. */
  sessionId: string | null;
  /** Absent or null for a person who is signed in. */
  via?: TokenVia | null;
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

/** The person who asks, if they are signed in: what a token must never do, whatever its scopes. */
export function requireSignedIn(ctx: Ctx): PersonActor {
  const person = requirePerson(ctx);
  if (person.via) throw new SluiceError("forbidden", "A token cannot do this. Sign in to the console.");
  return person;
}

/** The person who asks, if their roles (and their relation to the use case) allow it; `forbidden` otherwise. */
export function requirePermission(ctx: Ctx, permission: Permission, relation?: Relation): PersonActor {
  const person = requirePerson(ctx);
  if (person.via && !inScope(person.via.scopes, permission)) {
    const scopes = person.via.scopes.join(", ");
    throw new SluiceError("forbidden", `This token (${scopes}) does not carry "${permission}".`);
  }
  if (!can(person, permission, relation)) {
    throw new SluiceError(
      "forbidden",
      `Your roles do not include "${permission}"${relation ? " for this use case" : ""}.`,
    );
  }
  return person;
}

/**
 * Runs a command's reads, writes and audit entry as one transaction. Throws `conflict` when the database ended it in
 * favour of another that stood in its way.
 */
export function inTransaction<T>(ctx: Pick<Ctx, "db">, work: (tx: Tx) => Promise<T>): Promise<T> {
  return ctx.db.$transaction(work, { maxWait: 5_000, timeout: 60_000 }).catch((error: unknown) => {
    if (!isWriteConflict(error)) throw error;
    throw new SluiceError("conflict", "Somebody else was first. Read it again, then decide.", {
      cause: error,
    });
  });
}
