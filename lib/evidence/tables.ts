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
  rulings: [
    ...["useCase", "control", "level", "effect", "decision", "decidedAt", "number", "answer", "basis"].map(
      plain,
    ),
    inside("ruledBy", "ruledBy", "name"),
    ...["ruledAt", "note", "appeal", "id"].map(plain),
  ],
  appeals: [
    ...["ref", "useCase", "status", "control", "level", "effect", "decision", "decidedAt"].map(plain),
    inside("openedBy", "openedBy", "name"),
    ...["openedAt", "reason"].map(plain),
    inside("closedBy", "closedBy", "name"),
    ...["closedAt", "answer"].map(plain),
  ],
  incidents: [
    ...["ref", "useCase", "status", "dimension", "value", "decisions", "firstSeenAt", "lastSeenAt"].map(
      plain,
    ),
    plain("workloads"),
    inside("markedBy", "markedBy", "name"),
    ...["markedAt", "note"].map(plain),
    inside("closedBy", "closedBy", "name"),
    ...["closedAt", "closingNote"].map(plain),
  ],
  "held-requests": [
    ...["ref", "useCase", "workload", "controls", "asked", "createdAt", "expiresAt", "verdict"].map(plain),
    inside("decidedBy", "decidedBy", "name"),
    ...["decidedAt", "reason", "usedAt", "decision", "usedDecision", "requestDigest", "synthetic"].map(plain),
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

function review(row: Row): string {
  const one = row["review"] as Row | null | undefined;
  const by = (one?.["person"] as Row | null | undefined)?.["name"];
  return one ? `${String(one["verdict"])}${by ? ` by ${String(by)}` : ""} at ${String(one["at"])}` : "";
}

function acceptances(row: Row): string {
  const list = Array.isArray(row["acceptances"]) ? (row["acceptances"] as Row[]) : [];
  const who = (one: Row) => String((one["person"] as Row | undefined)?.["name"]);
  return list.map((one) => `${String(one["condition"])} by ${who(one)}: ${String(one["reason"])}`).join("; ");
}

function reassignments(row: Row): string {
  const list = Array.isArray(row["reassignments"]) ? (row["reassignments"] as Row[]) : [];
  const name = (one: Row, side: string) => String((one[side] as Row | undefined)?.["name"]);
  return list
    .map((one) => `${String(one["owner"])} from ${name(one, "from")} to ${name(one, "to")}`)
    .join("; ");
}

/** Columns that the first format did not have, behind the others. */
const ADDED: Partial<Record<Table, readonly Column[]>> = {
  changes: [
    ...["subjectKey", "emergency"].map(plain),
    inside("brokeGlassBy", "brokeGlassBy", "name"),
    ["reviewDueAt", (row) => row["reviewDueAt"]],
    ["review", review],
    ...["reverts", "scheduledFor"].map(plain),
    inside("scheduledBy", "scheduledBy", "name"),
    plain("suspendedBecause"),
    ["acceptances", acceptances],
  ],
  exceptions: [...["renews", "root"].map(plain), ["reassignments", reassignments]],
};

function columnsOf(table: Table, first: boolean): readonly Column[] {
  return first ? TABLES[table] : [...TABLES[table], ...(ADDED[table] ?? [])];
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? canonicalJson(value) : String(value);
}

/**
 * Rows as CSV (RFC 4180, lines end with LF). A cell that a spreadsheet would take for a formula (it begins with
 * = + - @, a tab or a carriage return, also in full width) gets a leading apostrophe. `first`: as the first format had it.
 */
export function csvText(stringify: Stringify, table: Table, rows: readonly Row[], first = false): string {
  const columns = columnsOf(table, first);
  const records = rows.map((row) => columns.map(([, cell]) => cellText(cell(row))));
  return stringify(records, { escape_formulas: true });
}

/** The first line of a table's CSV. */
export function csvHeader(stringify: Stringify, table: Table, first = false): string {
  return stringify([columnsOf(table, first).map(([name]) => name)], { escape_formulas: true });
}
