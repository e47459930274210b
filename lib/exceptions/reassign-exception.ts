import { uuidv7 } from "uuidv7";
import { type Ctx, inTransaction } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import type { Tx } from "@/lib/db/prisma";
import { ruleBroken, SluiceError } from "@/lib/errors";
import { getActivePeople } from "@/lib/people/refs";
import { readLimits } from "./limits";
import { requireMay } from "./may";
import { getException } from "./queries";
import { type ExceptionRow, getExceptionRow, lockAsRead, moveTo, refOf } from "./row";
import type { OwnerKind, ReassignExceptionInput } from "./schema";
import { digestOf } from "./terms";
import type { ExceptionView } from "./views";

/**
 * Replaces an owner by another active person, for a reason. Of what is not decided yet that makes other terms, which
 * an approver must read again; who was replaced, who replaces and who did it may not decide on it. Throws `invalid`
 * when the person is not active or owns it already, `rule` when they decided on it.
 */
export async function reassignException(
  ctx: Ctx,
  { id, owner, personId, reason }: ReassignExceptionInput & { id: string },
): Promise<ExceptionView> {
  await inTransaction(ctx, async (tx) => {
    const before = await getExceptionRow(tx, id);
    const person = requireMay(ctx, "reassign", before, await readLimits(tx, ctx.now));
    const from = owner === "risk_owner" ? before.riskOwner : before.businessOwner;
    const to = await getNewOwner(tx, before, owner, personId);
    const owners = owner === "risk_owner" ? { riskOwnerId: to.id } : { businessOwnerId: to.id };
    await lockAsRead(tx, before);
    await tx.exceptionReassignment.create({
      data: {
        id: uuidv7(),
        exceptionId: before.id,
        revision: before.revision + 1,
        owner,
        fromId: from.id,
        toId: to.id,
        byId: person.id,
        reason,
        at: ctx.now,
      },
    });
    const isDecided = before.status === "approved";
    await moveTo(tx, before, "reassign", {
      ...owners,
      ...(isDecided ? {} : { termsDigest: digestOf({ ...before, ...owners }) }),
    });
    await recordEntry(tx, ctx, {
      action: "exception.reassigned",
      subject: { kind: "exception", id: before.id, ref: refOf(before) },
      useCase: before.useCase.slug,
      reason,
      detail: { owner, from: from.id, fromName: from.name, to: to.id, toName: to.name },
    });
  });
  return getException(ctx, { id });
}

async function getNewOwner(tx: Tx, row: ExceptionRow, owner: OwnerKind, personId: string) {
  const role = owner === "risk_owner" ? "risk_owner" : undefined;
  const [person] = await getActivePeople(tx, [personId], "personId", role);
  const current = owner === "risk_owner" ? row.riskOwnerId : row.businessOwnerId;
  if (!person || person.id === current) {
    throw new SluiceError("invalid", "Some fields are not valid.", {
      fields: [{ path: "personId", message: "owns it already" }],
    });
  }
  if (person.id === row.decidedById) {
    throw ruleBroken("segregation-of-duties", `${person.name} decided on it and cannot own it.`);
  }
  return person;
}
