/** A tree head: how many entries the log has, the root over them, and when that was signed. */
export interface TreeHead {
  size: number;
  /** 32 bytes. */
  root: Uint8Array;
  at: Date;
}

const HEADER = "sluice.audit/v1";

/**
 * The bytes that a checkpoint signs, in the manner of the C2SP checkpoint (c2sp.org/tlog-checkpoint): origin,
 * size, root in base64, and the time in ISO 8601 UTC with milliseconds, each ended by a newline.
 */
export function checkpointText(head: TreeHead): string {
  const root = btoa(String.fromCharCode(...head.root));
  return `${HEADER}\n${head.size}\n${root}\n${head.at.toISOString()}\n`;
}
