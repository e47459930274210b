import type { ProofTable } from "@/lib/audit/leaves";
import { type AuditRecord, auditLeafBytes } from "@/lib/audit/record";
import type { PackAuditEntry } from "./pack-writer";
import { fetchBy, iso, type PackScope, person, rowsOf } from "./rows";
import type { Row } from "./tables";

const FETCH = 200;

/** Changes of the pack's use cases, of settings, and of the floors of their data classes. */
const GOVERNS = `(cardinality($3::text[]) = 0 OR u.slug = ANY($3) OR c.subject = 'setting' OR (c.subject = 'floor'
    AND c.subject_key IN (SELECT data_class::text FROM use_case WHERE slug = ANY($3))))`;

const CHANGES = `
  SELECT jsonb_build_object(
    'ref', 'CHG-' || c.ref, 'id', c.id, 'useCase', u.slug, 'subject', c.subject, 'subjectKey', c.subject_key,
    'baseVersion', c.base_version,
    'proposal', c.proposal, 'proposalDigest', c.proposal_digest, 'direction', c.direction,
    'justification', c.justification, 'status', c.status, 'requestedBy', ${person("r")},
    'createdAt', ${iso("c.created_at")}, 'submittedAt', ${iso("c.submitted_at")}, 'closedAt', ${iso("c.closed_at")},
    'appliedAt', ${iso("c.applied_at")}, 'appliedVersion', c.applied_version, 'evidence', c.evidence,
    'evidenceDigest', c.evidence_digest, 'scheduledFor', ${iso("c.scheduled_for")}, 'scheduledBy', ${person("s")},
    'suspendedBecause', c.suspended_because, 'reverts', 'CHG-' || b.ref, 'emergency', c.emergency,
    'brokeGlassBy', ${person("g")}, 'reviewDueAt', ${iso("c.review_due_at")},
    'review', (SELECT jsonb_build_object('verdict', v.verdict, 'person', ${person("p")}, 'note', v.note,
        'at', ${iso("v.at")})
      FROM change_review v LEFT JOIN person p ON p.id = v.person_id WHERE v.change_id = c.id),
    'acceptances', coalesce((
      SELECT jsonb_agg(jsonb_build_object('id', a.id, 'person', ${person("p")}, 'condition', a.condition,
        'reason', a.reason, 'proposalDigest', a.proposal_digest, 'evidenceDigest', a.evidence_digest,
        'at', ${iso("a.at")}) ORDER BY a.at, a.id)
      FROM readiness_acceptance a JOIN person p ON p.id = a.person_id WHERE a.change_id = c.id), '[]'),
    'reviewers', coalesce((
      SELECT jsonb_agg(jsonb_build_object('person', ${person("p")}, 'askedBy', ${person("q")},
        'at', ${iso("w.at")}) ORDER BY w.at, w.person_id)
      FROM change_reviewer w JOIN person p ON p.id = w.person_id JOIN person q ON q.id = w.asked_by_id
      WHERE w.change_id = c.id), '[]'),
    'approvals', coalesce((
      SELECT jsonb_agg(jsonb_build_object('id', a.id, 'person', ${person("p")}, 'seat', a.seat, 'place', a.place,
        'verdict', a.verdict, 'note', a.note, 'proposalDigest', a.proposal_digest,
        'evidenceDigest', a.evidence_digest, 'at', ${iso("a.at")}) ORDER BY a.at, a.id)
      FROM change_approval a JOIN person p ON p.id = a.person_id WHERE a.change_id = c.id), '[]'),
    'comments', coalesce((
      SELECT jsonb_agg(jsonb_build_object('id', m.id, 'person', ${person("p")}, 'text', m.text,
        'at', ${iso("m.at")}) ORDER BY m.at, m.id)
      FROM change_comment m JOIN person p ON p.id = m.person_id WHERE m.change_id = c.id), '[]')) AS row
  FROM change_request c LEFT JOIN use_case u ON u.id = c.use_case_id LEFT JOIN person r ON r.id = c.requested_by_id
    LEFT JOIN person s ON s.id = c.scheduled_by_id LEFT JOIN person g ON g.id = c.broke_glass_by_id
    LEFT JOIN change_request b ON b.id = c.reverts_id
  WHERE ${GOVERNS}
    AND c.created_at < $2 AND (c.closed_at IS NULL OR greatest(c.closed_at, c.applied_at) >= $1
      OR (c.review_due_at IS NOT NULL AND coalesce((SELECT v.at FROM change_review v WHERE v.change_id = c.id), 'infinity') >= $1))
  ORDER BY c.ref`;

/**
 * Change requests that were open, or applied, at some time in the period, with everything that people said of them.
 * What broke the glass is there until it was reviewed.
 */
export async function* readChanges(scope: PackScope): AsyncGenerator<Row> {
  yield* readRows(scope, CHANGES);
}

/** Exceptions that a campaign of the period asked about, which may have ended between its start and the period. */
const CAMPAIGNED = `SELECT t.exception_id FROM campaign_item t JOIN exception_campaign k ON k.id = t.campaign_id
  WHERE k.started_at < $2`;

const EXCEPTIONS = `
  SELECT jsonb_build_object(
    'ref', 'EXC-' || e.ref, 'id', e.id, 'useCase', u.slug, 'controls', to_jsonb(e.controls), 'scope', e.scope,
    'justification', e.justification, 'compensatingControls', e.compensating_controls, 'category', e.category,
    'riskOwner', ${person("ro")}, 'businessOwner', ${person("bo")}, 'requestedBy', ${person("rq")},
    'status', e.status, 'startsAt', ${iso("e.starts_at")}, 'expiresAt', ${iso("e.expires_at")},
    'reviewAt', ${iso("e.review_at")}, 'reviewedAt', ${iso("e.reviewed_at")}, 'createdAt', ${iso("e.created_at")},
    'submittedAt', ${iso("e.submitted_at")}, 'termsDigest', e.terms_digest, 'endedAt', ${iso("e.ended_at")},
    'endedReason', e.ended_reason, 'renews', 'EXC-' || n.ref, 'root', 'EXC-' || o.ref,
    'approvals', CASE WHEN e.decided_at IS NULL THEN '[]' ELSE jsonb_build_array(jsonb_build_object(
      'person', ${person("d")}, 'verdict', CASE e.status WHEN 'rejected' THEN 'reject' ELSE 'approve' END,
      'note', e.decision_note, 'termsDigest', e.terms_digest, 'at', ${iso("e.decided_at")})) END,
    'reviews', coalesce((
      SELECT jsonb_agg(jsonb_build_object('person', ${person("p")}, 'note', v.note, 'at', ${iso("v.at")},
        'dueAt', ${iso("v.due_at")}, 'nextReviewAt', ${iso("v.next_review_at")}) ORDER BY v.at, v.id)
      FROM exception_review v JOIN person p ON p.id = v.reviewed_by_id WHERE v.exception_id = e.id), '[]'),
    'shortenings', coalesce((
      SELECT jsonb_agg(jsonb_build_object('person', ${person("z")}, 'from', ${iso("h.from_at")}, 'to', ${iso("h.to_at")},
        'reason', h.reason, 'at', ${iso("h.at")}) ORDER BY h.at, h.id)
      FROM exception_shortening h JOIN person z ON z.id = h.by_id WHERE h.exception_id = e.id), '[]'),
    'reassignments', coalesce((
      SELECT jsonb_agg(jsonb_build_object('owner', m.owner, 'from', ${person("f")}, 'to', ${person("t")},
        'by', ${person("y")}, 'reason', m.reason, 'at', ${iso("m.at")}) ORDER BY m.at, m.id)
      FROM exception_reassignment m JOIN person f ON f.id = m.from_id JOIN person t ON t.id = m.to_id
        JOIN person y ON y.id = m.by_id WHERE m.exception_id = e.id), '[]')) AS row
  FROM policy_exception e JOIN use_case u ON u.id = e.use_case_id
    JOIN person ro ON ro.id = e.risk_owner_id JOIN person bo ON bo.id = e.business_owner_id
    JOIN person rq ON rq.id = e.requested_by_id LEFT JOIN person d ON d.id = e.decided_by_id
    LEFT JOIN policy_exception n ON n.id = e.renews_id LEFT JOIN policy_exception o ON o.id = e.root_id
  WHERE (cardinality($3::text[]) = 0 OR u.slug = ANY($3))
    AND e.created_at < $2 AND (coalesce(e.ended_at, e.expires_at) >= $1 OR e.id IN (${CAMPAIGNED}))
  ORDER BY e.ref`;

/** Exceptions that were asked for, or could be in force, at some time in the period, with approval, reviews and owners. */
export async function* readExceptions(scope: PackScope): AsyncGenerator<Row> {
  yield* readRows(scope, EXCEPTIONS);
}

async function* readRows(scope: PackScope, sql: string): AsyncGenerator<Row> {
  const values = [scope.from, scope.to, scope.slugs];
  for await (const rows of fetchBy<{ row: Row }>(scope.client, FETCH, sql, values)) {
    for (const { row } of rows) yield row;
  }
}

interface EntryRow {
  number: string;
  id: string;
  at: Date;
  action: string;
  actor_kind: string;
  actor_id: string;
  actor_name: string;
  subject_kind: string;
  subject_id: string;
  subject_ref: string | null;
  use_case: string | null;
  reason: string | null;
  detail: Record<string, unknown>;
}

const ENTRIES = `
  SELECT number::text AS number, id::text AS id, at, action, actor_kind, actor_id, actor_name, subject_kind,
    subject_id, subject_ref, use_case, reason, detail
  FROM audit_entry`;

/**
 * The audit entries of the period with their proofs, ordered by number, and those that anchor its batches. Of every
 * use case: all from the first of the period to the last, without gaps. Of some: those that name one of them, and
 * those of the changes of settings and floors that are in the pack.
 */
export async function* readAudit(
  scope: PackScope,
  anchors: readonly number[],
  proofs: ProofTable,
): AsyncGenerator<PackAuditEntry> {
  const { sql, values } = await selection(scope, anchors);
  for await (const rows of fetchBy<EntryRow>(scope.client, 1_000, sql, values)) {
    for (const row of rows) {
      const number = Number(row.number);
      const proof = proofs.inclusion(number - 1).map((hash) => Buffer.from(hash).toString("hex"));
      yield { number, json: Buffer.from(auditLeafBytes(recordOf(row))).toString(), proof };
    }
  }
}

const WIDE = `
  SELECT id::text AS id FROM change_request c
  WHERE c.subject = 'setting' OR (c.subject = 'floor'
    AND c.subject_key IN (SELECT data_class::text FROM use_case WHERE slug = ANY($1)))`;

async function selection(scope: PackScope, anchors: readonly number[]) {
  if (scope.slugs.length > 0) {
    const sql = `${ENTRIES} WHERE number <= $1 AND ((at >= $2 AND at < $3 AND (use_case = ANY($4)
      OR subject_kind = 'change' AND subject_id = ANY($6))) OR number = ANY($5)) ORDER BY audit_entry.number`;
    const wide = await rowsOf<{ id: string }>(scope.client, WIDE, [scope.slugs]);
    const changes = wide.map(({ id }) => id);
    return { sql, values: [scope.size, scope.from, scope.to, scope.slugs, anchors, changes] };
  }
  const [bounds] = await rowsOf<{ first: string | null; last: string | null }>(
    scope.client,
    "SELECT min(number)::text AS first, max(number)::text AS last FROM audit_entry WHERE number <= $1 AND at >= $2 AND at < $3",
    [scope.size, scope.from, scope.to],
  );
  const sql = `${ENTRIES} WHERE number BETWEEN $1 AND $2 OR number = ANY($3) ORDER BY audit_entry.number`;
  return { sql, values: [bounds?.first ?? 0, bounds?.last ?? 0, anchors] };
}

function recordOf(row: EntryRow): AuditRecord {
  return {
    number: Number(row.number),
    id: row.id,
    at: row.at.toISOString(),
    action: row.action,
    actor: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name },
    subject: { kind: row.subject_kind, id: row.subject_id, ref: row.subject_ref },
    useCase: row.use_case,
    reason: row.reason,
    detail: row.detail,
  };
}
