import { type Ctx, requirePermission } from "@/lib/access/context";
import { cutPage, decodeCursor } from "@/lib/db/keyset";
import { type Db, Prisma, type Tx } from "@/lib/db/prisma";
import { getControl } from "@/lib/policy/catalogue";
import type { ExceptionScope } from "@/lib/policy/exception";
import { stateAt } from "@/lib/policy/exception";
import type { Page } from "@/lib/schema";
import { toUseCaseRef } from "@/lib/use-cases/refs";
import { exceptionActions } from "./may";
import { EXCEPTION, type ExceptionRow, getExceptionRow, refOf } from "./row";
import { daysUntil, isBroad } from "./rules";
import type { ListExceptionsInput } from "./schema";
import { toTerms } from "./terms";
import type { ExceptionStateView, ExceptionSummary, ExceptionView } from "./views";

const DAY_MS = 86_400_000;

/**
 * The register, newest first, a page at a time. What time makes of an exception is computed by the evaluator's own
 * function, so a filter by state reads the (few) approved ones and asks it.
 */
export async function listExceptions(ctx: Ctx, input: ListExceptionsInput): Promise<Page<ExceptionSummary>> {
  requirePermission(ctx, "use-case:read");
  const before = decodeCursor(input.cursor, "number");
  const filter = await toFilter(ctx, input);
  const [rows, total] = await Promise.all([
    ctx.db.policyException.findMany({
      where: { AND: [filter, before === undefined ? {} : { ref: { lt: before } }] },
      orderBy: { ref: "desc" },
      take: input.limit + 1,
      ...EXCEPTION,
    }),
    ctx.db.policyException.count({ where: filter }),
  ]);
  const { items, nextCursor } = cutPage(rows, input.limit, (row) => row.ref);
  const used = await countUsage(ctx.db, items);
  return { items: items.map((row) => toSummary(row, ctx.now, used.get(row.id) ?? 0)), total, nextCursor };
}

/** One exception by id or reference; `not_found` when there is none. */
export async function getException(ctx: Ctx, { id }: { id: string }): Promise<ExceptionView> {
  requirePermission(ctx, "use-case:read");
  const row = await getExceptionRow(ctx.db, id);
  const used = await countUsage(ctx.db, [row]);
  const timeline = await readTimeline(ctx.db, row.id);
  return {
    ...toSummary(row, ctx.now, used.get(row.id) ?? 0),
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
    timeline,
    actions: ctx.actor?.kind === "person" ? exceptionActions(ctx.actor, row, ctx.now) : [],
  };
}

async function toFilter(ctx: Ctx, input: ListExceptionsInput): Promise<Prisma.PolicyExceptionWhereInput> {
  const and: Prisma.PolicyExceptionWhereInput[] = [];
  if (input.useCase) and.push({ useCase: { slug: input.useCase } });
  if (input.owner) and.push({ OR: [{ riskOwnerId: input.owner }, { businessOwnerId: input.owner }] });
  if (input.expiresWithinDays) {
    const until = new Date(ctx.now.getTime() + input.expiresWithinDays * DAY_MS);
    and.push({ status: "approved", expiresAt: { gt: ctx.now, lte: until } });
  }
  if (input.broad) and.push({ scope: input.broad === "true" ? { equals: {} } : { not: {} } });
  if (input.q) {
    const contains = { contains: input.q, mode: "insensitive" } as const;
    const ref = /^(?:exc-)?([1-9]\d{0,8})$/i.exec(input.q)?.[1];
    and.push({
      OR: [
        { justification: contains },
        { useCase: { name: contains } },
        { controls: { has: input.q } },
        ...(ref ? [{ ref: Number(ref) }] : []),
      ],
    });
  }
  if (input.state) and.push(await inState(ctx, input.state, { AND: and }));
  return { AND: and };
}

async function inState(
  ctx: Ctx,
  state: ExceptionStateView,
  filter: Prisma.PolicyExceptionWhereInput,
): Promise<Prisma.PolicyExceptionWhereInput> {
  if (state === "approved" || isStored(state)) return { status: state };
  const rows = await ctx.db.policyException.findMany({
    where: { AND: [filter, { status: "approved" }] },
    ...EXCEPTION,
  });
  return { id: { in: rows.filter((row) => stateOf(row, ctx.now) === state).map(({ id }) => id) } };
}

function isStored(state: ExceptionStateView): state is ExceptionRow["status"] {
  return !["scheduled", "in_force", "review_overdue", "expired"].includes(state);
}

/** The stored status; of an approved one, what time makes of it. */
export function stateOf(row: ExceptionRow, now: Date): ExceptionStateView {
  const terms = row.status === "approved" ? toTerms(row) : null;
  if (terms === null) return row.status;
  const state = stateAt(terms, now);
  return state === "ended" ? row.status : state;
}

function toSummary(row: ExceptionRow, now: Date, used: number): ExceptionSummary {
  const scope = row.scope as ExceptionScope;
  const isOver = row.endedAt !== null;
  return {
    id: row.id,
    ref: refOf(row),
    useCase: toUseCaseRef(row.useCase),
    controls: row.controls.map((id) => ({ id, title: getControl(id)?.title ?? id })),
    scope,
    broad: isBroad(scope),
    category: row.category,
    status: row.status,
    state: stateOf(row, now),
    riskOwner: row.riskOwner,
    businessOwner: row.businessOwner,
    requestedBy: row.requestedBy,
    startsAt: row.startsAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    reviewAt: row.reviewAt.toISOString(),
    reviewedAt: row.reviewedAt?.toISOString() ?? null,
    daysLeft: toTerms(row) === null ? null : isOver ? 0 : daysUntil(row.expiresAt, now),
    used,
    createdAt: row.createdAt.toISOString(),
  };
}

/** How many decisions each has spared, by id. */
async function countUsage(
  db: Db | Tx,
  rows: readonly { id: string; useCaseId: string }[],
): Promise<Map<string, number>> {
  if (rows.length === 0) return new Map();
  const ids = rows.map(({ id }) => id);
  const useCaseIds = [...new Set(rows.map(({ useCaseId }) => useCaseId))];
  const counts = await db.$queryRaw<{ exception: string; n: bigint }[]>(Prisma.sql`
    SELECT "exception"::text AS "exception", sum("n")::bigint AS "n" FROM "decision_hour"
    WHERE "use_case_id" = ANY(${useCaseIds}::uuid[]) AND "exception" = ANY(${ids}::uuid[])
      AND "exception" <> '00000000-0000-0000-0000-000000000000'
    GROUP BY 1`);
  return new Map(counts.map(({ exception, n }) => [exception, Number(n)]));
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
