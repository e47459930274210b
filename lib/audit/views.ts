/** An audit entry as it is shown. Times are ISO 8601 UTC. */
export interface AuditEntryView {
  number: number;
  id: string;
  at: string;
  action: string;
  actor: { kind: string; id: string; name: string };
  subject: { kind: string; id: string; ref: string | null };
  useCase: string | null;
  reason: string | null;
  detail: Record<string, unknown>;
  /** Hex. */
  leafHash: string;
}

/** A signed tree head. `text` is what the signature is over. */
export interface CheckpointView {
  size: number;
  /** Base64. */
  root: string;
  at: string;
  keyId: string;
  /** Base64. */
  signature: string;
  text: string;
}

export interface ProvenEntryView extends AuditEntryView {
  /** The way from the entry to the newest checkpoint; null while no checkpoint covers it. Hashes in hex. */
  inclusion: { checkpoint: CheckpointView; proof: string[] } | null;
}
