import type { Pool } from "pg";
import { compileCustomDetectors } from "@/lib/detect/registry";
import { SluiceError } from "@/lib/errors";
import { compile } from "@/lib/policy/compile";
import { documentDigest } from "@/lib/policy/digest";
import { type PolicyDocument, policyDocumentSchema } from "@/lib/policy/document";
import type { PolicyExceptionTerms } from "@/lib/policy/exception";
import { epochsOf } from "@/lib/policy/exception-epochs";
import { effectiveDocument } from "@/lib/policy/lattice";
import { identitiesOf } from "./load-identities";
import type { EffectivePolicy, Snapshot, SnapshotUseCase, UsablePolicy } from "./snapshot";
import { type ExceptionRow, type ReviewRow, type Rows, readRows, type VersionRow } from "./snapshot-rows";
import { withConnection } from "./with-connection";

/** Compiled policies by the digest of their effective document; a reload takes over those that did not change. */
export type PolicyCache = Map<string, UsablePolicy>;

/** Longest time (ms) that the database may take to hand everything over. */
const LOAD_MS = 10_000;

/** Reads everything at one instant of the database and compiles what is new. `cache` is brought up to date. */
export async function loadSnapshot(pool: Pool, now: Date, cache: PolicyCache): Promise<Snapshot> {
  const rows = await withConnection(pool, LOAD_MS, async (client) => {
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    const read = await readRows(client, now);
    await client.query("COMMIT");
    return read;
  });
  return assemble(rows, cache);
}

function assemble(rows: Rows, cache: PolicyCache): Snapshot {
  const used: PolicyCache = new Map();
  const policies = Map.groupBy(rows.policies, ({ owner }) => owner);
  const floors = Map.groupBy(rows.floors, ({ owner }) => owner);
  const exceptions = Map.groupBy(rows.exceptions, ({ slug }) => slug);
  const reviews = Map.groupBy(rows.reviews, ({ exception_id }) => exception_id);
  const useCases = new Map<string, SnapshotUseCase>();
  for (const { id, slug, environment, data_class } of rows.useCases) {
    const joined = joinedOver(policies.get(id) ?? [], floors.get(data_class) ?? []);
    useCases.set(slug, {
      id,
      slug,
      environment,
      policies: joined.map((each) => effectivePolicy(each, cache, used)),
      exceptions: (exceptions.get(slug) ?? []).flatMap((row) => termsOf(row, reviews.get(row.id) ?? [])),
    });
  }
  cache.clear();
  for (const [digest, policy] of used) cache.set(digest, policy);
  const detectors = rows.detectors.map(
    ({ name, kind, url, secret: sealed, timeout_ms: timeoutMs, options }) =>
      [name, { name, kind, url, sealed, timeoutMs, options }] as const,
  );
  return {
    version: rows.version,
    useCases,
    detectors: new Map(detectors),
    ...identitiesOf(rows, useCases),
  };
}

interface Joined {
  from: number;
  policy: VersionRow;
  floor: VersionRow | null;
}

/** The pairs of version and floor in force, from each instant at which either changes. */
function joinedOver(policies: VersionRow[], floors: VersionRow[]): Joined[] {
  const instants = [...new Set([...policies, ...floors].map((row) => row.effective_from.getTime()))];
  return instants
    .sort((a, b) => a - b)
    .flatMap((from) => {
      const inForce = (rows: VersionRow[]) => rows.findLast((row) => row.effective_from.getTime() <= from);
      const policy = inForce(policies);
      return policy === undefined ? [] : [{ from, policy, floor: inForce(floors) ?? null }];
    });
}

/** A document that cannot be used takes down its own use case and no other. */
function effectivePolicy(
  { from, policy, floor }: Joined,
  cache: PolicyCache,
  used: PolicyCache,
): EffectivePolicy {
  try {
    const document = effectiveDocument(parse(policy), floor && parse(floor));
    return { from, version: policy.number, usable: compiled(document, cache, used), problem: null };
  } catch (error) {
    const problem = error instanceof SluiceError ? error.message : "The policy document cannot be used.";
    return { from, version: policy.number, usable: null, problem };
  }
}

function parse(row: VersionRow): PolicyDocument {
  return policyDocumentSchema.parse(row.document);
}

function compiled(document: PolicyDocument, cache: PolicyCache, used: PolicyCache): UsablePolicy {
  const digest = documentDigest(document);
  const known = used.get(digest) ?? cache.get(digest);
  const policy = known ?? {
    compiled: compile(document),
    digestHex: digest.slice("sha256:".length),
    detectors: compileCustomDetectors(document.controls),
  };
  used.set(digest, policy);
  return policy;
}

/** The terms as they stood at each time, since an observation may lie before a review. */
function termsOf(row: ExceptionRow, reviews: ReviewRow[]): PolicyExceptionTerms[] {
  const past = reviews.map(({ due_at, at, next_review_at }) => ({
    dueAt: due_at,
    at,
    nextReviewAt: next_review_at,
  }));
  return epochsOf(toTerms(row), past);
}

function toTerms(row: ExceptionRow): PolicyExceptionTerms {
  return {
    id: row.id,
    ref: `EXC-${row.ref}`,
    useCase: row.slug,
    controls: row.controls,
    scope: row.scope,
    riskOwner: row.risk_owner,
    startsAt: row.starts_at,
    expiresAt: row.expires_at,
    reviewAt: row.review_at,
    reviewedAt: row.reviewed_at,
    endedAt: row.ended_at,
    approvedAt: row.decided_at,
  };
}
