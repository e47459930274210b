import { canonicalJson } from "@/lib/policy/canonical";

/** A row as it stands in a JSONL file. */
export type Row = Record<string, unknown>;
type Column = readonly [name: string, cell: (row: Row) => unknown];
/** Writes records to CSV text; csv-stringify's `stringify`, for Node or for browsers. */
export type Stringify = (records: string[][], options: { escape_formulas: boolean }) => string;

const plain = (name: string): Column => [name, (row) => row[name]];
const inside = (name: string, outer: string, inner: string): Column => [
  name,
  (row) => (row[outer] as Row | null | undefined)?.[inner],
];

function findings(row: Row): string {
  const list = Array.isArray(row["findings"]) ? (row["findings"] as Row[]) : [];
  return list.map((finding) => `${String(finding["control"])}: ${String(finding["effect"])}`).join("; ");
}

function approvals(row: Row): string {
  const list = Array.isArray(row["approvals"]) ? (row["approvals"] as Row[]) : [];
  const who = (approval: Row) => String((approval["person"] as Row | undefined)?.["name"]);
  const seat = (approval: Row) => (approval["seat"] ? ` as ${String(approval["seat"])}` : "");
  return list
    .map((one) => `${String(one["verdict"])} by ${who(one)}${seat(one)} at ${String(one["at"])}`)
    .join("; ");
}

/** The columns of each CSV file, as functions of the JSONL row: the one file can be recomputed from the other. */
export const TABLES = {
  decisions: [
    ...["id", "decidedAt", "useCase", "kind", "outcome", "wouldBe"].map(plain),
    ["findings", findings],
    ...["policyVersion", "policyDigest", "fact", "sessionId", "traceId", "actorHash"].map(plain),
    ...["contentDigest", "excerpt", "late", "synthetic", "batchId", "batchIndex"].map(plain),
  ],
  changes: [
    ...["ref", "useCase", "subject", "direction", "status"].map(plain),
    inside("requestedBy", "requestedBy", "name"),
    ...["createdAt", "submittedAt", "closedAt", "appliedAt", "baseVersion", "appliedVersion"].map(plain),
    ...["justification", "proposalDigest", "evidenceDigest"].map(plain),
    ["approvals", approvals],
  ],
  exceptions: [
    ...["ref", "useCase", "status", "category", "controls", "scope"].map(plain),
    inside("riskOwner", "riskOwner", "name"),
    inside("businessOwner", "businessOwner", "name"),
    inside("requestedBy", "requestedBy", "name"),
    ...["startsAt", "expiresAt", "reviewAt", "reviewedAt", "endedAt", "endedReason"].map(plain),
    ...["justification", "compensatingControls", "termsDigest"].map(plain),
    ["approvals", approvals],
  ],
  audit: [
    ...["number", "at", "action"].map(plain),
    inside("actorKind", "actor", "kind"),
    inside("actor", "actor", "name"),
    inside("subjectKind", "subject", "kind"),
    inside("subject", "subject", "id"),
    inside("subjectRef", "subject", "ref"),
    ...["useCase", "reason", "detail"].map(plain),
  ],
} as const satisfies Record<string, readonly Column[]>;
export type Table = keyof typeof TABLES;

function cellText(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? canonicalJson(value) : String(value);
}

/**
 * Rows as CSV (RFC 4180, lines end with LF). A cell that a spreadsheet would take for a formula (it begins with
 * = + - @, a tab or a carriage return, also in full width) gets a leading apostrophe.
 */
export function csvText(stringify: Stringify, table: Table, rows: readonly Row[]): string {
  const columns: readonly Column[] = TABLES[table];
  const records = rows.map((row) => columns.map(([, cell]) => cellText(cell(row))));
  return stringify(records, { escape_formulas: true });
}

/** The first line of a table's CSV. */
export function csvHeader(stringify: Stringify, table: Table): string {
  return stringify([TABLES[table].map(([name]) => name)], { escape_formulas: true });
}
