import { type Ctx, requirePermission } from "@/lib/access/context";
import { cutPage, decodeCursor } from "@/lib/db/keyset";
import type { Db, Prisma } from "@/lib/db/prisma";
import { PERSON_REF } from "@/lib/people/refs";
import type { PolicyDocument } from "@/lib/policy/document";
import { compare, effectiveDocument } from "@/lib/policy/lattice";
import type { Stage } from "@/lib/policy/vocabulary";
import type { Page } from "@/lib/schema";
import type { ImpactView } from "@/lib/telemetry/views";
import { compileOnce } from "@/lib/use-cases/compiled";
import { findFloor, stageOf } from "@/lib/use-cases/policy-in-force";
import { toFloorView } from "@/lib/use-cases/policy-queries";
import { toUseCaseRef, USE_CASE_REF } from "@/lib/use-cases/refs";
import { isOpen, OPEN_STATUSES } from "./lifecycle";
import { changeActions } from "./may";
import { loadChange, refOf } from "./row";
import type { ListChangesInput } from "./schema";
import { readSeats } from "./seats";
import { blockedBy } from "./sentences";
import { readTimeline } from "./timeline";
import type { ChangeSummary, ChangeView } from "./views";

/** What a line of the list needs. */
const SUMMARY = {
  include: { useCase: USE_CASE_REF, requestedBy: PERSON_REF },
} as const satisfies Prisma.ChangeRequestDefaultArgs;

type SummaryRow = Prisma.ChangeRequestGetPayload<typeof SUMMARY>;

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
      ...SUMMARY,
    }),
    ctx.db.changeRequest.count({ where: filter }),
  ]);
  const { items, nextCursor } = cutPage(rows, input.limit, (row) => row.ref);
  const versions = await readVersions(ctx.db, items);
  return { items: items.map((row) => toSummary(row, versions)), total, nextCursor };
}

/** One change with all that a decision on it needs; `not_found` when there is none. */
export async function getChange(ctx: Ctx, { id }: { id: string }): Promise<ChangeView> {
  requirePermission(ctx, "use-case:read");
  const change = await loadChange(ctx.db, id);
  const { row, base, proposal, quorum, currentVersion } = change;
  const seats = await readSeats(ctx.db, change);
  const timeline = await readTimeline(ctx.db, change);
  const floor = await findFloor(ctx.db, row.useCase.dataClass, row.closedAt ?? ctx.now);
  const [before, after] = [base, proposal].map((side) =>
    effectiveDocument(side, floor?.document ?? null),
  ) as [PolicyDocument, PolicyDocument];
  return {
    ...toSummary(row, { stageOf: () => base.stage, newestOf: () => currentVersion }),
    base,
    proposal,
    proposalDigest: row.proposalDigest,
    moves: compare(base, proposal).moves,
    floor: toFloorView(floor),
    effectiveMoves: compare(before, after).moves,
    cedar: { before: compileOnce(before).cedar, after: compileOnce(after).cedar },
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

/** The stages of the base versions by use case and number, and the newest number of each use case. */
interface Versions {
  stageOf: (useCaseId: string, number: number) => Stage;
  newestOf: (useCaseId: string) => number;
}

async function readVersions(db: Db, rows: readonly SummaryRow[]): Promise<Versions> {
  const useCaseIds = [...new Set(rows.map(({ useCaseId }) => useCaseId))];
  const bases = await db.policyVersion.findMany({
    where: { OR: rows.map(({ useCaseId, baseVersion }) => ({ useCaseId, number: baseVersion })) },
    select: { useCaseId: true, number: true, document: true },
  });
  const newest = await db.policyVersion.groupBy({
    by: ["useCaseId"],
    where: { useCaseId: { in: useCaseIds } },
    _max: { number: true },
  });
  const stages = new Map(bases.map((base) => [`${base.useCaseId} ${base.number}`, stageOf(base.document)]));
  const numbers = new Map(newest.map(({ useCaseId, _max }) => [useCaseId, _max.number ?? 0]));
  return {
    stageOf: (useCaseId, number) => stages.get(`${useCaseId} ${number}`) ?? "logging",
    newestOf: (useCaseId) => numbers.get(useCaseId) ?? 0,
  };
}

function toSummary(row: SummaryRow, versions: Versions): ChangeSummary {
  const currentVersion = versions.newestOf(row.useCaseId);
  return {
    id: row.id,
    ref: refOf(row),
    useCase: toUseCaseRef(row.useCase),
    status: row.status,
    direction: row.direction as ChangeSummary["direction"],
    stage: { from: versions.stageOf(row.useCaseId, row.baseVersion), to: stageOf(row.proposal) },
    justification: row.justification,
    requestedBy: row.requestedBy,
    baseVersion: row.baseVersion,
    currentVersion,
    conflicted: isOpen(row.status) && currentVersion !== row.baseVersion,
    createdAt: row.createdAt.toISOString(),
    submittedAt: row.submittedAt?.toISOString() ?? null,
    closedAt: row.closedAt?.toISOString() ?? null,
    appliedAt: row.appliedAt?.toISOString() ?? null,
    appliedVersion: row.appliedVersion,
  };
}
