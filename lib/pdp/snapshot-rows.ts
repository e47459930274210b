import type { PoolClient } from "pg";
import type { ExceptionScope } from "@/lib/policy/exception";
import type { CredentialKind, DataClass, Environment } from "@/lib/policy/vocabulary";

/** What the snapshot is made of, as the database has it. */

interface UseCaseRow {
  id: string;
  slug: string;
  environment: Environment;
  data_class: DataClass;
}
export interface VersionRow {
  /** Use case, or data class for a floor. */
  owner: string;
  number: number;
  document: unknown;
  effective_from: Date;
}
export interface ExceptionRow {
  id: string;
  ref: number;
  slug: string;
  controls: string[];
  scope: ExceptionScope;
  risk_owner: string;
  starts_at: Date;
  expires_at: Date;
  review_at: Date;
  reviewed_at: Date | null;
  ended_at: Date | null;
  decided_at: Date;
}
export interface ReviewRow {
  exception_id: string;
  due_at: Date;
  at: Date;
  next_review_at: Date;
}
interface WorkloadRow {
  id: string;
  slug: string;
  retired_at: Date | null;
  tasks_valid_from: Date | null;
  use_cases: string[];
}
interface CredentialRow {
  workload_id: string;
  prefix: string;
  kind: CredentialKind;
  secret_hash: Buffer;
  created_at: Date;
  expires_at: Date;
  revoked_at: Date | null;
}

interface IssuerRow {
  id: string;
  issuer: string;
  jwks_uri: string | null;
}
interface FederationRow {
  id: string;
  workload_id: string;
  issuer_id: string;
  audience: string;
  subject: string;
}

interface DetectorRow {
  name: string;
  kind: string;
  url: string;
  secret: Buffer | null;
  timeout_ms: number;
  options: unknown;
}

/** The version in force at $1 and those that follow it, for each owner. */
const versions = (table: string, owner: string) => `
  SELECT v.${owner}::text AS owner, v.number, v.document, v.effective_from FROM ${table} v
  WHERE v.number >= coalesce(
    (SELECT max(c.number) FROM ${table} c WHERE c.${owner} = v.${owner} AND c.effective_from <= $1), 0)
  ORDER BY 1, v.number`;

const EXCEPTIONS = `
  SELECT e.id, e.ref, u.slug, e.controls, e.scope, p.name AS risk_owner, e.starts_at, e.expires_at, e.review_at,
    e.reviewed_at, e.ended_at, e.decided_at
  FROM policy_exception e JOIN use_case u ON u.id = e.use_case_id JOIN person p ON p.id = e.risk_owner_id
  WHERE e.status IN ('approved', 'revoked', 'retired') AND e.expires_at > $1::timestamptz - interval '400 days'
  ORDER BY e.ref`;

const REVIEWS = `
  SELECT r.exception_id, r.due_at, r.at, r.next_review_at
  FROM exception_review r JOIN policy_exception e ON e.id = r.exception_id
  WHERE e.expires_at > $1::timestamptz - interval '400 days'`;

const WORKLOADS = `
  SELECT w.id, w.slug, w.retired_at, w.tasks_valid_from,
    coalesce(array_agg(u.slug ORDER BY u.slug) FILTER (WHERE u.id IS NOT NULL), '{}') AS use_cases
  FROM workload w LEFT JOIN workload_use_case s ON s.workload_id = w.id LEFT JOIN use_case u ON u.id = s.use_case_id
  GROUP BY w.id`;

const ISSUERS =
  "SELECT id, issuer, jwks_uri FROM federated_issuer WHERE retired_at IS NULL ORDER BY created_at DESC";

const FEDERATIONS = `
  SELECT f.id, f.workload_id, f.issuer_id, f.audience, f.subject
  FROM workload_federation f JOIN federated_issuer i ON i.id = f.issuer_id
  WHERE f.removed_at IS NULL AND i.retired_at IS NULL`;

const DETECTORS =
  "SELECT name, kind, url, secret, timeout_ms, options FROM outside_detector WHERE retired_at IS NULL";

const REVOKED_TOKENS = "SELECT encode(jti_hash, 'hex') AS jti FROM revoked_token WHERE expires_at > $1";

/** Reads all of it in the caller's transaction; `now` tells which versions are in force and which follow. */
export async function readRows(client: PoolClient, now: Date) {
  const rows = async <T extends object>(sql: string, values: unknown[] = []) =>
    (await client.query<T>(sql, values)).rows;
  const [version] = await rows<{ n: string }>("SELECT n FROM snapshot_version");
  return {
    version: Number(version?.n ?? 0),
    useCases: await rows<UseCaseRow>("SELECT id, slug, environment, data_class FROM use_case"),
    policies: await rows<VersionRow>(versions("policy_version", "use_case_id"), [now]),
    floors: await rows<VersionRow>(versions("floor_version", "data_class"), [now]),
    exceptions: await rows<ExceptionRow>(EXCEPTIONS, [now]),
    reviews: await rows<ReviewRow>(REVIEWS, [now]),
    workloads: await rows<WorkloadRow>(WORKLOADS),
    credentials: await rows<CredentialRow>("SELECT * FROM credential"),
    issuers: await rows<IssuerRow>(ISSUERS),
    federations: await rows<FederationRow>(FEDERATIONS),
    detectors: await rows<DetectorRow>(DETECTORS),
    revokedTokens: await rows<{ jti: string }>(REVOKED_TOKENS, [now]),
  };
}

export type Rows = Awaited<ReturnType<typeof readRows>>;
