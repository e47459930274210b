import { type Ctx, requirePermission } from "@/lib/access/context";
import { cutPage, decodeCursor } from "@/lib/db/keyset";
import type { Db, Prisma, Tx } from "@/lib/db/prisma";
import { compile } from "@/lib/policy/compile";
import { compare } from "@/lib/policy/lattice";
import type { Page } from "@/lib/schema";
import type { ImpactView } from "@/lib/telemetry/views";
import { toUseCaseRef } from "@/lib/use-cases/refs";
import { OPEN_STATUSES } from "./lifecycle";
import { changeActions } from "./may";
import { type ChangeRow, type LoadedChange, loadChange, refOf } from "./row";
import type { ListChangesInput } from "./schema";
import { readSeats } from "./seats";
import { blockedBy } from "./sentences";
import { readTimeline } from "./timeline";
import type { ChangeSummary, ChangeView } from "./views";

/** Change requests, newest first, a page at a time. */
export async function listChanges(ctx: Ctx, input: ListChangesInput): Promise<Page<ChangeSummary>> {
  const viewer = requirePermission(ctx, "use-case:read");
  const before = decodeCursor(input.cursor, "number");
  const filter = toFilter(input, viewer.id);
  const [rows, total] = await Promise.all([
    ctx.db.changeRequest.findMany({
      where: { AND: [filter, before === undefined ? {} : { ref: { lt: before } }] },
      orderBy: { ref: "desc" },
      take: input.limit + 1,
      select: { id: true, ref: true },
    }),
    ctx.db.changeRequest.count({ where: filter }),
  ]);
  const { items, nextCursor } = cutPage(rows, input.limit, (row) => row.ref);
  const changes = await Promise.all(items.map(({ id }) => loadChange(ctx.db, id)));
  return { items: changes.map(toSummary), total, nextCursor };
}

/** One change with all that a decision on it needs; `not_found` when there is none. */
export async function getChange(ctx: Ctx, { id }: { id: string }, db: Db | Tx = ctx.db): Promise<ChangeView> {
  requirePermission(ctx, "use-case:read");
  const change = await loadChange(db, id);
  const { row, base, proposal, quorum } = change;
  const seats = await readSeats(db, change);
  const timeline = await readTimeline(db, change);
  return {
    ...toSummary(change),
    base,
    proposal,
    proposalDigest: row.proposalDigest,
    moves: compare(base, proposal).moves,
    cedar: { before: compile(base).cedar, after: compile(proposal).cedar },
    evidence: row.evidence as ImpactView | null,
    evidenceDigest: row.evidenceDigest,
    seats,
    quorumMet: quorum.met,
    blockedBy: blockedBy(change),
    timeline,
    actions: ctx.actor?.kind === "person" ? changeActions(ctx.actor, change) : [],
  };
}

function toFilter(input: ListChangesInput, viewerId: string): Prisma.ChangeRequestWhereInput {
  const and: Prisma.ChangeRequestWhereInput[] = [];
  if (input.status === "open") and.push({ status: { in: [...OPEN_STATUSES] } });
  else if (input.status) and.push({ status: input.status });
  if (input.useCase) and.push({ useCase: { slug: input.useCase } });
  if (input.mine === "true") and.push({ requestedById: viewerId });
  if (input.q) {
    const contains = { contains: input.q, mode: "insensitive" } as const;
    const ref = /^(?:chg-)?([1-9]\d{0,8})$/i.exec(input.q)?.[1];
    and.push({
      OR: [
        { justification: contains },
        { useCase: { name: contains } },
        { requestedBy: { name: contains } },
        ...(ref ? [{ ref: Number(ref) }] : []),
      ],
    });
  }
  return { AND: and };
}

function toSummary({ row, base, proposal, quorum, currentVersion }: LoadedChange): ChangeSummary {
  return {
    id: row.id,
    ref: refOf(row),
    useCase: toUseCaseRef(row.useCase),
    status: row.status,
    direction: row.direction as ChangeSummary["direction"],
    stage: { from: base.stage, to: proposal.stage },
    justification: row.justification,
    requestedBy: row.requestedBy,
    baseVersion: row.baseVersion,
    currentVersion,
    conflicted: isOpen(row) && quorum.conflicted,
    createdAt: row.createdAt.toISOString(),
    submittedAt: row.submittedAt?.toISOString() ?? null,
    closedAt: row.closedAt?.toISOString() ?? null,
    appliedAt: row.appliedAt?.toISOString() ?? null,
    appliedVersion: row.appliedVersion,
  };
}

function isOpen(row: ChangeRow): boolean {
  const open: readonly string[] = OPEN_STATUSES;
  return open.includes(row.status);
}
