import { type Ctx, inTransaction, requirePermission } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { SluiceError } from "@/lib/errors";
import { relationIn } from "@/lib/use-cases/refs";
import { mayMove, TRANSITIONS } from "./lifecycle";
import { getIncident } from "./queries";
import { getIncidentRow, refOf } from "./row";
import type { CloseIncidentInput } from "./schema";
import type { IncidentView } from "./views";

/**
 * Closes an incident, with what came of it. If the value is seen after that and still not declared, it is back in the
 * queue. Throws `conflict` when somebody else was first.
 */
export async function closeIncident(
  ctx: Ctx,
  { id, note }: CloseIncidentInput & { id: string },
): Promise<IncidentView> {
  await inTransaction(ctx, async (tx) => {
    const before = await getIncidentRow(tx, id);
    const relation = relationIn(before.useCase, ctx.actor?.kind === "person" ? ctx.actor.id : "");
    const closer = requirePermission(ctx, "drift:mark", relation);
    const { count } = mayMove(before.status, "close")
      ? await tx.incident.updateMany({
          where: { id: before.id, status: { in: [...TRANSITIONS.close.from] } },
          data: { status: TRANSITIONS.close.to, closedById: closer.id, closedAt: ctx.now, closingNote: note },
        })
      : { count: 0 };
    if (count === 0) {
      const by = before.closedBy ? ` by ${before.closedBy.name}` : "";
      throw new SluiceError("conflict", `${refOf(before)} was closed${by} already.`);
    }
    await recordEntry(tx, ctx, {
      action: "incident.closed",
      subject: { kind: "incident", id: before.id, ref: refOf(before) },
      useCase: before.useCase.slug,
      reason: note,
      detail: { dimension: before.dimension, value: before.value },
    });
  });
  return getIncident(ctx, { id });
}
