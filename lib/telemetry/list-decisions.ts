import { type Ctx, requirePermission } from "@/lib/access/context";
import type { Db } from "@/lib/db/prisma";
import { countDecisions } from "./count-decisions";
import { filterSql, fromCursor, type Place, stretchSql, toCursor } from "./decision-filter";
import { DECISION_COLUMNS, DECISION_TABLES, type StoredDecision, toDecisionRow } from "./decision-row";
import { DAY_MS } from "./rules";
import type { DecisionFilter, DecisionListInput } from "./schema";
import type { DecisionListView, DecisionRow } from "./views";

/** A page of the explorer, newest first, with the number of all that the filter admits. */
export async function listDecisions(ctx: Ctx, input: DecisionListInput): Promise<DecisionListView> {
  requirePermission(ctx, "telemetry:read");
  const { cursor, limit = 50, ...filter } = input;
  const after = cursor === undefined ? null : fromCursor(cursor);
  const [page, of] = await Promise.all([
    readPage(ctx.db, filter, after, limit + 1),
    countDecisions(ctx.db, filter),
  ]);
  const items = page.slice(0, limit);
  const last = items.at(-1);
  return {
    items,
    nextCursor:
      page.length > limit && last ? toCursor({ decidedAt: new Date(last.decidedAt), id: last.id }) : null,
    of,
  };
}

/** All that the filter admits, newest first, read a page at a time. */
export async function* walkDecisions(
  db: Db,
  filter: DecisionFilter,
  pageSize = 1000,
): AsyncGenerator<DecisionRow> {
  let after: Place | null = null;
  while (true) {
    const page: DecisionRow[] = await readPage(db, filter, after, pageSize);
    yield* page;
    const last = page.at(-1);
    if (page.length < pageSize || !last) return;
    after = { decidedAt: new Date(last.decidedAt), id: last.id };
  }
}

/**
 * A page is looked for in the newest part of the window first, then ever further back: most pages are found in the
 * newest partitions, and planning a query over ninety of them costs more than running it over one.
 */
const REACH_DAYS = [1, 14, Number.POSITIVE_INFINITY];

async function readPage(
  db: Db,
  filter: DecisionFilter,
  after: Place | null,
  limit: number,
): Promise<DecisionRow[]> {
  const fits = await filterSql(db, filter);
  const found: DecisionRow[] = [];
  const newest = after?.decidedAt ?? filter.to;
  let to = filter.to;
  for (const days of fits ? REACH_DAYS : []) {
    const from = new Date(Math.max(filter.from.getTime(), newest.getTime() - days * DAY_MS));
    if (from >= to || found.length >= limit) break;
    const rows = await db.$queryRaw<StoredDecision[]>`
      SELECT ${DECISION_COLUMNS} FROM ${DECISION_TABLES}
      WHERE ${stretchSql({ from, to }, after)} AND ${fits}
      ORDER BY d."decided_at" DESC, d."id" DESC LIMIT ${limit - found.length}`;
    found.push(...rows.map(toDecisionRow));
    to = from;
  }
  return found;
}
