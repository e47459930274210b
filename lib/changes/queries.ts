import { type Ctx, requirePermission } from "@/lib/access/context";
import { cutPage, decodeCursor } from "@/lib/db/keyset";
import type { Db, Prisma } from "@/lib/db/prisma";
import { PERSON_REF } from "@/lib/people/refs";
import type { PolicyDocument } from "@/lib/policy/document";
import { compare, effectiveDocument } from "@/lib/policy/lattice";
import { mendsFor } from "@/lib/readiness/mends";
import type { Page } from "@/lib/schema";
import { compileOnce } from "@/lib/use-cases/compiled";
import { findFloor, stageOf } from "@/lib/use-cases/policy-in-force";
import { toFloorView } from "@/lib/use-cases/policy-queries";
import { toUseCaseRef } from "@/lib/use-cases/refs";
import { readCollisions } from "./collisions";
import { isOpen, OPEN_STATUSES } from "./lifecycle";
import { changeActions } from "./may";
import { acceptsStill, CHANGE, type LoadedChange, loadChange, refOf, revisionOf, subjectOf } from "./row";
import { type Direction, reviewHours } from "./rules";
import type { ListChangesInput } from "./schema";
import { readSeats } from "./seats";
import { blockedBy } from "./sentences";
import { readTimeline } from "./timeline";
import type { ChangeSummary, ChangeView, ContentView } from "./views";

const DAY_MS = 86_400_000;

/** What a line of the list needs. */
const SUMMARY = {
  include: { useCase: CHANGE.include.useCase, requestedBy: PERSON_REF },
} as const satisfies Prisma.ChangeRequestDefaultArgs;

type SummaryRow = Prisma.ChangeRequestGetPayload<typeof SUMMARY>;

/** Change requests, newest first, a page at a time. */
export async function listChanges(ctx: Ctx, input: ListChangesInput): Promise<Page<ChangeSummary>> {
  const viewer = requirePermission(ctx, "use-case:read");
  const before = decodeCursor(input.cursor, "number");
  const filter = toFilter(input, viewer.id, ctx.now);
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
  const listed = await Promise.all(items.map((row) => toListed(ctx.db, row)));
  return { items: listed, total, nextCursor };
}

/** One change with all that a decision on it needs; `not_found` when there is none. */
export async function getChange(ctx: Ctx, { id }: { id: string }): Promise<ChangeView> {
  requirePermission(ctx, "use-case:read");
  const change = await loadChange(ctx.db, id, ctx.now);
  const { row, subject, base, proposal, quorum, standing, currentVersion, freeze } = change;
  return {
    ...toSummary(row, {
      stages: stagesOf(row, base),
      currentVersion,
    }),
    revision: revisionOf(change),
    base: base as ContentView,
    proposal: proposal as ContentView,
    proposalDigest: row.proposalDigest,
    moves: subject.compare(base, proposal).moves,
    ...(await readDocuments(ctx, change)),
    evidence: change.evidence,
    evidenceDigest: row.evidenceDigest,
    acceptances: acceptancesOf(change),
    unaccepted: isOpen(row.status) ? [...standing.unaccepted] : [],
    mends: row.useCase && mendsFor(ctx, row.useCase),
    seatsTier: change.weight === "organisation" ? null : change.weight,
    seats: await readSeats(ctx.db, change),
    quorumMet: quorum.met,
    blockedBy: blockedBy(change),
    freeze: freeze && { name: freeze.name, from: freeze.from, to: freeze.to, named: freeze.named },
    collisions: await readCollisions(ctx.db, change),
    reviewers: row.reviewers.map(({ person, askedBy, at }) => ({ person, askedBy, at: at.toISOString() })),
    scheduledBy: row.scheduledBy,
    reviewHours: reviewHours(row.direction as Direction, change.governance.emergencies),
    brokenGlass: brokenGlassOf(change),
    reverts: row.reverts && { id: row.reverts.id, ref: refOf(row.reverts) },
    revertedBy: row.revertedBy.map((other) => ({ ...other, ref: refOf(other) })),
    timeline: await readTimeline(ctx.db, change),
    actions: ctx.actor?.kind === "person" ? changeActions(ctx.actor, change, ctx.now) : [],
  };
}

/** What only policies and floors have: documents, what stands under them, and their Cedar text. */
async function readDocuments(
  ctx: Ctx,
  { row, subject, base, proposal }: LoadedChange,
): Promise<Pick<ChangeView, "documents" | "floor" | "effectiveMoves" | "cedar">> {
  if (subject.kind === "setting") return { documents: null, floor: null, effectiveMoves: [], cedar: null };
  const documents = { base: base as PolicyDocument, proposal: proposal as PolicyDocument };
  const floor = row.useCase ? await findFloor(ctx.db, row.useCase.dataClass, row.closedAt ?? ctx.now) : null;
  const [before, after] = [documents.base, documents.proposal].map((side) =>
    effectiveDocument(side, floor?.document ?? null),
  ) as [PolicyDocument, PolicyDocument];
  return {
    documents,
    floor: toFloorView(floor),
    effectiveMoves: compare(before, after).moves,
    cedar: { before: compileOnce(before).cedar, after: compileOnce(after).cedar },
  };
}

function acceptancesOf({ row, instated }: LoadedChange): ChangeView["acceptances"] {
  return row.acceptances.map(({ condition, reason, person, at, proposalDigest, evidenceDigest }) => ({
    condition,
    reason,
    by: person.name,
    at: at.toISOString(),
    current:
      proposalDigest === row.proposalDigest &&
      evidenceDigest === row.evidenceDigest &&
      (!isOpen(row.status) || (person.id === row.useCase?.riskOwnerId && acceptsStill({ person }, instated))),
  }));
}

function brokenGlassOf({ row }: LoadedChange): ChangeView["brokenGlass"] {
  if (row.reviewDueAt === null) return null;
  const { review } = row;
  return {
    by: row.brokeGlassBy,
    dueAt: row.reviewDueAt.toISOString(),
    review: review && {
      verdict: review.verdict,
      by: review.person,
      note: review.note,
      at: review.at.toISOString(),
    },
  };
}

function toFilter(input: ListChangesInput, viewerId: string, now: Date): Prisma.ChangeRequestWhereInput {
  const and: Prisma.ChangeRequestWhereInput[] = [];
  if (input.status === "open") and.push({ status: { in: [...OPEN_STATUSES] } });
  else if (input.status) and.push({ status: input.status });
  if (input.subject) and.push({ subject: input.subject });
  if (input.useCase) and.push({ useCase: { slug: input.useCase } });
  if (input.direction) and.push({ direction: input.direction });
  if (input.emergency) and.push({ emergency: input.emergency === "any" ? { not: null } : input.emergency });
  if (input.waitingDays !== undefined) {
    const before = new Date(now.getTime() - input.waitingDays * DAY_MS);
    and.push({ status: "in_review", submittedAt: { lt: before } });
  }
  if (input.decidedSince) and.push(wasDecided(new Date(input.decidedSince)));
  if (input.since) {
    const since = new Date(input.since);
    and.push({ OR: [{ submittedAt: { gte: since } }, { closedAt: { gte: since } }] });
  }
  if (input.mine === "true") and.push({ requestedById: viewerId });
  if (input.q) {
    const contains = { contains: input.q, mode: "insensitive" } as const;
    const ref = /^(?:chg-)?([1-9]\d{0,8})$/i.exec(input.q)?.[1];
    and.push({
      OR: [
        { justification: contains },
        { subjectKey: contains },
        { useCase: { name: contains } },
        { requestedBy: { name: contains } },
        ...(ref ? [{ ref: Number(ref) }] : []),
      ],
    });
  }
  return { AND: and };
}

/** An approved change was decided when its last seat was taken: no verdict comes after that. */
function wasDecided(since: Date): Prisma.ChangeRequestWhereInput {
  return {
    emergency: null,
    submittedAt: { not: null },
    OR: [
      { status: "rejected", closedAt: { gte: since } },
      {
        status: { in: ["approved", "scheduled", "suspended", "applied"] },
        approvals: { some: { verdict: "approve", at: { gte: since } } },
      },
    ],
  };
}

/** The stage before and after; null for a setting. */
function stagesOf(row: SummaryRow, base: unknown): ChangeSummary["stage"] {
  return row.subject === "setting" ? null : { from: stageOf(base), to: stageOf(row.proposal) };
}

async function toListed(db: Db, row: SummaryRow): Promise<ChangeSummary> {
  const subject = subjectOf(row);
  const [base, currentVersion] = await Promise.all([
    row.subject === "setting" ? null : subject.read(db, row.baseVersion),
    isOpen(row.status) ? subject.currentNumber(db) : row.baseVersion,
  ]);
  return toSummary(row, { stages: stagesOf(row, base), currentVersion });
}

function toSummary(
  row: SummaryRow,
  { stages, currentVersion }: { stages: ChangeSummary["stage"]; currentVersion: number },
): ChangeSummary {
  const { kind, key, title } = subjectOf(row);
  return {
    id: row.id,
    ref: refOf(row),
    subject: { kind, key, title },
    useCase: row.useCase && toUseCaseRef(row.useCase),
    status: row.status,
    direction: row.direction as ChangeSummary["direction"],
    stage: stages,
    justification: row.justification,
    requestedBy: row.requestedBy,
    emergency: row.emergency,
    baseVersion: row.baseVersion,
    currentVersion,
    conflicted: isOpen(row.status) && currentVersion !== row.baseVersion,
    createdAt: row.createdAt.toISOString(),
    submittedAt: row.submittedAt?.toISOString() ?? null,
    scheduledFor: row.scheduledFor?.toISOString() ?? null,
    closedAt: row.closedAt?.toISOString() ?? null,
    appliedAt: row.appliedAt?.toISOString() ?? null,
    appliedVersion: row.appliedVersion,
  };
}
