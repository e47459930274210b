import type { Pool, PoolClient } from "pg";
import { ensurePartitions, type Item, type Known, write } from "./commit";
import { isRefused } from "./database-error";
import { claimKeys, claimName } from "./idempotency";
import type { Outage, SpoolRecord } from "./spool-segment";
import { withConnection } from "./with-connection";

const NOTE_MS = 5_000;

/** A decision of the spool, with when it was acknowledged and in which absence of the database. */
export interface LateItem extends Item {
  at: Date;
  outage: Outage;
}

/** What became of decisions of the spool. */
export interface Ingested {
  /** Written now. */
  written: number;
  /** There already: their commit had reached the database before it went away, or an earlier ingestion had. */
  present: number;
  /** Written, although their key belongs to another decision that was made elsewhere meanwhile. */
  conflicts: number;
  /** Refused by the database for what they hold. */
  setAside: number;
}

export interface IngestOptions {
  decisionPoint: string;
  known: Known;
  timeoutMs: number;
  /** Takes what the database refuses, with the reason (SQLSTATE). */
  setAside: (item: Item, reason: string) => Promise<void>;
}

/** The items of records, in order. */
export function lateItems(records: readonly SpoolRecord[]): LateItem[] {
  return records.flatMap(({ at, outage, items }) => items.map((item) => ({ ...item, at, outage })));
}

/**
 * Brings decisions of the spool into the database, each exactly once however often it is asked: ids that are there
 * are left out, with all that is counted of them, in the transaction that writes the rest. A commit of before that is
 * still under way is waited for by the primary key. Throws when the database is away; then nothing is lost by asking again.
 */
export async function ingest(
  pool: Pool,
  items: readonly LateItem[],
  options: IngestOptions,
): Promise<Ingested> {
  try {
    return await ingestTogether(pool, items, options);
  } catch (error) {
    if (!isRefused(error)) throw error;
    options.known.forget();
  }
  return ingestApart(pool, items, options);
}

/** One does not fail for its neighbours. */
async function ingestApart(pool: Pool, items: readonly LateItem[], options: IngestOptions) {
  const sum: Ingested = { written: 0, present: 0, conflicts: 0, setAside: 0 };
  for (const item of items) {
    try {
      const one = await ingestTogether(pool, [item], options);
      sum.written += one.written;
      sum.present += one.present;
      sum.conflicts += one.conflicts;
    } catch (error) {
      if (!isRefused(error)) throw error;
      const { decision, claim } = item;
      await options.setAside({ decision, claim }, String((error as { code?: unknown }).code));
      sum.setAside += 1;
    }
  }
  return sum;
}

function ingestTogether(pool: Pool, items: readonly LateItem[], options: IngestOptions): Promise<Ingested> {
  return withConnection(pool, options.timeoutMs, async (client) => {
    await ensurePartitions(client, items, options.known);
    await client.query("BEGIN");
    try {
      const there = await presentIds(client, items);
      const fresh = items.filter(({ decision }) => !there.has(decision.id));
      const shard = `${options.decisionPoint}/late`;
      const remember = await write(client, fresh, { known: options.known, shard, toldAt: ({ at }) => at });
      const conflicts = await claimLate(client, fresh);
      await noteGaps(client, fresh, options.decisionPoint);
      await client.query("COMMIT");
      remember();
      return { written: fresh.length, present: items.length - fresh.length, conflicts, setAside: 0 };
    } catch (error) {
      await client.query("ROLLBACK").catch(() => {});
      throw error;
    }
  });
}

async function presentIds(client: PoolClient, items: readonly LateItem[]): Promise<Set<string>> {
  const times = items.map(({ decision }) => decision.decidedAt.getTime());
  const { rows } = await client.query<{ id: string }>(
    `SELECT d.id FROM unnest($1::uuid[], $2::timestamptz[], $3::uuid[]) AS x(u, t, i)
     JOIN decision d ON d.use_case_id = x.u AND d.decided_at = x.t AND d.id = x.i
     WHERE d.decided_at BETWEEN $4 AND $5`,
    [
      items.map(({ decision }) => decision.useCaseId),
      items.map(({ decision }) => decision.decidedAt),
      items.map(({ decision }) => decision.id),
      new Date(Math.min(...times)),
      new Date(Math.max(...times)),
    ],
  );
  return new Set(rows.map(({ id }) => id));
}

/** A key that was taken elsewhere meanwhile stays with its first answer; the decision was given, so it is kept. */
async function claimLate(client: PoolClient, items: readonly LateItem[]): Promise<number> {
  const claims = items.flatMap(({ claim, at }) => (claim === null ? [] : [{ ...claim, at }]));
  if (claims.length === 0) return 0;
  const free = await claimKeys(client, claims);
  return claims.filter((claim) => !free.delete(claimName(claim))).length;
}

async function noteGaps(client: PoolClient, items: readonly LateItem[], decisionPoint: string) {
  for (const [id, late] of Map.groupBy(items, ({ outage }) => outage.id)) {
    const instants = late.map(({ at }) => at.getTime());
    const from = Math.min(late[0]?.outage.since.getTime() ?? Number.POSITIVE_INFINITY, ...instants);
    const gap = { id, decisionPoint, from: new Date(from), to: new Date(Math.max(...instants)) };
    await noteGap(client, { ...gap, late: late.length, refused: 0 });
    await client.query(
      `INSERT INTO decision_point_hour (hour, name)
       SELECT DISTINCT date_trunc('hour', t, 'UTC'), $2 FROM unnest($1::timestamptz[]) AS t ON CONFLICT DO NOTHING`,
      [late.map(({ at }) => at), decisionPoint],
    );
  }
}

/** Notes how many decisions could be written nowhere while the database was away. */
export function noteRefused(
  pool: Pool,
  decisionPoint: string,
  { id, since }: Outage,
  { now, refused }: { now: Date; refused: number },
): Promise<void> {
  const gap = { id, decisionPoint, from: since, to: now < since ? since : now, late: 0, refused };
  return withConnection(pool, NOTE_MS, (client) => noteGap(client, gap));
}

/** An absence of the database, or what is to be added to one that was noted before. */
interface Gap {
  id: string;
  decisionPoint: string;
  from: Date;
  to: Date;
  late: number;
  refused: number;
}

/** Adds to `ingest_gap`, in the caller's transaction. */
async function noteGap(client: PoolClient, gap: Gap): Promise<void> {
  await client.query(
    `INSERT INTO ingest_gap AS g (id, decision_point, from_at, to_at, late, refused) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (id) DO UPDATE SET from_at = least(g.from_at, excluded.from_at),
       to_at = greatest(g.to_at, excluded.to_at), late = g.late + excluded.late, refused = g.refused + excluded.refused`,
    [gap.id, gap.decisionPoint, gap.from, gap.to, gap.late, gap.refused],
  );
}
