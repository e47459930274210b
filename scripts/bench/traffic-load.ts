import type { Pool } from "pg";
import { compile } from "@/lib/policy/compile";
import { factsDigest } from "@/lib/policy/digest";
import type { PolicyDocument } from "@/lib/policy/document";
import { evaluate } from "@/lib/policy/evaluate";
import { type Facts, toFacts } from "@/lib/policy/facts";
import { LATENCY_BOUNDS_US } from "@/lib/telemetry/latency";

export interface TrafficPlan {
  decisions: number;
  days: number;
  useCases: readonly { id: string; slug: string }[];
  factsPerUseCase: number;
  document: PolicyDocument;
  now: Date;
}

/**
 * Fills the decision stream with generated traffic: facts are drawn with a skew (few are frequent), instants spread
 * over the days with twice as many by day as by night, in two shards. Findings are those of the real evaluator. Hours are
 * counted from the decisions, so they agree. Digests of batches are left empty: nothing here measures them.
 */
export async function loadTraffic(pool: Pool, plan: TrafficPlan): Promise<void> {
  await loadFacts(pool, plan);
  for (let day = 0; day <= plan.days; day++) {
    const date = new Date(plan.now.getTime() - day * 86_400_000).toISOString().slice(0, 10);
    await pool.query("SELECT ensure_decision_partition($1::date)", [date]);
  }
  await pool.query(DECISIONS, [
    plan.decisions,
    plan.days,
    plan.useCases.map(({ id }) => id),
    plan.factsPerUseCase,
    plan.now,
  ]);
  for (const hours of [BY_FACT, BY_CONTROL, BY_DIMENSION, BATCHES]) await pool.query(hours);
  await pool.query(BY_OUTCOME, [[...LATENCY_BOUNDS_US]]);
  for (const hours of [POINTS, LIVE]) await pool.query(hours);
  await pool.query("VACUUM ANALYZE");
}

async function loadFacts(
  pool: Pool,
  { useCases, factsPerUseCase, document, now }: TrafficPlan,
): Promise<void> {
  const policy = compile(document);
  await pool.query(`CREATE UNLOGGED TABLE bench_fact (use_case_id uuid, number int, digest bytea, facts jsonb,
    outcome text, would_be text, findings jsonb, PRIMARY KEY (use_case_id, number))`);
  for (const useCase of useCases) {
    const rows = Array.from({ length: factsPerUseCase }, (_, number) => {
      const facts = benchFacts(useCase.slug, number);
      const { outcome, wouldBe, findings } = evaluate(facts, policy, [], now);
      return { number, digest: factsDigest(facts), facts, outcome, would_be: wouldBe, findings };
    });
    await pool.query(
      `INSERT INTO bench_fact SELECT $1, r."number", decode(r."digest", 'hex'), r."facts", r."outcome", r."would_be", r."findings"
       FROM jsonb_to_recordset($2::jsonb) AS r("number" int, "digest" text, "facts" jsonb, "outcome" text, "would_be" text, "findings" jsonb)`,
      [useCase.id, JSON.stringify(rows)],
    );
  }
  await pool.query(`INSERT INTO fact SELECT use_case_id, digest, facts, now() FROM bench_fact`);
}

const pick = <T>(list: readonly T[], at: number): T => list[at % list.length] as T;

/** The facts of number `i`: all different. */
export function benchFacts(useCase: string, i: number): Facts {
  const isTool = i % 3 === 0;
  return toFacts({
    action: isTool ? "tool_call" : pick(["prompt", "completion", "retrieval"] as const, i),
    attributed: i % 7 !== 0,
    cohort: pick([1, 5, 10, 25, 50, 100], i),
    credential: { ageBucket: pick([24, 168, 720, 2160], i), kind: "task" },
    dataClass: pick(["public", "internal", "internal", "confidential"] as const, i),
    environment: "production",
    retrievalSource: `kb/${i}`,
    links: {},
    model: pick(["openai/gpt-4o", "anthropic/claude", "mistral/large", "local/llama"], Math.floor(i / 2)),
    signals: {
      ...(i % 5 === 0 ? { "pii/email": pick([1, 2, 3, 4] as const, Math.floor(i / 5)) } : {}),
      ...(i % 11 === 0 ? { "prompt-attack": pick([1, 2, 3, 4] as const, Math.floor(i / 11)) } : {}),
    },
    ...(isTool ? { tool: `tool-${Math.floor(i / 3) % 24}` } : {}),
    useCase,
    workload: `workload-${i % 6}`,
  });
}

const DECISIONS = `
INSERT INTO decision (id, use_case_id, decided_at, kind, fact, policy_version, policy_digest, outcome, would_be, findings,
  exceptions, session_id, evaluated_us, batch_id, batch_index, late, synthetic)
SELECT x.id, x.use_case_id, date_trunc('milliseconds', uuid_extract_timestamp(x.id)), 'decision', f.digest, 1,
  decode(repeat('00', 32), 'hex'), f.outcome, f.would_be, f.findings, '{}', 's' || (x.i / 8), x.us,
  md5(x.use_case_id::text || date_trunc('hour', x.at))::uuid, 0, false, '{}'
FROM (
  SELECT i, at, uuidv7(at - clock_timestamp()) AS id, ($3::uuid[])[1 + i % cardinality($3::uuid[])] AS use_case_id,
    floor(power(random(), 3) * $4)::int AS number, (20 + 400 * power(random(), 4))::int AS us
  FROM (
    SELECT i, $5::timestamptz - make_interval(secs => 1 + (floor(random() * $2::int)
      + CASE WHEN random() < 0.67 THEN 0.5 * random() ELSE 0.5 + 0.5 * random() END) * 86400) AS at
    FROM generate_series(1, $1::int) AS i) AS times
) AS x JOIN bench_fact f ON f.use_case_id = x.use_case_id AND f.number = x.number
ORDER BY x.at`;

const SHARD = `'bench/' || (get_byte(fact, 0) % 2)`;

const BY_FACT = `
INSERT INTO decision_hour
SELECT use_case_id, date_trunc('hour', decided_at, 'UTC'), fact, policy_version, outcome, would_be,
  '00000000-0000-0000-0000-000000000000', ${SHARD}, count(*)
FROM decision GROUP BY 1, 2, 3, 4, 5, 6, 8`;

const BY_OUTCOME = `
INSERT INTO series_hour
SELECT use_case_id, hour, outcome, would_be, shard, sum(n), (SELECT array_agg(coalesce(c.n, 0) ORDER BY place)
    FROM generate_series(0, cardinality($1::int[])) AS place LEFT JOIN unnest(array_agg(bucket), array_agg(n)) AS c(bucket, n) ON c.bucket = place)
FROM (
  SELECT use_case_id, date_trunc('hour', decided_at, 'UTC') AS hour, outcome, would_be, ${SHARD} AS shard,
    width_bucket(evaluated_us - 1, $1::int[]) AS bucket, count(*) AS n
  FROM decision GROUP BY 1, 2, 3, 4, 5, 6) AS counted
GROUP BY 1, 2, 3, 4, 5`;

const BY_CONTROL = `
INSERT INTO control_hour
SELECT use_case_id, date_trunc('hour', decided_at, 'UTC'), f ->> 'control', coalesce(f ->> 'level', ''), f ->> 'effect', ${SHARD}, count(*)
FROM decision, jsonb_array_elements(findings) AS f GROUP BY 1, 2, 3, 4, 5, 6`;

const BY_DIMENSION = `
INSERT INTO dimension_hour
SELECT h.use_case_id, h.hour, d.dimension, d.value, h.outcome, h.would_be, h.shard, sum(h.n)
FROM decision_hour h JOIN fact USING (use_case_id)
CROSS JOIN LATERAL (VALUES ('action', facts ->> 'action'), ('workload', facts ->> 'workload'), ('model', facts ->> 'model'),
  ('tool', facts ->> 'tool'), ('data_class', facts ->> 'dataClass')) AS d(dimension, value)
WHERE fact.digest = h.fact AND d.value IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6, 7`;

const BATCHES = `
INSERT INTO decision_batch
SELECT batch_id, use_case_id, min(decided_at), max(decided_at), count(*), '', 1 FROM decision GROUP BY 1, 2`;

const POINTS = `
INSERT INTO decision_point_hour SELECT DISTINCT hour, 'bench' FROM series_hour`;

const LIVE = `
INSERT INTO live_hour SELECT DISTINCT use_case_id, hour FROM series_hour`;
