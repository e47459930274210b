import { type FileHandle, open } from "node:fs/promises";
import type { Item } from "./commit";
import type { Decision } from "./decision";
import type { Claim } from "./idempotency";
import { readFrame } from "./spool-file";

/** One absence of the database, as one decision point met it. */
export interface Outage {
  id: string;
  since: Date;
}

/** Decisions that were written and acknowledged together. */
export interface SpoolRecord {
  at: Date;
  outage: Outage;
  items: Item[];
}

/** A file of a spool, as the process knows it. */
export interface Segment {
  path: string;
  /** Where what is on the disk for sure ends. */
  end: number;
  /** Where what is not in the database yet begins. */
  from: number;
  damaged: number;
  /** Decisions after `from`. */
  decisions: number;
  /** Names of the claims in it. */
  names: string[];
  /** Open for appending. */
  handle: FileHandle | null;
}

/** Records of `most` decisions or a little more, and where the following begin. */
export async function readRecords(
  segment: Segment,
  most: number,
): Promise<{ records: SpoolRecord[]; next: number }> {
  const handle = await open(segment.path, "r");
  const records: SpoolRecord[] = [];
  let next = segment.from;
  try {
    for (let n = 0; n < most && next < segment.end; ) {
      const frame = await readFrame(handle, next, segment.end);
      if (frame === null) throw new Error("A file of the spool is not what it was.");
      next = frame.next;
      if (frame.payload === null) continue;
      const record = parseRecord(frame.payload);
      records.push(record);
      n += record.items.length;
    }
  } finally {
    await handle.close();
  }
  return { records, next };
}

/** What JSON makes of the types below: instants are texts. */
interface WrittenRecord {
  at: string;
  outage: { id: string; since: string };
  items: { decision: Omit<Decision, "decidedAt"> & { decidedAt: string }; claim: Claim | null }[];
}

/** The record that a frame holds. */
export function parseRecord(payload: Buffer): SpoolRecord {
  const { at, outage, items } = JSON.parse(payload.toString("utf8")) as WrittenRecord;
  return {
    at: new Date(at),
    outage: { id: outage.id, since: new Date(outage.since) },
    items: items.map(({ decision, claim }) => ({
      decision: { ...decision, decidedAt: new Date(decision.decidedAt) },
      claim,
    })),
  };
}
