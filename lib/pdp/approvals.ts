import type { Pool } from "pg";
import { refOf, type Standing, statusAt } from "@/lib/approvals/rules";
import { SluiceError } from "@/lib/errors";
import type { Approval, ApprovalStatus } from "./answer";
import { type Asked, approvalUrl, holdRequest } from "./hold-request";
import type { AnyRequest } from "./request";
import { createRequestDigest } from "./request-digest";
import type { SnapshotWorkload } from "./snapshot";
import { createVerdictWatch } from "./verdict-watch";
import { withConnection } from "./with-connection";

/** What is told of a held request to the workload that asked. Times are ISO 8601, UTC. */
export interface ApprovalAnswer {
  id: string;
  ref: string;
  url: string;
  status: ApprovalStatus;
  decidedAt: string | null;
  /** What the person who decided gave as a reason. */
  reason: string | null;
  expiresAt: string;
}

export interface Approvals {
  /** Holds a request, or uses the grant that it has: see `holdRequest`. Null when the database does not do it. */
  hold(
    asked: Omit<Asked, "requestDigest"> & { request: AnyRequest; actorHash: string | null },
  ): Promise<Approval | null>;
  /**
   * How a held request of this workload stands, in a use case that the caller serves; one that is pending is waited for
   * up to `waitMs`. Throws `not_found` for that of another, `unavailable` when the database is away or too many wait.
   */
  ask(id: string, workload: Asker, waitMs: number, gone: AbortSignal): Promise<ApprovalAnswer>;
  /** Answers everyone who waits, now. */
  release(): void;
}

type Asker = Pick<SnapshotWorkload, "id" | "useCases">;

interface Row extends Standing {
  id: string;
  ref: number;
  decidedAt: Date | null;
  reason: string | null;
}

const TIMEOUT_MS = 2_000;
const READ = `SELECT id, ref, verdict, reason, expires_at AS "expiresAt", used_at AS "usedAt", decided_at AS "decidedAt"
  FROM approval_request WHERE id = $1 AND workload_id = $2 AND use_case_id = ANY($3::uuid[])`;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Held requests at the decision point. `pool` should be its own: who waits for people must not keep decisions waiting. */
export function createApprovals(options: {
  pool: Pool;
  secret: string;
  now: () => Date;
  onFailure: (error: unknown) => void;
}): Approvals {
  const { pool, now, onFailure } = options;
  const digestOf = createRequestDigest(options.secret);
  const watch = createVerdictWatch(pool, { onFailure });

  async function read(id: string, workload: Asker): Promise<Row> {
    const served = [...workload.useCases.values()].map((useCase) => useCase.id);
    const found = await withConnection(pool, TIMEOUT_MS, (client) =>
      client.query<Row>(READ, [id, workload.id, served]),
    ).catch((cause: unknown) => {
      onFailure(cause);
      throw new SluiceError("unavailable", "The database does not answer.", { retryAfterSeconds: 1, cause });
    });
    const row = found.rows[0];
    if (row === undefined) throw missing();
    return row;
  }

  return {
    hold: async ({ request, actorHash, ...asked }) => {
      const requestDigest = digestOf(request, actorHash);
      try {
        return await withConnection(pool, TIMEOUT_MS, (client) =>
          holdRequest(client, { ...asked, requestDigest }, now()),
        );
      } catch (error) {
        onFailure(error);
        return null;
      }
    },
    ask: async (id, workload, waitMs, gone) => {
      if (!UUID.test(id)) throw missing();
      const before = await read(id, workload);
      if (waitMs === 0 || statusAt(before, now()) !== "pending") return toAnswer(before, now());
      await watch.wait(id, Math.min(waitMs, before.expiresAt.getTime() - now().getTime()), gone);
      return toAnswer(await read(id, workload), now());
    },
    release: watch.release,
  };
}

function missing(): SluiceError {
  return new SluiceError("not_found", "There is no such held request.");
}

function toAnswer(row: Row, now: Date): ApprovalAnswer {
  return {
    id: row.id,
    ref: refOf(row),
    url: approvalUrl(row.id),
    status: statusAt(row, now),
    decidedAt: row.decidedAt?.toISOString() ?? null,
    reason: row.reason,
    expiresAt: row.expiresAt.toISOString(),
  };
}
