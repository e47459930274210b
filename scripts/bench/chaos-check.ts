import pg from "pg";
import type { PolicyDocument } from "@/lib/policy/document";
import type { Tally } from "./chaos-client";
import { variantOf } from "./chaos-questions";
import type { Windows } from "./chaos-windows";

/** In milliseconds: how long an applied version may take until it is in force on every decision point. */
const IN_FORCE_MS = 1_000;

export interface Stored {
  rows: number;
  late: number;
  /** Acknowledged and not there. */
  lost: number;
  /** Ids that stand in more than one row. */
  duplicates: number;
  /** Stored with another outcome, or by another version, than was answered. */
  differing: number;
  /** Made, and never acknowledged: their answer was lost with a connection, and the question was asked again. */
  unheard: number;
  hours: number;
  batched: number;
  gaps: { n: number; late: number; refused: number };
  versions: Version[];
  /** Entries of the audit log that say that a change was applied. */
  applied: number;
}

interface Version {
  number: number;
  document: PolicyDocument;
  /** Milliseconds since the epoch. */
  from: number;
}

/** What the database holds at the end, beside what was acknowledged. */
export async function readStored(url: string, { acknowledged }: Tally): Promise<Stored> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const query = async <T extends pg.QueryResultRow>(text: string) => (await client.query<T>(text)).rows;
  try {
    type Row = { id: string; outcome: string; version: number; late: boolean };
    const rows = await query<Row>(
      "SELECT id::text AS id, outcome, policy_version AS version, late FROM decision",
    );
    const byId = new Map(rows.map((row) => [row.id, row]));
    const [sums] = await query<{ hours: number; batched: number; applied: number }>(
      `SELECT (SELECT sum(n)::int FROM series_hour) AS hours, (SELECT sum(n)::int FROM decision_batch) AS batched,
        (SELECT count(*)::int FROM audit_entry WHERE action = 'change.applied') AS applied`,
    );
    const [gaps] = await query<Stored["gaps"]>(
      "SELECT count(*)::int AS n, coalesce(sum(late), 0)::int AS late, coalesce(sum(refused), 0)::int AS refused FROM ingest_gap",
    );
    const versions = await query<Version>(
      `SELECT number, document, (extract(epoch FROM effective_from) * 1000)::float8 AS "from"
        FROM policy_version ORDER BY number`,
    );
    return {
      rows: rows.length,
      late: rows.filter(({ late }) => late).length,
      lost: [...acknowledged.keys()].filter((id) => !byId.has(id)).length,
      duplicates: rows.length - byId.size,
      differing: [...acknowledged].filter(([id, { outcome, version }]) => {
        const row = byId.get(id);
        return row && (row.outcome !== outcome || row.version !== version);
      }).length,
      unheard: [...byId.keys()].filter((id) => !acknowledged.has(id)).length,
      hours: sums?.hours ?? 0,
      batched: sums?.batched ?? 0,
      gaps: gaps ?? { n: 0, late: 0, refused: 0 },
      versions,
      applied: sums?.applied ?? 0,
    };
  } finally {
    await client.end();
  }
}

export interface Judged {
  /** Answered otherwise than the policy says that is named in the answer. */
  wrong: number;
  /** By a version before it was in force, or by none that there is. */
  early: number;
  /** By a version that had been replaced for over a second, while the database was there. */
  outdated: number;
  /** The longest (ms) that a version answered after the next was known to be applied, the database being there. */
  longestMs: number;
}

/**
 * Holds each answer against the policy in force when it was decided. A decision's time is in its id (UUIDv7). A point
 * cannot hear of a version while the database is away: the second then counts from its return.
 */
export function judge(
  { acknowledged }: Tally,
  versions: readonly Version[],
  appliedAt: ReadonlyMap<number, number>,
  absences: Windows,
): Judged {
  const judged: Judged = { wrong: 0, early: 0, outdated: 0, longestMs: 0 };
  const byNumber = new Map(
    versions.map(({ number, from, document }) => {
      const replacedAt = appliedAt.get(number + 1) ?? Number.POSITIVE_INFINITY;
      const due = absences.after(replacedAt, IN_FORCE_MS);
      return [number, { from, due, variant: variantOf(document) }];
    }),
  );
  for (const [id, { question, outcome, version }] of acknowledged) {
    const decidedAt = Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16);
    const policy = byNumber.get(version);
    if (policy === undefined || decidedAt < policy.from) judged.early += 1;
    if (policy === undefined) continue;
    if (outcome !== question.outcome[policy.variant]) judged.wrong += 1;
    if (decidedAt > policy.due) judged.outdated += 1;
    judged.longestMs = Math.max(judged.longestMs, decidedAt - policy.due + IN_FORCE_MS);
  }
  return judged;
}
