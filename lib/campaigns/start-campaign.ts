import { uuidv7 } from "uuidv7";
import { type Ctx, inTransaction, requirePermission } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { SluiceError } from "@/lib/errors";
import { listLivingIds } from "@/lib/exceptions/queries";
import { exceptionFilterSchema } from "@/lib/exceptions/schema";
import { getCampaign } from "./queries";
import type { StartCampaignInput } from "./schema";
import type { CampaignView } from "./views";

/**
 * Asks for a review of every living exception that a filter of the register lets through; the list is frozen at this
 * moment. A security lead asks about any, a risk owner about those whose risk they own. Throws `invalid` when the due
 * day is past or nothing fits.
 */
export async function startCampaign(ctx: Ctx, input: StartCampaignInput): Promise<CampaignView> {
  const person = requirePermission(ctx, "campaign:start");
  const id = uuidv7();
  const { title, note = "" } = input;
  const filter = plain(input.filter ?? {});
  const dueAt = new Date(input.dueAt);
  if (dueAt <= ctx.now) throw badField("dueAt", "must be ahead");
  await inTransaction(ctx, async (tx) => {
    const isLead = person.roles.includes("security_lead");
    const ids = await listLivingIds(
      { db: tx, now: ctx.now },
      exceptionFilterSchema.parse(filter),
      isLead ? null : person.id,
    );
    if (ids.length === 0) throw badField("filter", "lets no exception through that you may ask about");
    const row = await tx.exceptionCampaign.create({
      data: { id, title, note, filter, startedById: person.id, startedAt: ctx.now, dueAt },
    });
    await tx.campaignItem.createMany({
      data: ids.map((exceptionId) => ({ campaignId: id, exceptionId })),
    });
    await recordEntry(tx, ctx, {
      action: "campaign.started",
      subject: { kind: "campaign", id, ref: `CMP-${row.ref}` },
      ...(filter.useCase ? { useCase: filter.useCase } : {}),
      detail: { title, n: ids.length, dueAt: dueAt.toISOString(), filter },
    });
  });
  return getCampaign(ctx, { id });
}

/** The filter as it is kept: only what was chosen. */
function plain<T extends object>(filter: T): T & Record<string, string | number> {
  return JSON.parse(JSON.stringify(filter));
}

function badField(path: string, message: string): SluiceError {
  return new SluiceError("invalid", "Some fields are not valid.", { fields: [{ path, message }] });
}
