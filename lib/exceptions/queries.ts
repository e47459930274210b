import { type Ctx, type PersonActor, requirePermission } from "@/lib/access/context";
import type { Db, Tx } from "@/lib/db/prisma";
import type { PersonRef } from "@/lib/people/views";
import type { Stage } from "@/lib/policy/vocabulary";
import type { Page } from "@/lib/schema";
import { stageOf } from "@/lib/use-cases/policy-in-force";
import { readLimits } from "./limits";
import { exceptionActions, readAppointed, refusal } from "./may";
import { stakesOf } from "./refs";
import { filterIds, pageOf, type Reading, readLines, readRows } from "./register";
import { getExceptionRow } from "./row";
import { reviewBar } from "./rules";
import type { ExceptionFilter, ListExceptionsInput } from "./schema";
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
  const [limits, instated] = [await readLimits(ctx.db, ctx.now), await readAppointed(ctx.db, row)];
  const at = { now: ctx.now, limits, instated };
  const use = (await readUse(ctx.db, [row])).get(row.id) ?? NOT_USED;
  const timeline = await readTimeline(ctx.db, row.id);
  return {
    ...toSummary(row, use, at),
    stage: await readStage(ctx, row.useCaseId),
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
    shortenings: row.shortenings.map(({ at, by, fromAt, toAt, reason }) => ({
      at: at.toISOString(),
      by,
      from: fromAt.toISOString(),
      to: toAt.toISOString(),
      reason,
    })),
    chain: toChain(row, at),
    timeline,
    actions: ctx.actor?.kind === "person" ? exceptionActions(ctx.actor, row, at) : [],
  };
}

/**
 * The ids of the living exceptions (approved, not ended) that a filter lets through, in the register's order; with a
 * person, only those whose risk they own.
 */
export async function listLivingIds(
  ctx: Reading,
  filter: ExceptionFilter,
  riskOwnerId: string | null,
): Promise<string[]> {
  const ids = await filterIds(ctx, filter);
  const rows = await ctx.db.policyException.findMany({
    where: {
      id: { in: ids },
      status: "approved",
      expiresAt: { gt: ctx.now },
      ...(riskOwnerId === null ? {} : { OR: [{ riskOwnerId }, { useCase: { riskOwnerId } }] }),
    },
    select: { id: true },
  });
  const living = new Set(rows.map(({ id }) => id));
  return ids.filter((id) => living.has(id));
}

/** An exception that somebody asks to be reviewed: who is to do it, and what the viewer may. */
export interface ForReview {
  summary: ExceptionSummary;
  /** The risk owner; null when they left or may not review it: then any security lead. */
  reviewer: PersonRef | null;
  mayKeep: boolean;
  mayRevoke: boolean;
  why: string | null;
}

/** These exceptions with who is to review each and what this viewer may do, in the order of their references. */
export async function listForReview(
  ctx: Ctx,
  ids: readonly string[],
  viewer: PersonActor,
): Promise<ForReview[]> {
  const at = { now: ctx.now, limits: await readLimits(ctx.db, ctx.now) };
  const rows = await readRows(ctx, ids);
  return rows
    .sort((a, b) => a.row.ref - b.row.ref)
    .map(({ row, summary }) => {
      const refused = refusal("review", viewer, row, at);
      const { id, name, deactivatedAt } = row.riskOwner;
      const mayOwner = deactivatedAt === null && reviewBar({ ...row, before: stakesOf(row) }, id) === null;
      return {
        summary,
        reviewer: mayOwner ? { id, name } : null,
        mayKeep: refused === null,
        mayRevoke: refusal("revoke", viewer, row, at) === null,
        why: refused?.message ?? null,
      };
    });
}

async function readStage({ db, now }: Reading, useCaseId: string): Promise<Stage | null> {
  const version = await db.policyVersion.findFirst({
    where: { useCaseId, effectiveFrom: { lte: now } },
    orderBy: { number: "desc" },
    select: { document: true },
  });
  return version && stageOf(version.document);
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
