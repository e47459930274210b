import { decisionRecordParts } from "@/lib/audit/decision-record";
import { leafHash } from "@/lib/audit/tree";
import type { Facts } from "@/lib/policy/facts";
import type { Outcome } from "@/lib/policy/vocabulary";

/** The exception of a finding as it is kept. Keys stand sorted here and below: what is hashed is canonical. */
export interface KeptException {
  daysLeft: number;
  /** ISO 8601, UTC. */
  expiresAt: string;
  id: string;
  ref: string;
  riskOwner: string;
}

/** A finding as it is kept: no spans, no content. */
export interface KeptFinding {
  control: string;
  effect: string;
  exception?: KeptException;
  level?: string;
  mode: string;
}

/** Tokens that the call of a model used, as telemetry told. */
export interface TokenCount {
  input: number;
  output: number;
}

/** One decision, ready to be recorded. Digests and hashes are lower-case hex. */
export interface Decision {
  /** UUIDv7 whose embedded time is `decidedAt`. */
  id: string;
  useCaseId: string;
  /** Slug. */
  useCase: string;
  decidedAt: Date;
  kind: "decision" | "observation";
  facts: Facts;
  /** `factsDigest(facts)`. */
  fact: string;
  policyVersion: number;
  /** Digest of the effective document: the version joined with the floor. */
  policyDigest: string;
  outcome: Outcome;
  wouldBe: Outcome;
  findings: KeptFinding[];
  sessionId: string | null;
  traceId: string | null;
  actorHash: string | null;
  contentDigest: string | null;
  /** Redacted. */
  excerpt: string | null;
  /** From receipt to outcome, without the commit; microseconds. */
  evaluatedUs: number;
  /** Recorded after the fact, because the database was away. */
  late: boolean;
  /** Names of fields that the caller made up. */
  synthetic: string[];
  /** Counted by the hour; no part of the record. */
  tokens?: TokenCount;
}

const encoder = new TextEncoder();

/** The canonical JSON (RFC 8785) of a decision's record. Findings are made with their keys in order. */
export function decisionRecord(decision: Decision): string {
  const record = { ...decision, decidedAt: decision.decidedAt.toISOString() };
  return decisionRecordParts(record, JSON.stringify(decision.findings)).join("");
}

/** The leaf hash of a decision's record. */
export function decisionLeaf(decision: Decision): Uint8Array {
  return leafHash(encoder.encode(decisionRecord(decision)));
}
