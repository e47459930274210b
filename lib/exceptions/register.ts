import { decodeCursor, encodeCursor } from "@/lib/db/keyset";
import type { Db, Prisma, Tx } from "@/lib/db/prisma";
import { SluiceError } from "@/lib/errors";
import { idSchema } from "@/lib/schema";
import { readLimits } from "./limits";
import { EXCEPTION, type ExceptionRow } from "./row";
import { isBroad } from "./rules";
import type { ExceptionFilter, ExceptionSort } from "./schema";
import { type Standing, standingOf, toSummary } from "./to-view";
import { NOT_USED, readUse, type Use } from "./use";
import type { ExceptionSummary } from "./views";

const DAY_MS = 86_400_000;

/** Where and when a list is read. */
export interface Reading {
  db: Db | Tx;
  now: Date;
}

/** What filters and sorts read of an exception: the register has thousands, its texts are not needed for that. */
const LIGHT = {
  id: true,
  ref: true,
  useCaseId: true,
  scope: true,
  status: true,
  startsAt: true,
  expiresAt: true,
  reviewAt: true,
  reviewedAt: true,
  endedAt: true,
  decidedAt: true,
  riskOwnerId: true,
  useCase: { select: { name: true } },
  riskOwner: { select: { name: true, deactivatedAt: true } },
  businessOwner: { select: { deactivatedAt: true } },
  root: { select: { startsAt: true, decidedAt: true } },
} as const satisfies Prisma.PolicyExceptionSelect;

type LightRow = Prisma.PolicyExceptionGetPayload<{ select: typeof LIGHT }>;

interface Line {
  row: LightRow;
  use: Use;
  standing: ReturnType<typeof standingOf>;
}

/**
 * The ids of all exceptions that a filter lets through, in its order. What time, use and owners make of an exception
 * is computed by the same functions that show it, so a filter never disagrees with the line it lets through.
 */
export async function filterIds(ctx: Reading, filter: ExceptionFilter): Promise<string[]> {
  const limits = await readLimits(ctx.db, ctx.now);
  const rows = await ctx.db.policyException.findMany({ where: stored(filter, ctx.now), select: LIGHT });
  const use = await readUse(ctx.db, rows);
  const lines = rows.map((row): Line => {
    const used = use.get(row.id) ?? NOT_USED;
    return { row, use: used, standing: standingOf(row as Standing, used, { now: ctx.now, limits }) };
  });
  return lines
    .filter((line) => passes(line, filter, ctx.now))
    .sort(byOrder(filter.sort ?? "-ref"))
    .map(({ row }) => row.id);
}

/** The part of the filter that the database answers. */
function stored(filter: ExceptionFilter, now: Date): Prisma.PolicyExceptionWhereInput {
  const and: Prisma.PolicyExceptionWhereInput[] = [];
  if (filter.useCase) and.push({ useCase: { slug: filter.useCase } });
  if (filter.tier) and.push({ useCase: { tier: filter.tier } });
  if (filter.waitingDays !== undefined) {
    const before = new Date(now.getTime() - filter.waitingDays * DAY_MS);
    and.push({ status: "submitted", submittedAt: { lt: before } });
  }
  if (filter.decidedSince) {
    and.push({ decidedAt: { gte: new Date(filter.decidedSince) }, submittedAt: { not: null } });
  }
  if (filter.owner) and.push({ OR: [{ riskOwnerId: filter.owner }, { businessOwnerId: filter.owner }] });
  if (filter.q) {
    const contains = { contains: filter.q, mode: "insensitive" } as const;
    const ref = /^(?:exc-)?([1-9]\d{0,8})$/i.exec(filter.q)?.[1];
    and.push({
      OR: [
        { justification: contains },
        { useCase: { name: contains } },
        { controls: { has: filter.q } },
        ...(ref ? [{ ref: Number(ref) }] : []),
      ],
    });
  }
  return { AND: and };
}

function passes({ row, standing }: Line, filter: ExceptionFilter, now: Date): boolean {
  const { state } = standing;
  const isFlag = (asked: "true" | "false" | undefined, value: boolean) =>
    asked === undefined || (asked === "true") === value;
  const until = now.getTime() + (filter.expiresWithinDays ?? 0) * DAY_MS;
  const endsSoon = row.status === "approved" && row.expiresAt > now && row.expiresAt.getTime() <= until;
  return (
    (filter.state === undefined || (filter.state === "approved" ? row.status : state) === filter.state) &&
    (filter.expiresWithinDays === undefined || endsSoon) &&
    (filter.minAgeDays === undefined || (standing.ageDays ?? -1) >= filter.minAgeDays) &&
    (filter.underAgeDays === undefined || (standing.ageDays ?? Infinity) < filter.underAgeDays) &&
    isFlag(filter.overdue, standing.overdue) &&
    isFlag(filter.unused, standing.unused) &&
    isFlag(filter.reassign, standing.reassign) &&
    isFlag(filter.broad, isBroad(row.scope as object))
  );
}

type Key = (line: Line) => number | string;

const KEYS: Record<string, Key> = {
  ref: ({ row }) => row.ref,
  expires: ({ row }) => row.expiresAt.getTime(),
  review: ({ row }) => row.reviewAt.getTime(),
  age: ({ standing }) => standing.ageDays ?? -1,
  used: ({ use }) => use.n,
  "last-used": ({ use }) => use.lastUsedAt?.getTime() ?? 0,
  "use-case": ({ row }) => row.useCase.name.toLowerCase(),
  owner: ({ row }) => row.riskOwner.name.toLowerCase(),
};

/** By the key, then the newest first. */
function byOrder(sort: ExceptionSort): (a: Line, b: Line) => number {
  const sign = sort.startsWith("-") ? -1 : 1;
  const key = KEYS[sort.replace(/^-/, "")] ?? (({ row }: Line) => row.ref);
  return (a, b) => {
    const [left, right] = [key(a), key(b)];
    return left === right ? b.row.ref - a.row.ref : left < right ? -sign : sign;
  };
}

/** A page of ids after a cursor; one that is no longer in the list begins anew. */
export function pageOf(
  ids: readonly string[],
  { cursor, limit }: { cursor?: string | undefined; limit: number },
) {
  const after = decodeCursor(cursor, "string");
  if (after !== undefined && !idSchema.safeParse(after).success) {
    throw new SluiceError("invalid", "The cursor is not one of this list.", {
      fields: [{ path: "cursor", message: "is not one of this list" }],
    });
  }
  const start = after === undefined ? 0 : ids.indexOf(after) + 1;
  const page = ids.slice(start, start + limit);
  const last = page.at(-1);
  return { page, nextCursor: start + limit < ids.length && last ? encodeCursor(last) : null };
}

/** The lines of these exceptions, in this order. */
export async function readLines(ctx: Reading, ids: readonly string[]): Promise<ExceptionSummary[]> {
  return (await readRows(ctx, ids)).map(({ summary }) => summary);
}

/** The same with all that is stored of each. */
export async function readRows(
  ctx: Reading,
  ids: readonly string[],
): Promise<{ row: ExceptionRow; summary: ExceptionSummary }[]> {
  const limits = await readLimits(ctx.db, ctx.now);
  const rows = await ctx.db.policyException.findMany({ where: { id: { in: [...ids] } }, ...EXCEPTION });
  const use = await readUse(ctx.db, rows);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => {
    const row = byId.get(id);
    if (!row) return [];
    return [{ row, summary: toSummary(row, use.get(id) ?? NOT_USED, { now: ctx.now, limits }) }];
  });
}
