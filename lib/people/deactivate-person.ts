import { type Ctx, inTransaction, requirePermission } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { assertAdminLeft, lockPerson } from "./lock";
import { manageRefusal } from "./may";
import { getPerson } from "./queries";
import type { DeactivatePersonInput } from "./schema";
import type { PersonView } from "./views";

/** Ends an account, and every session and token of it. What the person did stays. */
export async function deactivatePerson(
  ctx: Ctx,
  { id, reason }: DeactivatePersonInput & { id: string },
): Promise<PersonView> {
  const admin = requirePermission(ctx, "people:manage");
  await inTransaction(ctx, async (tx) => {
    const person = await lockPerson(tx, id);
    const refused = manageRefusal(admin, person);
    if (refused) throw refused;
    await tx.person.update({ where: { id, deactivatedAt: null }, data: { deactivatedAt: ctx.now } });
    const ended = await tx.signInSession.updateMany({
      where: { personId: id, endedAt: null },
      data: { endedAt: ctx.now },
    });
    const tokens = await tx.apiToken.updateMany({
      where: { personId: id, revokedAt: null },
      data: { revokedAt: ctx.now, revokedById: admin.id },
    });
    await assertAdminLeft(tx);
    await recordEntry(tx, ctx, {
      action: "person.deactivated",
      subject: { kind: "person", id },
      reason,
      detail: { name: person.name, sessionsEnded: ended.count, tokensRevoked: tokens.count },
    });
  });
  return getPerson(ctx, { id });
}
