import type { PoolClient } from "pg";
import { uuidv7 } from "uuidv7";
import { HELD_MS, refOf, type Standing, statusAt } from "@/lib/approvals/rules";
import { recordWorkloadEntry } from "@/lib/audit/record";
import { LOCKS } from "@/lib/db/locks";
import type { Approval } from "./answer";

/** A request that needs a person's word, and the decision that says so. */
export interface Asked {
  decisionId: string;
  useCase: { id: string; slug: string };
  workload: { id: string; slug: string };
  /** Hex; see `createRequestDigest`. */
  requestDigest: string;
  /** Controls that need a person's word; null when, by now, that is no longer all that stands in its way. */
  controls: readonly string[] | null;
  /** Facts in brief. */
  summary: Record<string, string>;
  excerpt: string | null;
  synthetic: readonly string[];
}

/** Undecided held requests that one workload may have in one use case; what goes beyond is not held, so blocked. */
export const MAX_PENDING = 100;

interface Row extends Standing {
  id: string;
  ref: number;
}

const COLUMNS = `a.id, a.ref, a.verdict, a.expires_at AS "expiresAt", a.used_at AS "usedAt"`;
/** $1 use case, $2 workload, $3 request digest, $4 controls, $5 now. */
const SAME = `a.use_case_id = $1 AND a.workload_id = $2 AND a.request_digest = decode($3, 'hex') AND a.controls @> $4::text[]
  AND a.expires_at > $5 AND a.used_at IS NULL`;

const ANSWERED = `SELECT ${COLUMNS} FROM approval_decision d JOIN approval_request a ON a.id = d.approval_id
  WHERE d.decision_id = $1`;
const USE = `UPDATE approval_request AS a SET used_at = $5::timestamptz, used_decision_id = $6
  WHERE a.id = (SELECT a.id FROM approval_request a WHERE ${SAME} AND a.verdict = 'granted' ORDER BY a.ref LIMIT 1 FOR UPDATE)
    AND a.used_at IS NULL RETURNING ${COLUMNS}`;
const OPEN = `SELECT ${COLUMNS} FROM approval_request a WHERE ${SAME} AND a.verdict IS DISTINCT FROM 'granted'
  ORDER BY a.ref DESC LIMIT 1`;
const ASK = `INSERT INTO approval_request AS a (id, use_case_id, workload_id, decision_id, request_digest, controls, asked,
    excerpt, synthetic, created_at, expires_at)
  SELECT $6::uuid, $1::uuid, $2::uuid, $7::uuid, decode($3, 'hex'), $4::text[], $8::jsonb, $9::text, $10::text[], $5::timestamptz,
    $11::timestamptz
  WHERE (SELECT count(*) FROM approval_request WHERE workload_id = $2 AND use_case_id = $1 AND verdict IS NULL
    AND expires_at > $5) < ${MAX_PENDING}
  RETURNING ${COLUMNS}`;
const ANSWER = `INSERT INTO approval_decision (decision_id, approval_id) VALUES ($1, $2)`;

/**
 * Finds or makes the held request that a decision is answered with, in one transaction of the connection:
 * - a grant of the same request that nobody used is used by this decision, now (`granted`: exactly one gets it);
 * - one that waits, or was denied, is named again until it expires, so that a retry loop asks no new question;
 * - else it is held anew.
 * The same request is that of the same workload, use case and digest, and every control that needs a person's word is
 * one that the person saw. A decision that was answered before (its Idempotency-Key came again) stays with the
 * held request that it was answered with. Null when too many wait already, and when a grant no longer suffices.
 */
export async function holdRequest(client: PoolClient, asked: Asked, now: Date): Promise<Approval | null> {
  await client.query("BEGIN");
  try {
    const approval = await findOrHold(client, asked, now);
    await client.query("COMMIT");
    return approval;
  } catch (error) {
    await client.query("ROLLBACK").catch(() => {});
    throw error;
  }
}

async function findOrHold(client: PoolClient, asked: Asked, now: Date): Promise<Approval | null> {
  const { decisionId, useCase, workload, requestDigest, controls } = asked;
  const name = `${useCase.id} ${workload.id} ${requestDigest}`;
  await client.query("SELECT pg_advisory_xact_lock($1, hashtext($2))", [LOCKS.heldRequest, name]);
  const mine = await first(client, ANSWERED, [decisionId]);
  if (mine !== null && statusAt(mine, now) !== "granted") return toApproval(mine, statusAt(mine, now));
  if (controls === null) return null;
  const same = [useCase.id, workload.id, requestDigest, controls, now];
  const used = await first(client, USE, [...same, decisionId]);
  if (used !== null) {
    if (mine === null) await client.query(ANSWER, [decisionId, used.id]);
    await recordUse(client, asked, used, now);
    return toApproval(used, "granted");
  }
  if (mine !== null) return null;
  const held = (await first(client, OPEN, same)) ?? (await ask(client, asked, now, same));
  if (held === null) return null;
  await client.query(ANSWER, [decisionId, held.id]);
  return toApproval(held, statusAt(held, now));
}

function recordUse(client: PoolClient, asked: Asked, used: Row, now: Date): Promise<number> {
  return recordWorkloadEntry(client, asked.workload, now, {
    action: "approval.used",
    subject: { kind: "approval", id: used.id, ref: refOf(used) },
    useCase: asked.useCase.slug,
    detail: { decisionId: asked.decisionId, requestDigest: `hmac-sha256:${asked.requestDigest}` },
  });
}

async function ask(client: PoolClient, asked: Asked, now: Date, same: unknown[]): Promise<Row | null> {
  return first(client, ASK, [
    ...same,
    uuidv7(),
    asked.decisionId,
    JSON.stringify(asked.summary),
    asked.excerpt,
    asked.synthetic,
    new Date(now.getTime() + HELD_MS),
  ]);
}

async function first(client: PoolClient, sql: string, values: unknown[]): Promise<Row | null> {
  const { rows } = await client.query<Row>(sql, values);
  return rows[0] ?? null;
}

function toApproval(row: Row, status: Approval["status"]): Approval {
  return {
    id: row.id,
    ref: refOf(row),
    url: approvalUrl(row.id),
    status,
    expiresAt: row.expiresAt.toISOString(),
  };
}

/** Where a held request is asked after, relative to the decision point. */
export function approvalUrl(id: string): string {
  return `/v1/approvals/${id}`;
}
