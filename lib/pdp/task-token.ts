import { hash, hkdfSync, randomUUID } from "node:crypto";
import { compactVerify, SignJWT } from "jose";
import { z } from "zod";

/** `iss` of task credentials. No issuer can be configured under it: those are URLs. */
export const TASK_ISSUER = "sluice";
/** A task credential lives at most this long, in seconds. */
export const LONGEST_TASK_S = 900;
/** How often a task credential may be made from another. */
export const LONGEST_CHAIN = 4;

/** What a task credential was exchanged for: an API key by its prefix, or a token by the binding that it fitted. */
export type TaskParent =
  | { kind: "static"; key: string }
  /** `subject`: SHA-256 (base64url) of issuer and subject. */
  | { kind: "federated"; key: string; subject: string };

/** What a task credential says. Instants are milliseconds since the epoch. */
export interface TaskClaims {
  workloadId: string;
  /** Slug. */
  useCase: string;
  task: string;
  purpose: string;
  /** Keyed hash of the verified person or agent for whom the task is done. */
  actorHash: string | null;
  jti: string;
  /** Ids of the task credentials that it was made from, the first first. */
  ancestors: string[];
  parent: TaskParent;
  issuedAt: number;
  expiresAt: number;
}

export interface TaskTokens {
  mint(claims: Omit<TaskClaims, "jti">): Promise<string>;
  /** What a token of ours says; null for any other. Says nothing of whether it still counts. */
  read(token: string): Promise<TaskClaims | null>;
}

const TYPE = "at+jwt";

const payloadSchema = z.object({
  iss: z.literal(TASK_ISSUER),
  sub: z.string(),
  jti: z.string(),
  iat: z.number(),
  exp: z.number(),
  use_case: z.string(),
  task: z.string(),
  purpose: z.string(),
  act: z.object({ sub: z.string() }).optional(),
  from: z.array(z.string()),
  parent: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("static"), key: z.string() }),
    z.object({ kind: z.literal("federated"), key: z.string(), subject: z.string() }),
  ]),
});

/**
 * Task credentials: JWTs signed with HMAC-SHA-256 under a key derived from the installation's secret by HKDF-SHA-256
 * (RFC 5869), so that every decision point of an installation reads them and nobody else can make one.
 */
export function createTaskTokens(secret: string): TaskTokens {
  const key = new Uint8Array(hkdfSync("sha256", secret, Buffer.alloc(0), "sluice task credential v1", 32));
  return {
    mint: ({ workloadId, useCase, task, purpose, actorHash, ancestors, parent, issuedAt, expiresAt }) =>
      new SignJWT({
        iss: TASK_ISSUER,
        sub: workloadId,
        jti: randomUUID(),
        iat: issuedAt / 1000,
        exp: expiresAt / 1000,
        use_case: useCase,
        task,
        purpose,
        ...(actorHash !== null && { act: { sub: actorHash } }),
        from: ancestors,
        parent,
      })
        .setProtectedHeader({ alg: "HS256", typ: TYPE })
        .sign(key),
    read: async (token) => {
      const verified = await compactVerify(token, key, { algorithms: ["HS256"] }).catch(() => null);
      if (verified === null || verified.protectedHeader.typ !== TYPE) return null;
      return claimsOf(verified.payload);
    },
  };
}

function claimsOf(bytes: Uint8Array): TaskClaims | null {
  const parsed = payloadSchema.safeParse(JSON.parse(Buffer.from(bytes).toString("utf8")));
  if (!parsed.success) return null;
  const { sub, jti, iat, exp, use_case, task, purpose, act, from, parent } = parsed.data;
  return {
    workloadId: sub,
    useCase: use_case,
    task,
    purpose,
    actorHash: act?.sub ?? null,
    jti,
    ancestors: from,
    parent,
    issuedAt: Math.round(iat * 1000),
    expiresAt: Math.round(exp * 1000),
  };
}

/** Under what a task credential's id is kept once it is revoked: SHA-256, hex. */
export function hashOfId(jti: string): string {
  return hash("sha256", jti, "hex");
}

/** Names one subject of one issuer: SHA-256, base64url. */
export function hashOfSubject(issuer: string, subject: string): string {
  return hash("sha256", JSON.stringify([issuer, subject]), "base64url");
}
