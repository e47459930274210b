import { stringify } from "csv-stringify/sync";
import { type Ctx, inTransaction, requirePermission } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { filterIds, readRows } from "./register";
import type { ExceptionRow } from "./row";
import type { ExceptionFilter } from "./schema";
import type { ExceptionSummary } from "./views";

type Cell = string | number | null;

const COLUMNS: readonly [name: string, cell: (one: ExceptionSummary, row: ExceptionRow) => Cell][] = [
  ["ref", (one) => one.ref],
  ["state", (one) => one.state],
  ["useCase", (one) => one.useCase.slug],
  ["tier", (one) => one.useCase.tier],
  ["category", (one) => one.category],
  ["controls", (one) => one.controls.map(({ id }) => id).join("; ")],
  ...(
    ["workloads", "models", "tools", "dataClasses", "destinations", "purposes", "environments"] as const
  ).map(
    (name) =>
      [name, (one: ExceptionSummary) => (one.scope[name] ?? []).join("; ")] satisfies [
        string,
        (one: ExceptionSummary) => Cell,
      ],
  ),
  ["broad", (one) => String(one.broad)],
  ["riskOwner", (one) => one.riskOwner.name],
  ["businessOwner", (one) => one.businessOwner.name],
  ["requestedBy", (one) => one.requestedBy.name],
  ["decidedBy", (_, row) => row.decidedBy?.name ?? null],
  ["decidedAt", (_, row) => row.decidedAt?.toISOString() ?? null],
  ["startsAt", (one) => one.startsAt],
  ["expiresAt", (one) => one.expiresAt],
  ["reviewAt", (one) => one.reviewAt],
  ["reviewedAt", (one) => one.reviewedAt],
  ["suspendedSince", (one) => one.suspendedSince],
  ["endedAt", (_, row) => row.endedAt?.toISOString() ?? null],
  ["renews", (one) => one.renews],
  ["ageDays", (one) => one.ageDays],
  ["spared", (one) => one.used],
  ["lastUsedAt", (one) => one.lastUsedAt],
  ["overdue", (one) => String(one.overdue)],
  ["unused", (one) => String(one.unused)],
  ["reassign", (one) => String(one.reassign)],
  ["justification", (_, row) => row.justification],
  ["compensatingControls", (_, row) => row.compensatingControls],
];
const ROWS_AT_ONCE = 200;

/**
 * Every exception that the filter lets through as CSV (RFC 4180), in the register's order, a piece at a time. A cell
 * that a spreadsheet would take for a formula gets a leading apostrophe. The export stands in the audit log before the
 * first piece is handed out.
 */
export async function exportExceptions(ctx: Ctx, filter: ExceptionFilter): Promise<AsyncGenerator<string>> {
  requirePermission(ctx, "use-case:read");
  const ids = await filterIds(ctx, filter);
  await inTransaction(ctx, (tx) =>
    recordEntry(tx, ctx, {
      action: "list.exported",
      subject: { kind: "list", id: "exceptions" },
      ...(filter.useCase ? { useCase: filter.useCase } : {}),
      detail: { filter, n: ids.length },
    }),
  );
  return csvOf(ctx, ids);
}

async function* csvOf(ctx: Ctx, ids: readonly string[]): AsyncGenerator<string> {
  yield stringify([COLUMNS.map(([name]) => name)]);
  for (let start = 0; start < ids.length; start += ROWS_AT_ONCE) {
    const rows = await readRows(ctx, ids.slice(start, start + ROWS_AT_ONCE));
    const records = rows.map(({ row, summary }) => COLUMNS.map(([, cell]) => cell(summary, row)));
    yield stringify(records, { escape_formulas: true });
  }
}
