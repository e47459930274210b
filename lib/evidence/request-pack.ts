import { uuidv7 } from "uuidv7";
import { type Ctx, inTransaction, requirePermission } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import type { Tx } from "@/lib/db/prisma";
import { ruleBroken, SluiceError } from "@/lib/errors";
import { PACK, refOf, toView } from "./row";
import { type RequestPackInput, requestPackSchema } from "./schema";
import type { PackView } from "./views";

/**
 * Asks for a pack of a period; a job builds it. A period that has not ended yet ends now. Throws `rule` for one
 * that has not begun, `invalid` for a use case that is not there.
 */
export async function requestPack(ctx: Ctx, input: RequestPackInput): Promise<PackView> {
  const requester = requirePermission(ctx, "evidence:export");
  const { from, to, useCases } = requestPackSchema.parse(input);
  const fromAt = new Date(from);
  const toAt = new Date(Math.min(Date.parse(to), ctx.now.getTime()));
  if (fromAt >= toAt) throw ruleBroken("period-not-begun", "The period has not begun yet.");
  return inTransaction(ctx, async (tx) => {
    await assertUseCases(tx, useCases);
    const row = await tx.evidencePack.create({
      data: {
        id: uuidv7(),
        fromAt,
        toAt,
        useCases: [...useCases].sort(),
        status: "pending",
        requestedById: requester.id,
        createdAt: ctx.now,
      },
      ...PACK,
    });
    await recordEntry(tx, ctx, {
      action: "evidence.requested",
      subject: { kind: "evidence_pack", id: row.id, ref: refOf(row) },
      detail: { from: fromAt.toISOString(), to: toAt.toISOString(), useCases: row.useCases },
    });
    return toView(row);
  });
}

async function assertUseCases(tx: Tx, slugs: readonly string[]): Promise<void> {
  const found = await tx.useCase.findMany({ where: { slug: { in: [...slugs] } }, select: { slug: true } });
  const known = new Set(found.map(({ slug }) => slug));
  const unknown = slugs.filter((slug) => !known.has(slug));
  if (unknown.length === 0) return;
  throw new SluiceError("invalid", "Some fields are not valid.", {
    fields: [{ path: "useCases", message: `there is no use case ${unknown.join(", ")}` }],
  });
}
