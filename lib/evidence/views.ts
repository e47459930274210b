import type { PersonRef } from "@/lib/people/views";
import type { Manifest } from "./format";
import type { PackStatus } from "./lifecycle";

/** An evidence pack as it is shown. Times are ISO 8601 UTC. */
export interface PackView {
  id: string;
  /** `PACK-7`. */
  ref: string;
  from: string;
  to: string;
  /** Slugs; empty means every use case. */
  useCases: string[];
  status: PackStatus;
  /** 0 to 1. */
  progress: number;
  requestedBy: PersonRef;
  createdAt: string;
  finishedAt: string | null;
  /** Size; null until it is ready. */
  bytes: number | null;
  /** Hex SHA-256 of the whole file; null until it is ready. */
  sha256: string | null;
  /** What went wrong, for people. */
  failure: string | null;
}

/** What a finished pack says is in it. */
export interface PackContentsView {
  counts: Manifest["counts"];
  /** Bytes before compression. */
  files: { path: string; bytes: number }[];
  /** The key that signed it. */
  keyId: string;
}
