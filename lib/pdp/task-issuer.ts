import type { Pool } from "pg";
import { SluiceError } from "@/lib/errors";
import { type Caller, servedUseCase } from "./authenticate";
import type { Identity } from "./identity";
import type { Snapshot } from "./snapshot";
import { hashOfId, LONGEST_CHAIN, LONGEST_TASK_S, type TaskClaims, type TaskTokens } from "./task-token";
import { Traffic } from "./traffic";
import { withConnection } from "./with-connection";

/** What a task credential is wanted for. What is left out is that of the task credential it is made from. */
export interface TaskWish {
  useCase?: string;
  task?: string;
  purpose?: string;
  /** Seconds. */
  expiresIn?: number;
  /** A token of a configured issuer that says for whom the task is done. */
  actorToken?: string;
}

export interface TaskIssuer {
  /** Throws `invalid` with the field, `forbidden` for what the caller does not serve or was not given for. */
  issue(caller: Caller, wish: TaskWish, snapshot: Snapshot, now: Date): Promise<IssuedTask>;
  /**
   * Ends a task credential at once. Nothing happens for one that is dead or not ours. Throws `forbidden` when the
   * caller is neither its bearer nor what it was made from, `unavailable` when it cannot be written down.
   */
  revoke(caller: Caller, token: string, now: Date): Promise<void>;
}

export interface IssuedTask {
  token: string;
  /** Seconds, rounded down. */
  expiresIn: number;
}

/** Each revocation is heard by every decision point: so many in a minute for what task credentials are made from. */
const REVOCATIONS_PER_MINUTE = 600;
const WRITE_MS = 3_000;

export function createTaskIssuer(options: {
  identity: Identity;
  tokens: TaskTokens;
  pool: Pool;
  hashActor: (actorId: string) => string;
}): TaskIssuer {
  const { identity, tokens, pool, hashActor } = options;
  const revocations = new Traffic();

  /** For whom the task is done: a verified subject, kept as the same hash as the actor that a request names. */
  async function actorOf(
    { actorToken }: TaskWish,
    from: TaskClaims | undefined,
    subjectOf: (token: string) => Promise<string>,
  ): Promise<string | null> {
    const before = from?.actorHash ?? null;
    if (actorToken === undefined) return before;
    const subject = await subjectOf(actorToken).catch((error: unknown) => {
      if (!(error instanceof SluiceError) || error.code !== "unauthenticated") throw error;
      throw new SluiceError("invalid", "The actor_token cannot be used.", {
        fields: [{ path: "actor_token", message: "must be a valid token of a configured issuer" }],
        cause: error,
      });
    });
    const actor = hashActor(subject);
    if (before !== null && actor !== before) throw otherThan("actor_token");
    return actor;
  }

  return {
    issue: async (caller, wish, snapshot, now) => {
      const { task } = caller;
      const useCase = servedUseCase(caller, wish.useCase).slug;
      const given = { task: named(wish, "task", task), purpose: named(wish, "purpose", task) };
      const { ancestors, latest } = bounds(caller, now, wish.expiresIn ?? LONGEST_TASK_S);
      const actorHash = await actorOf(wish, task, (token) => identity.subjectOf(snapshot, token, now));
      const claims = {
        ...given,
        workloadId: caller.workload.id,
        useCase,
        actorHash,
        ancestors,
        parent: caller.root,
        issuedAt: now.getTime(),
        expiresAt: latest,
      };
      const expiresIn = Math.floor((latest - now.getTime()) / 1000);
      return { token: await tokens.mint(claims), expiresIn };
    },
    revoke: async (caller, token, now) => {
      const claims = await identity.readTask(token);
      if (claims === null || claims.expiresAt <= now.getTime()) return;
      if (!mayRevoke(caller, claims)) {
        throw new SluiceError(
          "forbidden",
          "Only its bearer and what it was made from may revoke a task credential.",
        );
      }
      if (revocations.requests(claims.parent.key, now.getTime(), true) > REVOCATIONS_PER_MINUTE) {
        const message = `At most ${REVOCATIONS_PER_MINUTE} task credentials are revoked in a minute; revoke what they were made from.`;
        throw new SluiceError("rate_limited", message, { retryAfterSeconds: 1 });
      }
      await writeDown(pool, claims, now);
      identity.bury(claims, now);
    },
  };
}

function named(wish: TaskWish, name: "task" | "purpose", from: TaskClaims | undefined): string {
  const value = wish[name] ?? from?.[name];
  if (value === undefined) {
    throw new SluiceError("invalid", `The ${name} is missing.`, {
      fields: [{ path: name, message: "must be named" }],
    });
  }
  if (from !== undefined && value !== from[name]) throw otherThan(name);
  return value;
}

function otherThan(name: string): SluiceError {
  return new SluiceError("forbidden", "A task credential is exchanged for the same task alone.", {
    fields: [{ path: name, message: "must be that of the task credential, or absent" }],
  });
}

/** A task credential ends with what it is made from, and a chain of them has an end. */
function bounds({ task, expiresAt }: Caller, now: Date, seconds: number) {
  const ancestors = task === undefined ? [] : [...task.ancestors, task.jti];
  if (ancestors.length >= LONGEST_CHAIN) {
    throw new SluiceError("forbidden", `A task credential is handed on at most ${LONGEST_CHAIN - 1} times.`);
  }
  const ends = [now.getTime() + seconds * 1000, task?.expiresAt, expiresAt?.getTime()];
  return { ancestors, latest: Math.min(...ends.filter((end) => end !== undefined)) };
}

function mayRevoke({ task, root }: Caller, claims: TaskClaims): boolean {
  if (task !== undefined) return task.jti === claims.jti || claims.ancestors.includes(task.jti);
  const { parent } = claims;
  if (root.kind === "static") return parent.kind === "static" && parent.key === root.key;
  return parent.kind === "federated" && parent.subject === root.subject;
}

async function writeDown(pool: Pool, { jti, workloadId, expiresAt }: TaskClaims, now: Date): Promise<void> {
  const sql = `INSERT INTO revoked_token (jti_hash, workload_id, expires_at, revoked_at)
    VALUES (decode($1, 'hex'), $2, $3, $4) ON CONFLICT DO NOTHING`;
  const values = [hashOfId(jti), workloadId, new Date(expiresAt), now];
  await withConnection(pool, WRITE_MS, (client) => client.query(sql, values)).catch((cause: unknown) => {
    const message = "The revocation cannot be written down now; try again.";
    throw new SluiceError("unavailable", message, { retryAfterSeconds: 1, cause });
  });
}
