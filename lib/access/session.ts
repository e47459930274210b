import { recordEntry } from "@/lib/audit/record";
import type { Db } from "@/lib/db/prisma";
import { SluiceError } from "@/lib/errors";
import { type Ctx, inTransaction, type PersonActor, requirePerson } from "./context";
import { can } from "./permissions";

/** The person behind a session that is neither ended nor expired, with their roles as they are now; else null. */
export async function findSessionPerson(db: Db, sessionId: string, now: Date): Promise<PersonActor | null> {
  const session = await db.signInSession.findUnique({
    where: { id: sessionId },
    include: { person: { include: { roles: true } } },
  });
  if (
    !session ||
    session.endedAt !== null ||
    session.expiresAt <= now ||
    session.person.deactivatedAt !== null
  )
    return null;
  const { person } = session;
  return {
    kind: "person",
    id: person.id,
    name: person.name,
    email: person.email,
    roles: person.roles.map((grant) => grant.role),
    sessionId,
  };
}

/** Ends a session on the server: one's own, or anybody's with `session:end`. Ending an ended one changes nothing. */
export async function endSession(ctx: Ctx, { id }: { id: string }): Promise<void> {
  const person = requirePerson(ctx);
  await inTransaction(ctx, async (tx) => {
    const session = await tx.signInSession.findUnique({ where: { id } });
    if (!session || (session.personId !== person.id && !can(person, "session:end"))) {
      throw new SluiceError("not_found", "There is no such session.");
    }
    const ended = await tx.signInSession.updateMany({
      where: { id, endedAt: null },
      data: { endedAt: ctx.now },
    });
    if (ended.count === 0) return;
    const action = session.personId === person.id ? "person.signed_out" : "session.ended";
    await recordEntry(tx, ctx, {
      action,
      subject: { kind: "session", id },
      detail: { person: session.personId },
    });
  });
}
