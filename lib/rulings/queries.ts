import { type Ctx, type PersonActor, requirePermission } from "@/lib/access/context";
import { couldEver } from "@/lib/access/permissions";
import { cutPage, decodeCursor } from "@/lib/db/keyset";
import type { Db, Prisma } from "@/lib/db/prisma";
import { SluiceError } from "@/lib/errors";
import type { Facts } from "@/lib/policy/facts";
import type { Page } from "@/lib/schema";
import { findPolicy } from "@/lib/telemetry/policy-in-force";
import { toUseCaseRef } from "@/lib/use-cases/refs";
import { APPEAL, type AppealRow, getAppealRow } from "./appeal-row";
import { CASE, type CaseRow, getCaseRow } from "./case-row";
import { type CheckedCase, checkCases } from "./check-cases";
import { appealActions, toAction, whyNotKeep, whyNotRule } from "./may";
import { appealRef, caseRef } from "./rules";
import { RULING, type RulingRow, toFindingRef, toRulingViews } from "./ruling-row";
import type {
  AppealFilter,
  ListAppealsInput,
  ListCasesInput,
  ListRulingsInput,
  RulingFilter,
} from "./schema";
import type { AppealView, CaseView, RulingView } from "./views";

/** One ruling; `not_found` when there is none. */
export async function getRuling(ctx: Ctx, { id }: { id: string }): Promise<RulingView> {
  requirePermission(ctx, "telemetry:read");
  const row = await ctx.db.ruling.findUnique({ where: { id }, ...RULING });
  const [view] = row ? await toRulingViews(ctx.db, [row]) : [];
  if (!view) throw new SluiceError("not_found", "There is no such ruling.");
  return view;
}

/** Which rulings a filter lets through. */
export function whereRuling({ useCase, control, answer, basis }: RulingFilter): Prisma.RulingWhereInput {
  return {
    ...(useCase && { useCase: { slug: useCase } }),
    ...(control && { control }),
    ...(answer && { answer }),
    ...(basis && { basis }),
  };
}

/** Rulings, newest first, a page at a time. */
export async function listRulings(ctx: Ctx, input: ListRulingsInput): Promise<Page<RulingView>> {
  requirePermission(ctx, "telemetry:read");
  const before = decodeCursor(input.cursor, "string");
  const where = whereRuling(input);
  const [rows, total] = await Promise.all([
    readRulings(ctx.db, where, before, input.limit + 1),
    ctx.db.ruling.count({ where }),
  ]);
  const { items, nextCursor } = cutPage(rows, input.limit, ({ id }) => id);
  return { items: await toRulingViews(ctx.db, items), total, nextCursor };
}

/** Rulings before an id (UUIDv7, so by time), newest first. */
export function readRulings(
  db: Db,
  where: Prisma.RulingWhereInput,
  before: string | undefined,
  take: number,
): Promise<RulingRow[]> {
  const place = before === undefined ? {} : { id: { lt: uuidOf(before) } };
  return db.ruling.findMany({ where: { AND: [where, place] }, orderBy: { id: "desc" }, take, ...RULING });
}

function uuidOf(cursor: string): string {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(cursor)) return cursor;
  throw new SluiceError("invalid", "The cursor is not one of this list.", {
    fields: [{ path: "cursor", message: "is not one of this list" }],
  });
}

/** One appeal by id or reference; `not_found` when there is none. */
export async function getAppeal(ctx: Ctx, { id }: { id: string }): Promise<AppealView> {
  const viewer = requirePermission(ctx, "telemetry:read");
  return toAppealView(await getAppealRow(ctx.db, id), viewer);
}

/** Which appeals a filter lets through. */
export function whereAppeal({ useCase, control, status }: AppealFilter): Prisma.AppealWhereInput {
  return {
    ...(useCase && { useCase: { slug: useCase } }),
    ...(control && { control }),
    ...(status && { status }),
  };
}

/** Appeals, newest first, a page at a time. */
export async function listAppeals(ctx: Ctx, input: ListAppealsInput): Promise<Page<AppealView>> {
  const viewer = requirePermission(ctx, "telemetry:read");
  const before = decodeCursor(input.cursor, "number");
  const where = whereAppeal(input);
  const [rows, total] = await Promise.all([
    readAppeals(ctx.db, where, before, input.limit + 1),
    ctx.db.appeal.count({ where }),
  ]);
  const { items, nextCursor } = cutPage(rows, input.limit, ({ ref }) => ref);
  return { items: items.map((row) => toAppealView(row, viewer)), total, nextCursor };
}

/** Appeals with a lower number than `before`, newest first. */
export function readAppeals(
  db: Db,
  where: Prisma.AppealWhereInput,
  before: number | undefined,
  take: number,
): Promise<AppealRow[]> {
  const place = before === undefined ? {} : { ref: { lt: before } };
  return db.appeal.findMany({ where: { AND: [where, place] }, orderBy: { ref: "desc" }, take, ...APPEAL });
}

/** Open appeals that this person may answer, the oldest first. */
export async function listAppealsWaitingFor(db: Db, viewer: PersonActor): Promise<AppealRow[]> {
  if (!couldEver(viewer.roles, "finding:rule")) return [];
  const rows = await db.appeal.findMany({ where: { status: "open" }, orderBy: { ref: "asc" }, ...APPEAL });
  return rows.filter((row) => row.openedById !== viewer.id && whyNotRule(viewer, row.useCase) === null);
}

/** An appeal as this person sees it. */
export function toAppealView(row: AppealRow, viewer: PersonActor): AppealView {
  return {
    ...toFindingRef(row),
    id: row.id,
    ref: appealRef(row),
    reason: row.reason,
    status: row.status,
    openedBy: row.openedBy,
    openedAt: row.openedAt.toISOString(),
    closedBy: row.closedBy,
    closedAt: row.closedAt?.toISOString() ?? null,
    answer: row.answer,
    actions: appealActions(viewer, row),
  };
}

/** One kept case by id or reference, with whether it holds under the policy in force. */
export async function getCase(ctx: Ctx, { id }: { id: string }): Promise<CaseView> {
  const viewer = requirePermission(ctx, "telemetry:read");
  const row = await getCaseRow(ctx.db, id);
  return toCaseView(row, viewer, await checkedNow(ctx, [row]));
}

/** Kept cases, newest first, a page at a time, each with whether it holds under the policy in force. */
export async function listCases(ctx: Ctx, input: ListCasesInput): Promise<Page<CaseView>> {
  const viewer = requirePermission(ctx, "telemetry:read");
  const before = decodeCursor(input.cursor, "number");
  const where: Prisma.RegressionCaseWhereInput = {
    ...(input.useCase && { useCase: { slug: input.useCase } }),
    ...(input.control && { control: input.control }),
    ...(input.state && { retiredAt: input.state === "live" ? null : { not: null } }),
  };
  const [rows, total] = await Promise.all([
    ctx.db.regressionCase.findMany({
      where: { AND: [where, before === undefined ? {} : { ref: { lt: before } }] },
      orderBy: { ref: "desc" },
      take: input.limit + 1,
      ...CASE,
    }),
    ctx.db.regressionCase.count({ where }),
  ]);
  const { items, nextCursor } = cutPage(rows, input.limit, ({ ref }) => ref);
  const checked = await checkedNow(ctx, items);
  return { items: items.map((row) => toCaseView(row, viewer, checked)), total, nextCursor };
}

async function checkedNow(ctx: Ctx, rows: readonly CaseRow[]): Promise<Map<string, CheckedCase>> {
  const live = new Set(rows.flatMap((row) => (row.retiredAt === null ? row.useCaseId : [])));
  const checked = await Promise.all(
    [...live].map(async (useCaseId) => {
      const policy = await findPolicy(ctx.db, useCaseId);
      return policy ? checkCases(ctx.db, { useCaseId, document: policy.document, at: ctx.now }) : [];
    }),
  );
  return new Map(checked.flat().map((each) => [each.id, each]));
}

function toCaseView(row: CaseRow, viewer: PersonActor, checked: Map<string, CheckedCase>): CaseView {
  const check = checked.get(row.id);
  return {
    id: row.id,
    ref: caseRef(row),
    useCase: toUseCaseRef(row.useCase),
    name: row.name,
    control: row.control,
    expected: row.expected,
    facts: row.facts as unknown as Facts,
    factDigest: `sha256:${Buffer.from(row.fact).toString("hex")}`,
    decisionId: row.decisionId,
    decidedAt: row.decidedAt.toISOString(),
    keptBy: row.keptBy,
    keptAt: row.keptAt.toISOString(),
    retiredBy: row.retiredBy,
    retiredAt: row.retiredAt?.toISOString() ?? null,
    retireReason: row.retireReason,
    holds: check?.holds ?? null,
    problem: check?.problem ?? null,
    actions: row.retiredAt === null ? [toAction("retire", whyNotKeep(viewer, row.useCase))] : [],
  };
}
