import type { OutsideDetector } from "@/lib/detect/outside/types";
import type { CompiledCustomDetectors } from "@/lib/detect/registry";
import type { CompiledPolicy } from "@/lib/policy/compile";
import type { PolicyExceptionTerms } from "@/lib/policy/exception";
import type { CredentialKind, Environment } from "@/lib/policy/vocabulary";

/** A policy version joined with the floor, from the instant it is in force. */
export interface EffectivePolicy {
  /** Milliseconds since the epoch. */
  from: number;
  /** Number of the version. */
  version: number;
  /** Null when the document cannot be used; `problem` then says why. */
  usable: UsablePolicy | null;
  problem: string | null;
}

export interface UsablePolicy {
  compiled: CompiledPolicy;
  /** `compiled.digest` without its `sha256:`. */
  digestHex: string;
  detectors: CompiledCustomDetectors;
}

export interface SnapshotUseCase {
  id: string;
  slug: string;
  environment: Environment;
  /** In order of `from`: the one in force when this was loaded, and those that are known to follow. */
  policies: EffectivePolicy[];
  /** Approved ones: scheduled, in force, and ended within the time that observations reach back. */
  exceptions: PolicyExceptionTerms[];
}

export interface SnapshotWorkload {
  id: string;
  slug: string;
  retiredAt: Date | null;
  /** Task credentials issued before this instant are dead. */
  tasksValidFrom: Date | null;
  /** Those it serves, by slug. */
  useCases: Map<string, SnapshotUseCase>;
}

export interface SnapshotCredential {
  /** Names it in lists and limits; no secret. */
  prefix: string;
  workload: SnapshotWorkload;
  kind: CredentialKind;
  secretHash: Buffer;
  createdAt: Date;
  expiresAt: Date;
  revokedAt: Date | null;
}

/** Somebody outside who vouches for workloads by signed tokens. */
export interface SnapshotIssuer {
  id: string;
  /** What `iss` must say, to the letter. */
  issuer: string;
  /** Where its keys are; null: where its discovery document says. */
  jwksUri: string | null;
  federations: SnapshotFederation[];
}

/** Whose the tokens of an issuer are. */
export interface SnapshotFederation {
  id: string;
  workload: SnapshotWorkload;
  audience: string;
  /** A glob over `sub`. */
  subject: string;
}

/** An outside detector, its key still sealed. */
export interface SnapshotDetector extends Omit<OutsideDetector, "secret"> {
  sealed: Buffer | null;
}

/** All that is needed to decide, at one version of the database. Never changed after it was loaded. */
export interface Snapshot {
  /** `snapshot_version.n`. */
  version: number;
  credentials: ReadonlyMap<string, SnapshotCredential>;
  /** By id. */
  workloads: ReadonlyMap<string, SnapshotWorkload>;
  /** By what `iss` says; retired ones are not here. */
  issuers: ReadonlyMap<string, SnapshotIssuer>;
  /** Of the issuers above, by id; removed ones are not here. */
  federations: ReadonlyMap<string, SnapshotFederation>;
  /** SHA-256 (hex) of the ids of task credentials that are dead before their time. */
  revokedTokens: ReadonlySet<string>;
  useCases: ReadonlyMap<string, SnapshotUseCase>;
  /** Outside detectors by name. */
  detectors: ReadonlyMap<string, SnapshotDetector>;
}

/** The policy in force at an instant: the last that has begun, or null when none has. */
export function policyAt(useCase: SnapshotUseCase, now: Date): EffectivePolicy | null {
  const at = now.getTime();
  return useCase.policies.findLast(({ from }) => from <= at) ?? null;
}
