import { stringify } from "csv-stringify/sync";
import { type Ctx, inTransaction } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { findDrift } from "./queries";
import type { DriftFilter } from "./schema";
import type { DriftRow } from "./views";

const COLUMNS: readonly [name: string, cell: (row: DriftRow) => string | number | null][] = [
  ["useCase", (row) => row.useCase.slug],
  ["dimension", (row) => row.dimension],
  ["value", (row) => row.value],
  ["state", (row) => row.state],
  ["decisions", (row) => row.n],
  ["covered", (row) => row.covered],
  ["exceptions", (row) => row.exceptions.map(({ ref }) => ref).join("; ")],
  ["firstSeenAt", (row) => row.firstSeenAt],
  ["lastSeenHour", (row) => row.lastSeenAt],
  ["workloads", (row) => row.workloads.map(({ slug }) => slug).join("; ")],
  ["controls", (row) => row.controls.map(({ id }) => id).join("; ")],
  ["incident", (row) => row.incident?.ref ?? null],
];

/**
 * The whole filter as CSV (RFC 4180), most decisions first. A cell that a spreadsheet would take for a formula gets a
 * leading apostrophe. The export stands in the audit log.
 */
export async function exportDrift(ctx: Ctx, filter: DriftFilter): Promise<string> {
  const { rows } = await findDrift(ctx, filter);
  const inState = rows.filter(({ state }) => state === filter.state);
  await inTransaction(ctx, (tx) =>
    recordEntry(tx, ctx, {
      action: "list.exported",
      subject: { kind: "list", id: "drift" },
      ...(filter.useCase ? { useCase: filter.useCase } : {}),
      detail: { filter, n: inState.length },
    }),
  );
  const cells = inState.map((row) => COLUMNS.map(([, cell]) => cell(row)));
  return stringify([COLUMNS.map(([name]) => name), ...cells], { escape_formulas: true });
}
