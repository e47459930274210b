import { canonicalJson } from "@/lib/policy/canonical";
import { sha256Hex } from "@/lib/policy/digest";
import { initialValue, SETTING_KEYS, type SettingKey } from "@/lib/settings/schema";
import type { RecordName } from "./format";
import { fetchBy, iso, type PackScope, person, rowsOf } from "./rows";
import type { Row } from "./tables";

const FETCH = 200;
const OF_USE_CASES = "(cardinality($3::text[]) = 0 OR u.slug = ANY($3))";

const ANCHORED = `JOIN decision_batch b ON b.use_case_id = d.use_case_id AND b.id = d.batch_id AND b.anchored_by <= $4`;
/** Whether the decision that a record names is still kept, and anchored, so that it must be in a pack of its period. */
const kept = (record: string) =>
  `EXISTS (SELECT 1 FROM decision d ${ANCHORED} WHERE d.use_case_id = ${record}.use_case_id
    AND d.decided_at = ${record}.decided_at AND d.id = ${record}.decision_id)`;
/** When a decision was made that a held request names by its id alone; null when it cannot be in a pack. */
const decidedAt = (decision: string, about: string) =>
  `(SELECT ${iso("d.decided_at")} FROM decision d ${ANCHORED} WHERE d.use_case_id = a.use_case_id AND d.id = ${decision}
    AND d.decided_at BETWEEN ${about} - interval '10 minutes' AND ${about} + interval '10 minutes')`;

/**
 * Regression cases live in the period; rulings made in it, or on one of its decisions, or that such a case was kept
 * from; appeals open in it, on one of its decisions, or that such a ruling answered.
 */
const CHOSEN = `
  WITH chosen_case AS (
    SELECT k.* FROM regression_case k JOIN use_case u ON u.id = k.use_case_id
    WHERE ${OF_USE_CASES} AND k.kept_at < $2 AND (k.retired_at IS NULL OR k.retired_at >= $1)
  ), chosen_ruling AS (
    SELECT r.* FROM ruling r JOIN use_case u ON u.id = r.use_case_id
    WHERE ${OF_USE_CASES} AND r.ruled_at < $2
      AND (r.ruled_at >= $1 OR r.decided_at >= $1 OR r.id IN (SELECT ruling_id FROM chosen_case))
  ), chosen_appeal AS (
    SELECT p.* FROM appeal p JOIN use_case u ON u.id = p.use_case_id
    WHERE ${OF_USE_CASES} AND p.opened_at < $2
      AND (p.closed_at IS NULL OR p.closed_at >= $1 OR p.decided_at >= $1
        OR p.id IN (SELECT appeal_id FROM chosen_ruling))
  )`;

const SETTINGS = `
  SELECT jsonb_build_object('key', v.key, 'number', v.number, 'value', v.value, 'digest', substr(v.digest, 8),
    'effectiveFrom', ${iso("v.effective_from")}, 'change', 'CHG-' || c.ref) AS row
  FROM (SELECT *, lead(effective_from) OVER (PARTITION BY key ORDER BY number) AS until FROM setting_version) v
    LEFT JOIN change_request c ON c.id = v.change_id
  WHERE v.effective_from < $2 AND (v.until IS NULL OR v.until > $1)
  ORDER BY v.key, v.number`;

const FLOORS = `
  SELECT jsonb_build_object('dataClass', v.data_class, 'number', v.number, 'document', v.document,
    'digest', substr(v.digest, 8), 'effectiveFrom', ${iso("v.effective_from")}, 'change', 'CHG-' || c.ref) AS row
  FROM (SELECT *, lead(effective_from) OVER (PARTITION BY data_class ORDER BY number) AS until FROM floor_version) v
    LEFT JOIN change_request c ON c.id = v.change_id
  WHERE v.effective_from < $2 AND (v.until IS NULL OR v.until > $1)
    AND (cardinality($3::text[]) = 0 OR v.data_class IN (SELECT data_class FROM use_case WHERE slug = ANY($3)))
  ORDER BY v.data_class, v.number`;

const RULINGS = `${CHOSEN}
  SELECT jsonb_build_object('id', r.id, 'useCase', u.slug, 'decision', r.decision_id, 'decidedAt', ${iso("r.decided_at")},
    'decisionKept', ${kept("r")}, 'control', r.control, 'level', r.level, 'effect', r.effect, 'number', r.number,
    'answer', r.answer, 'basis', r.basis, 'note', r.note, 'sample', r.sample, 'appeal', 'APL-' || p.ref,
    'ruledBy', ${person("w")}, 'ruledAt', ${iso("r.ruled_at")}) AS row
  FROM chosen_ruling r JOIN use_case u ON u.id = r.use_case_id LEFT JOIN appeal p ON p.id = r.appeal_id
    LEFT JOIN person w ON w.id = r.ruled_by_id
  ORDER BY r.ruled_at, r.id`;

const APPEALS = `${CHOSEN}
  SELECT jsonb_build_object('ref', 'APL-' || p.ref, 'id', p.id, 'useCase', u.slug, 'decision', p.decision_id,
    'decidedAt', ${iso("p.decided_at")}, 'decisionKept', ${kept("p")}, 'control', p.control, 'level', p.level,
    'effect', p.effect, 'reason', p.reason, 'status', p.status, 'openedBy', ${person("o")},
    'openedAt', ${iso("p.opened_at")}, 'closedBy', ${person("c")}, 'closedAt', ${iso("p.closed_at")},
    'answer', p.answer) AS row
  FROM chosen_appeal p JOIN use_case u ON u.id = p.use_case_id LEFT JOIN person o ON o.id = p.opened_by_id
    LEFT JOIN person c ON c.id = p.closed_by_id
  ORDER BY p.ref`;

const CASES = `${CHOSEN}
  SELECT jsonb_build_object('ref', 'CASE-' || k.ref, 'id', k.id, 'useCase', u.slug, 'name', k.name,
    'control', k.control, 'expected', k.expected, 'facts', k.facts, 'fact', encode(k.fact, 'hex'), 'sought', k.sought,
    'ruling', k.ruling_id, 'decision', k.decision_id, 'decidedAt', ${iso("k.decided_at")},
    'decisionKept', ${kept("k")}, 'keptBy', ${person("b")}, 'keptAt', ${iso("k.kept_at")},
    'retiredBy', ${person("x")}, 'retiredAt', ${iso("k.retired_at")}, 'retireReason', k.retire_reason) AS row
  FROM chosen_case k JOIN use_case u ON u.id = k.use_case_id LEFT JOIN person b ON b.id = k.kept_by_id
    LEFT JOIN person x ON x.id = k.retired_by_id
  ORDER BY k.ref`;

const INCIDENTS = `
  SELECT jsonb_build_object('ref', 'INC-' || i.ref, 'id', i.id, 'useCase', u.slug, 'status', i.status,
    'dimension', i.dimension, 'value', i.value, 'decisions', i.n, 'firstSeenAt', ${iso("i.first_seen_at")},
    'lastSeenAt', ${iso("i.last_seen_at")}, 'workloads', to_jsonb(i.workloads), 'note', i.note,
    'markedBy', ${person("m")}, 'markedAt', ${iso("i.marked_at")}, 'closedBy', ${person("c")},
    'closedAt', ${iso("i.closed_at")}, 'closingNote', i.closing_note) AS row
  FROM incident i JOIN use_case u ON u.id = i.use_case_id LEFT JOIN person m ON m.id = i.marked_by_id
    LEFT JOIN person c ON c.id = i.closed_by_id
  WHERE ${OF_USE_CASES} AND i.marked_at < $2 AND (i.closed_at IS NULL OR i.closed_at >= $1)
  ORDER BY i.ref`;

/** The answer to an item is told by its exception's own record, as lib/campaigns/rules.ts tells it. */
const CAMPAIGNS = `
  SELECT jsonb_build_object('ref', 'CMP-' || c.ref, 'id', c.id, 'title', c.title, 'note', c.note, 'filter', c.filter,
    'startedBy', ${person("s")}, 'startedAt', ${iso("c.started_at")}, 'dueAt', ${iso("c.due_at")},
    'items', i.items) AS row
  FROM exception_campaign c LEFT JOIN person s ON s.id = c.started_by_id
    CROSS JOIN LATERAL (
      SELECT coalesce(jsonb_agg(jsonb_build_object('exception', 'EXC-' || e.ref, 'useCase', u.slug,
        'answer', CASE WHEN e.status IN ('revoked', 'retired') THEN e.status::text WHEN v.id IS NOT NULL THEN v.answer END,
        'by', CASE WHEN e.status NOT IN ('revoked', 'retired') THEN ${person("b")} END,
        'at', CASE WHEN e.status IN ('revoked', 'retired') THEN ${iso("e.ended_at")} ELSE ${iso("v.at")} END,
        'note', CASE WHEN e.status IN ('revoked', 'retired') THEN e.ended_reason ELSE v.note END) ORDER BY e.ref), '[]') AS items
      FROM campaign_item t JOIN policy_exception e ON e.id = t.exception_id JOIN use_case u ON u.id = e.use_case_id
        LEFT JOIN LATERAL (
          SELECT x.id, x.at, x.note, x.reviewed_by_id AS by_id, 'kept' AS answer, 1 AS place
          FROM exception_review x WHERE x.exception_id = e.id AND x.at >= c.started_at
          UNION ALL SELECT h.id, h.at, h.reason, h.by_id, 'shortened', 0
          FROM exception_shortening h WHERE h.exception_id = e.id AND h.at >= c.started_at
          ORDER BY place, at, id LIMIT 1) v ON true
        LEFT JOIN person b ON b.id = v.by_id
      WHERE t.campaign_id = c.id AND ${OF_USE_CASES}) i
  WHERE c.started_at < $2 AND i.items <> '[]' AND (c.due_at >= $1
    OR EXISTS (SELECT 1 FROM jsonb_array_elements(i.items) one WHERE one->>'at' IS NULL OR (one->>'at')::timestamptz >= $1))
  ORDER BY c.ref`;

/** No excerpt: the decision that held it has it, in decisions.jsonl. */
const HELD = `
  SELECT jsonb_build_object('ref', 'APR-' || a.ref, 'id', a.id, 'useCase', u.slug, 'workload', w.slug,
    'controls', to_jsonb(a.controls), 'asked', a.asked, 'requestDigest', encode(a.request_digest, 'hex'),
    'createdAt', ${iso("a.created_at")}, 'expiresAt', ${iso("a.expires_at")}, 'synthetic', to_jsonb(a.synthetic),
    'verdict', a.verdict, 'decidedBy', ${person("p")}, 'decidedAt', ${iso("a.decided_at")}, 'reason', a.reason,
    'usedAt', ${iso("a.used_at")}, 'decision', a.decision_id,
    'heldAt', ${decidedAt("a.decision_id", "a.created_at")}, 'usedDecision', a.used_decision_id,
    'passedAt', ${decidedAt("a.used_decision_id", "a.used_at")}) AS row
  FROM approval_request a JOIN use_case u ON u.id = a.use_case_id JOIN workload w ON w.id = a.workload_id
    LEFT JOIN person p ON p.id = a.decided_by_id
  WHERE ${OF_USE_CASES} AND a.created_at < $2 AND greatest(a.expires_at, a.decided_at, a.used_at) >= $1
  ORDER BY a.ref`;

const QUERIES: Record<RecordName, string> = {
  settings: SETTINGS,
  floors: FLOORS,
  rulings: RULINGS,
  appeals: APPEALS,
  cases: CASES,
  incidents: INCIDENTS,
  campaigns: CAMPAIGNS,
  "held-requests": HELD,
};

/**
 * The rows of one kind of record that concern the period. Settings govern every use case, so a pack has all that held
 * in the period; a pack of some use cases has the floors of their data classes.
 */
export async function* readRecords(scope: PackScope, name: RecordName): AsyncGenerator<Row> {
  if (name === "settings") yield* initialSettings(scope);
  const sql = QUERIES[name];
  const all = [scope.from, scope.to, scope.slugs, scope.size];
  const values = all.slice(0, sql.includes("$4") ? 4 : sql.includes("$3") ? 3 : 2);
  for await (const rows of fetchBy<{ row: Row }>(scope.client, FETCH, sql, values)) {
    for (const { row } of rows) yield row;
  }
}

/** What held, as number 0, where nobody had changed a setting when the period began. */
async function* initialSettings({ client, from }: PackScope): AsyncGenerator<Row> {
  const changed = await rowsOf<{ key: string }>(
    client,
    "SELECT DISTINCT key FROM setting_version WHERE effective_from <= $1",
    [from],
  );
  const keys = new Set(changed.map(({ key }) => key));
  for (const key of SETTING_KEYS) if (!keys.has(key)) yield initialSetting(key);
}

function initialSetting(key: SettingKey): Row {
  const value = initialValue(key);
  const digest = sha256Hex(canonicalJson(value));
  return { key, number: 0, value, digest, effectiveFrom: null, change: null };
}
