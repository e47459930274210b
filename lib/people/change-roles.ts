import { type Ctx, inTransaction, requirePermission } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { assertAdminLeft, lockPerson } from "./lock";
import { manageRefusal } from "./may";
import { getPerson } from "./queries";
import type { ChangeRolesInput } from "./schema";
import type { PersonView } from "./views";

/** Gives a person exactly these roles; in force from their next request. Never one's own. */
export async function changeRoles(
  ctx: Ctx,
  { id, roles }: ChangeRolesInput & { id: string },
): Promise<PersonView> {
  const admin = requirePermission(ctx, "people:manage");
  await inTransaction(ctx, async (tx) => {
    const person = await lockPerson(tx, id);
    const refused = manageRefusal(admin, person);
    if (refused) throw refused;
    const before = person.roles.map(({ role }) => role);
    const added = roles.filter((role) => !before.includes(role));
    const removed = before.filter((role) => !roles.includes(role));
    if (added.length + removed.length === 0) return;
    await tx.roleGrant.deleteMany({ where: { personId: id, role: { in: removed } } });
    await tx.roleGrant.createMany({
      data: added.map((role) => ({ personId: id, role, grantedAt: ctx.now, grantedById: admin.id })),
    });
    await assertAdminLeft(tx);
    await recordEntry(tx, ctx, {
      action: "person.roles_changed",
      subject: { kind: "person", id },
      detail: { name: person.name, added, removed },
    });
  });
  return getPerson(ctx, { id });
}
