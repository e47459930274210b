import { type Ctx, requirePermission } from "@/lib/access/context";
import type { Db, Tx } from "@/lib/db/prisma";
import type { Page } from "@/lib/schema";
import { readLimits } from "./limits";
import { exceptionActions } from "./may";
import { filterIds, pageOf, readLines } from "./register";
import { getExceptionRow } from "./row";
import type { ListExceptionsInput } from "./schema";
import { toChain, toSummary } from "./to-view";
import { NOT_USED, readUse } from "./use";
import type { ExceptionSummary, ExceptionView } from "./views";

/** The register, newest first unless sorted otherwise, a page at a time. */
export async function listExceptions(ctx: Ctx, input: ListExceptionsInput): Promise<Page<ExceptionSummary>> {
  requirePermission(ctx, "use-case:read");
  const { cursor, limit, ...filter } = input;
  const ids = await filterIds(ctx, filter);
  const { page, nextCursor } = pageOf(ids, { cursor, limit });
  return { items: await readLines(ctx, page), total: ids.length, nextCursor };
}

/** One exception by id or reference; `not_found` when there is none. */
export async function getException(ctx: Ctx, { id }: { id: string }): Promise<ExceptionView> {
  requirePermission(ctx, "use-case:read");
  const row = await getExceptionRow(ctx.db, id);
  const at = { now: ctx.now, limits: await readLimits(ctx.db, ctx.now) };
  const use = (await readUse(ctx.db, [row])).get(row.id) ?? NOT_USED;
  const timeline = await readTimeline(ctx.db, row.id);
  return {
    ...toSummary(row, use, at),
    justification: row.justification,
    compensatingControls: row.compensatingControls,
    termsDigest: row.termsDigest,
    submittedAt: row.submittedAt?.toISOString() ?? null,
    decidedBy: row.decidedBy,
    decidedAt: row.decidedAt?.toISOString() ?? null,
    decisionNote: row.decisionNote,
    endedAt: row.endedAt?.toISOString() ?? null,
    endedReason: row.endedReason,
    reviews: row.reviews.map((review) => ({
      at: review.at.toISOString(),
      by: review.reviewedBy,
      note: review.note,
      nextReviewAt: review.nextReviewAt.toISOString(),
    })),
    reassignments: row.reassignments.map(({ at, owner, from, to, by, reason }) => ({
      at: at.toISOString(),
      owner: owner === "risk_owner" ? "risk_owner" : "business_owner",
      from,
      to,
      by,
      reason,
    })),
    chain: toChain(row, at),
    timeline,
    actions: ctx.actor?.kind === "person" ? exceptionActions(ctx.actor, row, at) : [],
  };
}

async function readTimeline(db: Db | Tx, id: string): Promise<ExceptionView["timeline"]> {
  const entries = await db.auditEntry.findMany({
    where: { subjectKind: "exception", subjectId: id },
    orderBy: { number: "asc" },
    select: { at: true, action: true, actorName: true, reason: true },
  });
  return entries.map((entry) => ({
    at: entry.at.toISOString(),
    action: entry.action.replace("exception.", ""),
    person: entry.actorName,
    text: entry.reason,
  }));
}
