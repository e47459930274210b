import { prefixOf } from "@/lib/access/credential-secret";
import { authenticateKey, type Caller, unauthenticated } from "./authenticate";
import { federationOf, type ReadForeign } from "./federated";
import type { Snapshot, SnapshotIssuer } from "./snapshot";
import { hashOfId, hashOfSubject, TASK_ISSUER, type TaskClaims, type TaskTokens } from "./task-token";
import { TokenMemory } from "./token-memory";

/** A longer one is no token of anybody: bytes of a header line. */
export const LONGEST_TOKEN = 8_192;

export interface Identity {
  /**
   * The workload behind an API key, a token of a configured issuer, or a task credential. Throws `unauthenticated`,
   * and `unavailable` when the keys of a token's issuer cannot be had.
   */
  authenticate(snapshot: Snapshot, secret: string, now: Date): Promise<Caller>;
  /** The subject of any token of a configured issuer, whose workload it may not be. Throws as `authenticate`. */
  subjectOf(snapshot: Snapshot, token: string, now: Date): Promise<string>;
  /** What a task credential of ours says, alive or not; null for anything else. */
  readTask(token: string): Promise<TaskClaims | null>;
  /** From now on a task credential is dead here, before the snapshot says so. */
  bury(claims: TaskClaims, now: Date): void;
}

/** Says who is behind what is shown at the door. Every use is judged by the snapshot as it then is. */
export function createIdentity(tasks: TaskTokens, readForeign: ReadForeign): Identity {
  const memory = new TokenMemory<TaskClaims>();
  const buried = new Map<string, number>();

  async function byTask(snapshot: Snapshot, token: string, now: Date): Promise<Caller> {
    const at = now.getTime();
    let claims = memory.get(token, at);
    if (claims === undefined) {
      claims = (await tasks.read(token)) ?? undefined;
      if (claims === undefined) throw unauthenticated();
      if (claims.expiresAt > at) memory.set(token, claims);
    }
    if (claims.expiresAt <= at) throw unauthenticated("The task credential has expired.");
    return taskCaller(snapshot, claims, now, (jti) => buried.has(jti));
  }

  async function byIssuer(issuer: SnapshotIssuer, token: string, now: Date): Promise<Caller> {
    const claims = await readForeign(token, issuer, now);
    const { id, workload } = federationOf(issuer, claims);
    const subject = hashOfSubject(issuer.issuer, claims.subject);
    return {
      workload,
      credential: { prefix: id, kind: "federated", createdAt: claims.issuedAt },
      root: { kind: "federated", key: id, subject },
      expiresAt: new Date(claims.expiresAt),
    };
  }

  return {
    authenticate: async (snapshot, secret, now) => {
      if (prefixOf(secret) !== null || !isToken(secret)) return authenticateKey(snapshot, secret, now);
      const issuer = statedIssuer(secret);
      if (issuer === TASK_ISSUER) return byTask(snapshot, secret, now);
      return byIssuer(configured(snapshot, issuer), secret, now);
    },
    subjectOf: async (snapshot, token, now) => {
      if (!isToken(token)) throw unauthenticated();
      return (await readForeign(token, configured(snapshot, statedIssuer(token)), now)).subject;
    },
    readTask: async (token) =>
      isToken(token) && statedIssuer(token) === TASK_ISSUER ? tasks.read(token) : null,
    bury: ({ jti, expiresAt }, now) => {
      for (const [id, until] of buried) if (until <= now.getTime()) buried.delete(id);
      buried.set(hashOfId(jti), expiresAt);
    },
  };
}

/** Three parts of base64url: a signed JWT in its compact form, so far as its looks go. */
function isToken(secret: string): boolean {
  return secret.length <= LONGEST_TOKEN && /^[\w-]+\.[\w-]+\.[\w-]+$/.test(secret);
}

/** What a token says of its issuer, unverified: it chooses the keys to try and nothing else. */
function statedIssuer(token: string): unknown {
  const [, payload = ""] = token.split(".");
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
    return typeof claims === "object" && claims !== null && "iss" in claims ? claims.iss : undefined;
  } catch {
    return undefined;
  }
}

function configured(snapshot: Snapshot, issuer: unknown): SnapshotIssuer {
  const known = typeof issuer === "string" ? snapshot.issuers.get(issuer) : undefined;
  if (known === undefined) throw unauthenticated();
  return known;
}

/** Everything a task credential hangs on must still stand: its workload, what it was made from, and no revocation. */
function taskCaller(
  snapshot: Snapshot,
  task: TaskClaims,
  now: Date,
  isBuried: (jtiHash: string) => boolean,
): Caller {
  const workload = snapshot.workloads.get(task.workloadId);
  if (workload === undefined || workload.retiredAt !== null) throw unauthenticated();
  const revoked = [task.jti, ...task.ancestors]
    .map(hashOfId)
    .some((jti) => snapshot.revokedTokens.has(jti) || isBuried(jti));
  const { tasksValidFrom } = workload;
  const isOld = tasksValidFrom !== null && task.issuedAt < tasksValidFrom.getTime();
  if (revoked || isOld || !parentStands(snapshot, task, now)) {
    throw unauthenticated("The task credential is revoked.");
  }
  const useCase = workload.useCases.get(task.useCase);
  return {
    workload: { ...workload, useCases: new Map(useCase && [[useCase.slug, useCase]]) },
    credential: { prefix: task.parent.key, kind: "task", createdAt: bornAt(snapshot, task) },
    root: task.parent,
    task,
  };
}

/** A task credential is as old as the key that it was made from: exchanging a stale key makes it no younger. */
function bornAt({ credentials }: Snapshot, { parent, issuedAt }: TaskClaims): Date {
  const key = parent.kind === "static" ? credentials.get(parent.key) : undefined;
  return key?.createdAt ?? new Date(issuedAt);
}

function parentStands(
  { credentials, federations }: Snapshot,
  { parent, workloadId }: TaskClaims,
  now: Date,
): boolean {
  if (parent.kind === "federated") return federations.get(parent.key)?.workload.id === workloadId;
  const key = credentials.get(parent.key);
  return key?.workload.id === workloadId && key.revokedAt === null && key.expiresAt.getTime() > now.getTime();
}
