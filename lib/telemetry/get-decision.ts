import { type Ctx, requirePermission } from "@/lib/access/context";
import { type Db, Prisma } from "@/lib/db/prisma";
import { SluiceError } from "@/lib/errors";
import type { Stage } from "@/lib/policy/vocabulary";
import { DECISION_COLUMNS, DECISION_TABLES, type StoredDecision, toDecisionRow } from "./decision-row";
import { DAY_MS, uuidv7Time } from "./rules";
import type { DecisionRow, DecisionView } from "./views";

/** How many decisions of a session are shown with one of them, half of them before it. */
export const CHAIN_LIMIT = 200;

/** How far before and after it the session is looked for, in days. */
export const CHAIN_DAYS = 7;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

interface StoredDetail extends StoredDecision {
  fact: string;
  trace_id: string | null;
  actor_hash: string | null;
  content_digest: string | null;
  excerpt: string | null;
  evaluated_us: number;
  policy_digest: string;
  batch_id: string;
  batch_index: number;
  anchored_by: number | null;
}

/**
 * One decision with its facts, findings, the policy as it was, and the session's chain in order; `not_found`
 * otherwise. The id (UUIDv7) carries the instant, so that only its partition is read.
 */
export async function getDecision(ctx: Ctx, { id }: { id: string }): Promise<DecisionView> {
  requirePermission(ctx, "telemetry:read");
  const stored = UUID.test(id) ? await findStored(ctx.db, id) : undefined;
  if (!stored) throw new SluiceError("not_found", "There is no such decision.");
  const row = toDecisionRow(stored);
  const [policy, chain] = await Promise.all([readPolicy(ctx.db, row), readChain(ctx.db, row)]);
  return {
    ...row,
    facts: stored.facts,
    factDigest: stored.fact,
    traceId: stored.trace_id,
    actorHash: stored.actor_hash,
    contentDigest: stored.content_digest,
    excerpt: stored.excerpt,
    evaluatedUs: stored.evaluated_us,
    policy,
    policyDigest: `sha256:${stored.policy_digest}`,
    batch: { id: stored.batch_id, index: stored.batch_index, anchoredBy: stored.anchored_by },
    ...chain,
  };
}

async function findStored(db: Db, id: string): Promise<StoredDetail | undefined> {
  const [stored] = await db.$queryRaw<StoredDetail[]>`
    SELECT ${DECISION_COLUMNS}, encode(d."fact", 'hex') AS "fact", d."trace_id",
      encode(d."actor_hash", 'hex') AS "actor_hash", encode(d."content_digest", 'hex') AS "content_digest",
      d."excerpt", d."evaluated_us", encode(d."policy_digest", 'hex') AS "policy_digest",
      d."batch_id"::text, d."batch_index", b."anchored_by"::float8 AS "anchored_by"
    FROM ${DECISION_TABLES}
    LEFT JOIN "decision_batch" b ON b."use_case_id" = d."use_case_id" AND b."id" = d."batch_id"
    WHERE d."decided_at" = ${uuidv7Time(id)} AND d."id" = ${id}::uuid`;
  return stored;
}

async function readPolicy(db: Db, row: DecisionRow): Promise<DecisionView["policy"]> {
  const version = await db.policyVersion.findUnique({
    where: { useCaseId_number: { useCaseId: row.useCase.id, number: row.policyVersion } },
  });
  if (!version) return null;
  const document = version.document as { stage: Stage };
  return {
    version: version.number,
    digest: version.digest,
    stage: document.stage,
    effectiveFrom: version.effectiveFrom.toISOString(),
    cedar: version.cedar,
    document,
  };
}

async function readChain(db: Db, row: DecisionRow): Promise<{ chain: DecisionRow[]; chainOf: number }> {
  if (row.sessionId === null) return { chain: [row], chainOf: 1 };
  const at = Date.parse(row.decidedAt);
  const [from, to] = [at - CHAIN_DAYS * DAY_MS, at + CHAIN_DAYS * DAY_MS].map((ms) => new Date(ms));
  const session = Prisma.sql`d."use_case_id" = ${row.useCase.id}::uuid AND d."session_id" = ${row.sessionId}
    AND d."decided_at" >= ${from} AND d."decided_at" <= ${to}`;
  const place = Prisma.sql`(${new Date(row.decidedAt)}::timestamptz, ${row.id}::uuid)`;
  const [before, after, counted] = await Promise.all([
    db.$queryRaw<StoredDecision[]>`
      SELECT ${DECISION_COLUMNS} FROM ${DECISION_TABLES}
      WHERE ${session} AND (d."decided_at", d."id") < ${place}
      ORDER BY d."decided_at" DESC, d."id" DESC LIMIT ${CHAIN_LIMIT / 2}`,
    db.$queryRaw<StoredDecision[]>`
      SELECT ${DECISION_COLUMNS} FROM ${DECISION_TABLES}
      WHERE ${session} AND (d."decided_at", d."id") > ${place}
      ORDER BY d."decided_at", d."id" LIMIT ${CHAIN_LIMIT / 2 - 1}`,
    db.$queryRaw<{ n: number }[]>`SELECT count(*)::int AS "n" FROM "decision" d WHERE ${session}`,
  ]);
  return {
    chain: [...before.reverse().map(toDecisionRow), row, ...after.map(toDecisionRow)],
    chainOf: counted[0]?.n ?? 1,
  };
}
