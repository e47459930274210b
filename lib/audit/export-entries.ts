import { stringify } from "csv-stringify/sync";
import { type Ctx, inTransaction, requirePermission } from "@/lib/access/context";
import { canonicalJson } from "@/lib/policy/canonical";
import { filterOf, toView } from "./queries";
import { recordEntry } from "./record";
import type { EntryFilter } from "./schema";
import type { AuditEntryView } from "./views";

const COLUMNS: readonly [name: string, cell: (entry: AuditEntryView) => string | number | null][] = [
  ["number", (entry) => entry.number],
  ["at", (entry) => entry.at],
  ["action", (entry) => entry.action],
  ["actorKind", (entry) => entry.actor.kind],
  ["actorId", (entry) => entry.actor.id],
  ["actor", (entry) => entry.actor.name],
  ["subjectKind", (entry) => entry.subject.kind],
  ["subjectId", (entry) => entry.subject.id],
  ["subjectRef", (entry) => entry.subject.ref],
  ["useCase", (entry) => entry.useCase],
  ["reason", (entry) => entry.reason],
  ["detail", (entry) => canonicalJson(entry.detail)],
  ["leafHash", (entry) => entry.leafHash],
];
const ROWS_AT_ONCE = 1000;

/**
 * Every audit entry that the filter lets through as CSV (RFC 4180), newest first, a piece at a time. A cell that a
 * spreadsheet would take for a formula gets a leading apostrophe. The export is itself recorded before the first
 * piece is handed out, and is not part of what it exports.
 */
export async function exportEntries(ctx: Ctx, filter: EntryFilter): Promise<AsyncGenerator<string>> {
  requirePermission(ctx, "audit:read");
  const n = await ctx.db.auditEntry.count({ where: filterOf(filter) });
  const own = await inTransaction(ctx, (tx) =>
    recordEntry(tx, ctx, {
      action: "list.exported",
      subject: { kind: "list", id: "audit" },
      ...(filter.useCase ? { useCase: filter.useCase } : {}),
      detail: { filter, n },
    }),
  );
  return csvOf(walk(ctx, filter, own));
}

/** Entries with a number below `before`, newest first. */
async function* walk(ctx: Ctx, filter: EntryFilter, before: number): AsyncGenerator<AuditEntryView[]> {
  for (let next = BigInt(before); ; ) {
    const rows = await ctx.db.auditEntry.findMany({
      where: { AND: [filterOf(filter), { number: { lt: next } }] },
      orderBy: { number: "desc" },
      take: ROWS_AT_ONCE,
    });
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows.map(toView);
    next = last.number;
  }
}

async function* csvOf(pages: AsyncIterable<AuditEntryView[]>): AsyncGenerator<string> {
  yield stringify([COLUMNS.map(([name]) => name)]);
  for await (const page of pages) {
    const records = page.map((entry) => COLUMNS.map(([, cell]) => cell(entry)));
    yield stringify(records, { escape_formulas: true });
  }
}
