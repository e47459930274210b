import type {
  Snapshot,
  SnapshotCredential,
  SnapshotFederation,
  SnapshotIssuer,
  SnapshotUseCase,
  SnapshotWorkload,
} from "./snapshot";
import type { Rows } from "./snapshot-rows";

type Identities = Pick<Snapshot, "credentials" | "workloads" | "issuers" | "federations" | "revokedTokens">;

/** The part of a snapshot that says who may ask. */
export function identitiesOf(rows: Rows, useCases: ReadonlyMap<string, SnapshotUseCase>): Identities {
  const workloads = workloadsOf(rows, useCases);
  return {
    workloads,
    credentials: credentialsOf(rows, workloads),
    ...issuersOf(rows, workloads),
    revokedTokens: new Set(rows.revokedTokens.map(({ jti }) => jti)),
  };
}

function workloadsOf(rows: Rows, useCases: ReadonlyMap<string, SnapshotUseCase>) {
  const workloads = new Map<string, SnapshotWorkload>();
  for (const { id, slug, retired_at, tasks_valid_from, use_cases } of rows.workloads) {
    const served = use_cases.flatMap((name) => {
      const useCase = useCases.get(name);
      return useCase ? [[name, useCase] as const] : [];
    });
    workloads.set(id, {
      id,
      slug,
      retiredAt: retired_at,
      tasksValidFrom: tasks_valid_from,
      useCases: new Map(served),
    });
  }
  return workloads;
}

function credentialsOf(rows: Rows, workloads: ReadonlyMap<string, SnapshotWorkload>) {
  const credentials = new Map<string, SnapshotCredential>();
  for (const row of rows.credentials) {
    const workload = workloads.get(row.workload_id);
    if (workload === undefined) continue;
    credentials.set(row.prefix, {
      prefix: row.prefix,
      workload,
      kind: row.kind,
      secretHash: row.secret_hash,
      createdAt: row.created_at,
      expiresAt: row.expires_at,
      revokedAt: row.revoked_at,
    });
  }
  return credentials;
}

function issuersOf(rows: Rows, workloads: ReadonlyMap<string, SnapshotWorkload>) {
  const byId = new Map<string, SnapshotIssuer>();
  for (const { id, issuer, jwks_uri } of rows.issuers) {
    byId.set(id, { id, issuer, jwksUri: jwks_uri, federations: [] });
  }
  const federations = new Map<string, SnapshotFederation>();
  for (const { id, workload_id, issuer_id, audience, subject } of rows.federations) {
    const workload = workloads.get(workload_id);
    const issuer = byId.get(issuer_id);
    if (workload === undefined || issuer === undefined) continue;
    const federation = { id, workload, audience, subject };
    issuer.federations.push(federation);
    federations.set(id, federation);
  }
  const issuers = new Map([...byId.values()].map((issuer) => [issuer.issuer, issuer] as const));
  return { issuers, federations };
}
