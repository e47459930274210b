import { matchesHash, prefixOf } from "@/lib/access/credential-secret";
import { SluiceError } from "@/lib/errors";
import type { CredentialKind } from "@/lib/policy/vocabulary";
import type { Snapshot, SnapshotUseCase, SnapshotWorkload } from "./snapshot";
import type { TaskClaims, TaskParent } from "./task-token";

/** What a caller showed at the door. */
export interface ShownCredential {
  /** What limits are counted by; no secret. A task credential counts as what it was exchanged for. */
  prefix: string;
  kind: CredentialKind;
  /** From when its age is counted. */
  createdAt: Date;
}

/** Who asks. */
export interface Caller {
  /** Under a task credential it serves that task's use case alone. */
  workload: SnapshotWorkload;
  credential: ShownCredential;
  /** What a task credential made for this caller hangs on. */
  root: TaskParent;
  /** From when on the key or the issuer's token is not let in any more. */
  expiresAt?: Date;
  /** What a task credential says. */
  task?: TaskClaims;
}

const NOBODY = new Uint8Array(32);

/** The secret of an `Authorization: Bearer` header; empty when there is none. */
export function bearerOf(authorization: string | undefined): string {
  return /^Bearer +(\S+)$/i.exec(authorization ?? "")?.[1] ?? "";
}

/**
 * The workload behind an API key. Throws `unauthenticated` for anything else than a key that is known, not revoked, not
 * expired, and of a workload not retired. Only who holds the secret learns that it expired.
 */
export function authenticateKey(snapshot: Snapshot, secret: string, now: Date): Caller {
  const credential = snapshot.credentials.get(prefixOf(secret) ?? "");
  const holds = matchesHash(secret, credential?.secretHash ?? NOBODY);
  if (credential === undefined || !holds || credential.revokedAt !== null) throw unauthenticated();
  if (credential.workload.retiredAt !== null) throw unauthenticated();
  if (credential.expiresAt.getTime() <= now.getTime()) throw unauthenticated("The credential has expired.");
  const { workload, prefix, expiresAt } = credential;
  return { workload, credential, expiresAt, root: { kind: "static", key: prefix } };
}

export function unauthenticated(
  message = "A valid workload credential is needed, as a bearer token.",
): SluiceError {
  return new SluiceError("unauthenticated", message);
}

/** The use case that is asked about; throws `forbidden` when it is not served, `invalid` when it must be named. */
export function servedUseCase({ workload }: Caller, named: string | undefined): SnapshotUseCase {
  if (named !== undefined) {
    const useCase = workload.useCases.get(named);
    if (useCase !== undefined) return useCase;
    throw new SluiceError("forbidden", "The credential does not serve this use case.");
  }
  const [only, another] = workload.useCases.values();
  if (only === undefined) throw new SluiceError("forbidden", "The credential serves no use case.");
  if (another === undefined) return only;
  throw new SluiceError("invalid", "The credential serves several use cases; name one.", {
    fields: [{ path: "useCase", message: "must be named, since the credential serves several use cases" }],
  });
}
