import type { ClientBase } from "pg";
import { rootOf } from "@/lib/audit/tree";
import { plainArray, textArray } from "./array-literal";
import { type Decision, decisionLeaf } from "./decision";
import { decisionIdAt } from "./decision-id";
import type { LiveHour } from "./live-hour";
import { sparedBy, type TallyRow, tallyOf } from "./tally";

/**
 * The whole batch in one statement: one round trip, one transaction, one fsync. `$n` are array literals, column by
 * column. Facts and live hours are inserted in order, so that two writers never wait on each other in a circle.
 */
const WRITE = `
WITH new_fact AS (
  INSERT INTO fact (use_case_id, digest, facts, first_seen_at)
  SELECT u, decode(d, 'hex'), f, t FROM unnest($1::uuid[], $2::text[], $3::jsonb[], $4::timestamptz[]) AS x(u, d, f, t)
  ON CONFLICT DO NOTHING
), new_batch AS (
  INSERT INTO decision_batch (id, use_case_id, first_at, last_at, n, digest)
  SELECT i, u, f, l, n, decode(d, 'hex')
  FROM unnest($5::uuid[], $6::uuid[], $7::timestamptz[], $8::timestamptz[], $9::int[], $10::text[]) AS x(i, u, f, l, n, d)
), by_fact AS (
  INSERT INTO decision_hour AS h (use_case_id, hour, fact, policy_version, outcome, would_be, exception, shard, n)
  SELECT u, t, decode(f, 'hex'), v, o, w, e, $11, n
  FROM unnest($12::uuid[], $13::timestamptz[], $14::text[], $15::int[], $16::text[], $17::text[], $18::uuid[], $19::bigint[])
    AS x(u, t, f, v, o, w, e, n)
  ON CONFLICT (use_case_id, hour, fact, policy_version, outcome, would_be, exception, shard)
  DO UPDATE SET n = h.n + excluded.n
), by_outcome AS (
  INSERT INTO series_hour AS h (use_case_id, hour, outcome, would_be, shard, n, latency)
  SELECT u, t, o, w, $11, n, l::bigint[]
  FROM unnest($20::uuid[], $21::timestamptz[], $22::text[], $23::text[], $24::bigint[], $25::text[]) AS x(u, t, o, w, n, l)
  ON CONFLICT (use_case_id, hour, outcome, would_be, shard)
  DO UPDATE SET n = h.n + excluded.n, latency = add_counts(h.latency, excluded.latency)
), by_control AS (
  INSERT INTO control_hour AS h (use_case_id, hour, control, level, effect, shard, n)
  SELECT u, t, c, l, e, $11, n
  FROM unnest($26::uuid[], $27::timestamptz[], $28::text[], $29::text[], $30::text[], $31::bigint[]) AS x(u, t, c, l, e, n)
  ON CONFLICT (use_case_id, hour, control, level, effect, shard) DO UPDATE SET n = h.n + excluded.n
), by_dimension AS (
  INSERT INTO dimension_hour AS h (use_case_id, hour, dimension, value, outcome, would_be, shard, n)
  SELECT u, t, d, v, o, w, $11, n
  FROM unnest($32::uuid[], $33::timestamptz[], $34::text[], $35::text[], $36::text[], $37::text[], $38::bigint[])
    AS x(u, t, d, v, o, w, n)
  ON CONFLICT (use_case_id, hour, dimension, value, outcome, would_be, shard) DO UPDATE SET n = h.n + excluded.n
), by_direction AS (
  INSERT INTO token_hour AS h (use_case_id, hour, model, direction, shard, n)
  SELECT u, t, m, d, $11, n
  FROM unnest($60::uuid[], $61::timestamptz[], $62::text[], $63::text[], $64::bigint[]) AS x(u, t, m, d, n)
  ON CONFLICT (use_case_id, hour, model, direction, shard) DO UPDATE SET n = h.n + excluded.n
), by_exception AS (
  INSERT INTO exception_hour AS h (use_case_id, exception, hour, shard, n)
  SELECT u, e, t, $11, n
  FROM unnest($65::uuid[], $66::uuid[], $67::timestamptz[], $68::bigint[]) AS x(u, e, t, n)
  ON CONFLICT (use_case_id, exception, hour, shard) DO UPDATE SET n = h.n + excluded.n
), live AS (
  INSERT INTO live_hour (use_case_id, hour)
  SELECT u, t FROM unnest($69::uuid[], $70::timestamptz[]) AS x(u, t) ON CONFLICT DO NOTHING
)
INSERT INTO decision (id, use_case_id, decided_at, kind, fact, policy_version, policy_digest, outcome, would_be, findings,
  exceptions, session_id, trace_id, actor_hash, content_digest, excerpt, evaluated_us, batch_id, batch_index, late, synthetic)
SELECT i, u, t, k, decode(f, 'hex'), v, decode(p, 'hex'), o, w, d,
  e::uuid[], s, r, decode(a, 'hex'), decode(c, 'hex'), x, m, b, n, l, y::text[]
FROM unnest($39::uuid[], $40::uuid[], $41::timestamptz[], $42::text[], $43::text[], $44::int[], $45::text[], $46::text[],
  $47::text[], $48::jsonb[], $49::text[], $50::text[], $51::text[], $52::text[], $53::text[], $54::text[], $55::int[],
  $56::uuid[], $57::int[], $58::boolean[], $59::text[])
  AS z(i, u, t, k, f, v, p, o, w, d, e, s, r, a, c, x, m, b, n, l, y)`;

interface Batch {
  id: string;
  useCaseId: string;
  decisions: Decision[];
}

/**
 * Writes decisions with all that is counted of them, as one batch per use case. Atomic: everything or nothing, in
 * the caller's transaction or its own. Of facts and live hours, those that may not be in their tables yet.
 */
export async function writeBatch(
  client: ClientBase,
  decisions: readonly Decision[],
  { newFacts, newHours }: { newFacts: readonly Decision[]; newHours: readonly LiveHour[] },
  shard: string,
): Promise<void> {
  const batches = batchesOf(decisions);
  const tally = tallyOf(decisions);
  const values = [
    ...factColumns(newFacts),
    ...batchColumns(batches),
    shard,
    ...tallyColumns(tally.decisionHour, 7),
    ...tallyColumns(tally.seriesHour, 4),
    textArray(tally.seriesHour.map((row) => plainArray(row.latency ?? []))),
    ...tallyColumns(tally.controlHour, 5),
    ...tallyColumns(tally.dimensionHour, 6),
    ...decisionColumns(batches),
    ...tallyColumns(tally.tokenHour, 4),
    ...tallyColumns(tally.exceptionHour, 3),
    ...liveColumns(newHours),
  ];
  await client.query({ name: "write-decisions", text: WRITE, values });
}

function batchesOf(decisions: readonly Decision[]): Batch[] {
  const batches = new Map<string, Batch>();
  for (const decision of decisions) {
    let batch = batches.get(decision.useCaseId);
    if (batch === undefined) {
      batch = { id: decisionIdAt(decision.decidedAt), useCaseId: decision.useCaseId, decisions: [] };
      batches.set(decision.useCaseId, batch);
    }
    batch.decisions.push(decision);
  }
  return [...batches.values()];
}

function factColumns(facts: readonly Decision[]): string[] {
  const ordered = facts.length < 2 ? facts : facts.toSorted((a, b) => (factKey(a) < factKey(b) ? -1 : 1));
  return [
    plainArray(ordered.map(({ useCaseId }) => useCaseId)),
    plainArray(ordered.map(({ fact }) => fact)),
    textArray(ordered.map(({ facts }) => JSON.stringify(facts))),
    textArray(ordered.map(({ decidedAt }) => decidedAt.toISOString())),
  ];
}

function liveColumns(hours: readonly LiveHour[]): string[] {
  const ordered = hours.length < 2 ? hours : hours.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  return [
    plainArray(ordered.map(({ useCaseId }) => useCaseId)),
    textArray(ordered.map(({ hour }) => hour.toISOString())),
  ];
}

/** What a fact is known by. */
export function factKey({ useCaseId, fact }: Decision): string {
  return useCaseId + fact;
}

function batchColumns(batches: readonly Batch[]): string[] {
  const instants = batches.map(({ decisions }) => {
    const times = decisions.map(({ decidedAt }) => decidedAt.getTime());
    return [new Date(Math.min(...times)).toISOString(), new Date(Math.max(...times)).toISOString()] as const;
  });
  return [
    plainArray(batches.map(({ id }) => id)),
    plainArray(batches.map(({ useCaseId }) => useCaseId)),
    textArray(instants.map(([first]) => first)),
    textArray(instants.map(([, last]) => last)),
    plainArray(batches.map(({ decisions }) => decisions.length)),
    plainArray(
      batches.map(({ decisions }) => Buffer.from(rootOf(decisions.map(decisionLeaf))).toString("hex")),
    ),
  ];
}

/** The columns of the key, then the count. */
function tallyColumns(rows: readonly TallyRow[], width: number): string[] {
  const columns = Array.from({ length: width }, (_, at) => textArray(rows.map(({ key }) => String(key[at]))));
  return [...columns, plainArray(rows.map(({ n }) => n))];
}

function decisionColumns(batches: readonly Batch[]): string[] {
  const rows = batches.flatMap(({ id, decisions }) =>
    decisions.map((decision, index) => ({ id, index, decision })),
  );
  const plain = (pick: (decision: Decision) => string | number | boolean) =>
    plainArray(rows.map(({ decision }) => pick(decision)));
  const text = (pick: (decision: Decision) => string | null) =>
    textArray(rows.map(({ decision }) => pick(decision)));
  return [
    plain(({ id }) => id),
    plain(({ useCaseId }) => useCaseId),
    text(({ decidedAt }) => decidedAt.toISOString()),
    plain(({ kind }) => kind),
    plain(({ fact }) => fact),
    plain(({ policyVersion }) => policyVersion),
    plain(({ policyDigest }) => policyDigest),
    plain(({ outcome }) => outcome),
    plain(({ wouldBe }) => wouldBe),
    text(({ findings }) => JSON.stringify(findings)),
    text((decision) => plainArray(sparedBy(decision))),
    text(({ sessionId }) => sessionId),
    text(({ traceId }) => traceId),
    text(({ actorHash }) => actorHash),
    text(({ contentDigest }) => contentDigest),
    text(({ excerpt }) => excerpt),
    plain(({ evaluatedUs }) => evaluatedUs),
    plainArray(rows.map(({ id }) => id)),
    plainArray(rows.map(({ index }) => index)),
    plain(({ late }) => late),
    text(({ synthetic }) => plainArray(synthetic)),
  ];
}
