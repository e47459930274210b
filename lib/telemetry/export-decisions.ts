import { stringify } from "csv-stringify/sync";
import { type Ctx, inTransaction, requirePermission } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { countDecisions } from "./count-decisions";
import { walkDecisions } from "./list-decisions";
import type { DecisionFilter } from "./schema";
import type { DecisionRow } from "./views";

const COLUMNS: readonly [name: string, cell: (row: DecisionRow) => string | number | null][] = [
  ["id", (row) => row.id],
  ["decidedAt", (row) => row.decidedAt],
  ["useCase", (row) => row.useCase.slug],
  ["kind", (row) => row.kind],
  ["outcome", (row) => row.outcome],
  ["wouldBe", (row) => row.wouldBe],
  ["action", (row) => row.action],
  ["workload", (row) => row.workload],
  ["model", (row) => row.model],
  ["tool", (row) => row.tool],
  ["dataClass", (row) => row.dataClass],
  ["destination", (row) => row.destination],
  ["findings", (row) => row.findings.map(({ control, effect }) => `${control}: ${effect}`).join("; ")],
  ["exceptions", (row) => row.findings.flatMap(({ exception }) => exception?.ref ?? []).join("; ")],
  ["sessionId", (row) => row.sessionId],
  ["policyVersion", (row) => row.policyVersion],
  ["late", (row) => String(row.late)],
  ["synthetic", (row) => row.synthetic.join("; ")],
];
const ROWS_AT_ONCE = 1000;

/**
 * The whole of a filtered list of decisions as CSV (RFC 4180), newest first, a piece at a time. A cell that a
 * spreadsheet would take for a formula gets a leading apostrophe. The export stands in the audit log before the first
 * piece is handed out.
 */
export async function exportDecisions(ctx: Ctx, filter: DecisionFilter): Promise<AsyncGenerator<string>> {
  requirePermission(ctx, "telemetry:read");
  const of = await countDecisions(ctx.db, filter);
  await inTransaction(ctx, (tx) =>
    recordEntry(tx, ctx, {
      action: "list.exported",
      subject: { kind: "list", id: "decisions" },
      ...(filter.useCase ? { useCase: filter.useCase } : {}),
      detail: { filter, n: of.n, exact: of.exact },
    }),
  );
  return csvOf(walkDecisions(ctx.db, filter, ROWS_AT_ONCE));
}

async function* csvOf(rows: AsyncIterable<DecisionRow>): AsyncGenerator<string> {
  let pending: (string | number | null)[][] = [COLUMNS.map(([name]) => name)];
  for await (const row of rows) {
    pending.push(COLUMNS.map(([, cell]) => cell(row)));
    if (pending.length >= ROWS_AT_ONCE) {
      yield stringify(pending, { escape_formulas: true });
      pending = [];
    }
  }
  if (pending.length > 0) yield stringify(pending, { escape_formulas: true });
}
