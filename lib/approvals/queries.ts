import { type Ctx, type PersonActor, requirePermission, requirePerson } from "@/lib/access/context";
import { couldEver } from "@/lib/access/permissions";
import { cutPage, decodeCursor } from "@/lib/db/keyset";
import type { Db, Prisma } from "@/lib/db/prisma";
import { SluiceError } from "@/lib/errors";
import { getControl } from "@/lib/policy/catalogue";
import type { Page } from "@/lib/schema";
import { getDecision } from "@/lib/telemetry/get-decision";
import { toUseCaseRef } from "@/lib/use-cases/refs";
import { digestText } from "./entry-detail";
import type { ApprovalStatus } from "./lifecycle";
import { approvalActions, mayDecide } from "./may";
import { APPROVAL, type ApprovalRow, getApprovalRow } from "./row";
import { refOf, statusAt } from "./rules";
import type { ListApprovalsInput } from "./schema";
import type { ApprovalSummary, ApprovalView, AskedView } from "./views";

/** Held requests, newest first, a page at a time. */
export async function listApprovals(ctx: Ctx, input: ListApprovalsInput): Promise<Page<ApprovalSummary>> {
  const viewer = requirePermission(ctx, "telemetry:read");
  const before = decodeCursor(input.cursor, "number");
  const filter: Prisma.ApprovalRequestWhereInput = {
    AND: [
      input.status ? whereStatus(input.status, ctx.now) : {},
      input.useCase ? { useCase: { slug: input.useCase } } : {},
    ],
  };
  const [rows, total] = await Promise.all([
    ctx.db.approvalRequest.findMany({
      where: { AND: [filter, before === undefined ? {} : { ref: { lt: before } }] },
      orderBy: { ref: "desc" },
      take: input.limit + 1,
      ...APPROVAL,
    }),
    ctx.db.approvalRequest.count({ where: filter }),
  ]);
  const { items, nextCursor } = cutPage(rows, input.limit, (row) => row.ref);
  return { items: items.map((row) => toSummary(row, viewer, ctx.now)), total, nextCursor };
}

/** One held request by id or reference, with the decision that held it; `not_found` when there is none. */
export async function getApproval(ctx: Ctx, { id }: { id: string }): Promise<ApprovalView> {
  const viewer = requirePermission(ctx, "telemetry:read");
  const row = await getApprovalRow(ctx.db, id);
  const [asks, decision] = await Promise.all([
    ctx.db.approvalDecision.count({ where: { approvalId: row.id } }),
    getDecision(ctx, { id: row.decisionId }).catch((error: unknown) => {
      if (error instanceof SluiceError && error.code === "not_found") return null;
      throw error;
    }),
  ]);
  return {
    ...toSummary(row, viewer, ctx.now),
    excerpt: row.excerpt,
    requestDigest: digestText(row),
    asks,
    decision,
  };
}

/** The held request that a decision was answered with; null when there is none. */
export async function findApprovalOf(
  ctx: Ctx,
  { decisionId }: { decisionId: string },
): Promise<ApprovalSummary | null> {
  const viewer = requirePermission(ctx, "telemetry:read");
  const answered = await ctx.db.approvalDecision.findUnique({
    where: { decisionId },
    select: { approval: APPROVAL },
  });
  return answered ? toSummary(answered.approval, viewer, ctx.now) : null;
}

/** Those that wait for a word of this person, the soonest to expire first. */
export async function listWaitingFor(db: Db, viewer: PersonActor, now: Date): Promise<ApprovalRow[]> {
  if (!couldEver(viewer.roles, "approval:decide")) return [];
  const rows = await db.approvalRequest.findMany({
    where: whereStatus("pending", now),
    orderBy: [{ expiresAt: "asc" }, { ref: "asc" }],
    ...APPROVAL,
  });
  return rows.filter((row) => mayDecide(viewer, row));
}

/** How many wait for a word of the person who asks: none, for those without a role too. */
export async function countWaiting(ctx: Ctx): Promise<{ waiting: number }> {
  const viewer = requirePerson(ctx);
  return { waiting: (await listWaitingFor(ctx.db, viewer, ctx.now)).length };
}

/** `statusAt` as a condition on what is stored. */
function whereStatus(status: ApprovalStatus, now: Date): Prisma.ApprovalRequestWhereInput {
  const inTime = { expiresAt: { gt: now }, usedAt: null };
  switch (status) {
    case "pending":
      return { ...inTime, verdict: null };
    case "granted":
      return { ...inTime, verdict: "granted" };
    case "denied":
      return { verdict: "denied" };
    case "used":
      return { usedAt: { not: null } };
    case "expired":
      return { expiresAt: { lte: now }, usedAt: null, OR: [{ verdict: null }, { verdict: "granted" }] };
  }
}

function toSummary(row: ApprovalRow, viewer: PersonActor, now: Date): ApprovalSummary {
  return {
    id: row.id,
    ref: refOf(row),
    useCase: toUseCaseRef(row.useCase),
    workload: row.workload,
    controls: row.controls.map((id) => ({ id, title: getControl(id)?.title ?? id })),
    asked: row.asked as AskedView,
    status: statusAt(row, now),
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    decidedBy: row.decidedBy,
    decidedAt: row.decidedAt?.toISOString() ?? null,
    reason: row.reason,
    usedAt: row.usedAt?.toISOString() ?? null,
    synthetic: row.synthetic,
    decisionId: row.decisionId,
    usedDecisionId: row.usedDecisionId,
    actions: approvalActions(viewer, row, now),
  };
}
