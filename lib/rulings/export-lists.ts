import { stringify } from "csv-stringify/sync";
import { type Ctx, inTransaction, requirePermission } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { readAppeals, readRulings, toAppealView, whereAppeal, whereRuling } from "./queries";
import { toRulingViews } from "./ruling-row";
import type { AppealFilter, RulingFilter } from "./schema";
import type { AppealView, RulingView } from "./views";

type Columns<T> = readonly [name: string, cell: (row: T) => string | number | null][];

const RULINGS: Columns<RulingView> = [
  ["id", (row) => row.id],
  ["ruledAt", (row) => row.ruledAt],
  ["ruledBy", (row) => row.ruledBy.name],
  ["useCase", (row) => row.useCase.slug],
  ["decision", (row) => row.decisionId],
  ["decidedAt", (row) => row.decidedAt],
  ["control", (row) => row.control],
  ["level", (row) => row.level],
  ["effect", (row) => row.effect],
  ["answer", (row) => row.answer],
  ["basis", (row) => row.basis],
  ["number", (row) => row.number],
  ["current", (row) => String(row.current)],
  ["sampleRank", (row) => row.sample?.rank ?? null],
  ["sampleOf", (row) => row.sample?.of ?? null],
  ["fired", (row) => row.sample?.fired ?? null],
  ["appeal", (row) => row.appeal],
  ["note", (row) => row.note],
];

const APPEALS: Columns<AppealView> = [
  ["ref", (row) => row.ref],
  ["status", (row) => row.status],
  ["useCase", (row) => row.useCase.slug],
  ["decision", (row) => row.decisionId],
  ["decidedAt", (row) => row.decidedAt],
  ["control", (row) => row.control],
  ["level", (row) => row.level],
  ["effect", (row) => row.effect],
  ["reason", (row) => row.reason],
  ["openedBy", (row) => row.openedBy.name],
  ["openedAt", (row) => row.openedAt],
  ["closedBy", (row) => row.closedBy?.name ?? null],
  ["closedAt", (row) => row.closedAt],
  ["answer", (row) => row.answer],
];

const ROWS_AT_ONCE = 1000;

/**
 * Every ruling that the filter lets through as CSV (RFC 4180), newest first, a piece at a time. A cell that a
 * spreadsheet would take for a formula gets a leading apostrophe. The export stands in the audit log before the first
 * piece is handed out.
 */
export async function exportRulings(ctx: Ctx, filter: RulingFilter): Promise<AsyncGenerator<string>> {
  requirePermission(ctx, "telemetry:read");
  await recordExport(ctx, "rulings", filter, await ctx.db.ruling.count({ where: whereRuling(filter) }));
  return csvOf(RULINGS, walkRulings(ctx, filter));
}

/** The same of appeals. */
export async function exportAppeals(ctx: Ctx, filter: AppealFilter): Promise<AsyncGenerator<string>> {
  requirePermission(ctx, "telemetry:read");
  await recordExport(ctx, "appeals", filter, await ctx.db.appeal.count({ where: whereAppeal(filter) }));
  return csvOf(APPEALS, walkAppeals(ctx, filter));
}

function recordExport(ctx: Ctx, id: string, filter: RulingFilter | AppealFilter, n: number): Promise<number> {
  return inTransaction(ctx, (tx) =>
    recordEntry(tx, ctx, {
      action: "list.exported",
      subject: { kind: "list", id },
      ...(filter.useCase ? { useCase: filter.useCase } : {}),
      detail: { filter, n },
    }),
  );
}

async function* walkRulings(ctx: Ctx, filter: RulingFilter): AsyncGenerator<RulingView[]> {
  for (let before: string | undefined; ; ) {
    const rows = await readRulings(ctx.db, whereRuling(filter), before, ROWS_AT_ONCE);
    before = rows.at(-1)?.id;
    if (before === undefined) return;
    yield await toRulingViews(ctx.db, rows);
  }
}

async function* walkAppeals(ctx: Ctx, filter: AppealFilter): AsyncGenerator<AppealView[]> {
  const viewer = requirePermission(ctx, "telemetry:read");
  for (let before: number | undefined; ; ) {
    const rows = await readAppeals(ctx.db, whereAppeal(filter), before, ROWS_AT_ONCE);
    before = rows.at(-1)?.ref;
    if (before === undefined) return;
    yield rows.map((row) => toAppealView(row, viewer));
  }
}

async function* csvOf<T>(columns: Columns<T>, pages: AsyncIterable<T[]>): AsyncGenerator<string> {
  yield stringify([columns.map(([name]) => name)]);
  for await (const page of pages) {
    const records = page.map((row) => columns.map(([, cell]) => cell(row)));
    yield stringify(records, { escape_formulas: true });
  }
}
