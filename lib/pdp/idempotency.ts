import type { ClientBase } from "pg";

/** What a caller's Idempotency-Key binds: the key of a workload in a use case to one request and its answer. */
export interface Claim {
  useCaseId: string;
  workloadId: string;
  key: string;
  /** SHA-256 of the request, hex. */
  requestDigest: string;
  /** What every repeat is answered. Holds no content. */
  answer: unknown;
}

/** A claim and when it was made: from then on it counts for a day. */
export interface DatedClaim extends Claim {
  at: Date;
}

/** What stands under a key that someone claimed before. */
export interface KeptAnswer {
  requestDigest: string;
  answer: unknown;
  recordedAt: Date;
}

/** One name for a key in its scope. */
export function claimName({ useCaseId, workloadId, key }: Omit<Claim, "requestDigest" | "answer">): string {
  return `${useCaseId} ${workloadId} ${key}`;
}

const CLAIM = `
INSERT INTO decision_key (use_case_id, workload_id, key, request_digest, answer, at)
SELECT u, w, k, decode(d, 'hex'), a, t
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::jsonb[], $6::timestamptz[]) AS x(u, w, k, d, a, t)
ON CONFLICT DO NOTHING
RETURNING use_case_id, workload_id, key`;

/**
 * Claims keys inside the caller's transaction and returns the names of those that were free. Waits for whoever
 * claims one at the same moment; in order of the names, so that nobody waits in a circle.
 */
export async function claimKeys(client: ClientBase, claims: readonly DatedClaim[]): Promise<Set<string>> {
  const ordered = claims.toSorted((a, b) => (claimName(a) < claimName(b) ? -1 : 1));
  const { rows } = await client.query<{ use_case_id: string; workload_id: string; key: string }>(CLAIM, [
    ordered.map(({ useCaseId }) => useCaseId),
    ordered.map(({ workloadId }) => workloadId),
    ordered.map(({ key }) => key),
    ordered.map(({ requestDigest }) => requestDigest),
    ordered.map(({ answer }) => JSON.stringify(answer)),
    ordered.map(({ at }) => at),
  ]);
  return new Set(
    rows.map((row) => claimName({ useCaseId: row.use_case_id, workloadId: row.workload_id, key: row.key })),
  );
}

interface KeptRow {
  use_case_id: string;
  workload_id: string;
  key: string;
  request_digest: Buffer;
  answer: unknown;
  at: Date;
}

/** What stands under keys, by their names. */
export async function keptAnswers(
  client: ClientBase,
  claims: readonly Claim[],
): Promise<Map<string, KeptAnswer>> {
  const { rows } = await client.query<KeptRow>(
    `SELECT d.* FROM decision_key d JOIN unnest($1::uuid[], $2::uuid[], $3::text[]) AS x(u, w, k)
     ON d.use_case_id = x.u AND d.workload_id = x.w AND d.key = x.k`,
    [
      claims.map(({ useCaseId }) => useCaseId),
      claims.map(({ workloadId }) => workloadId),
      claims.map(({ key }) => key),
    ],
  );
  return new Map(
    rows.map((row) => [
      claimName({ useCaseId: row.use_case_id, workloadId: row.workload_id, key: row.key }),
      { requestDigest: row.request_digest.toString("hex"), answer: row.answer, recordedAt: row.at },
    ]),
  );
}
