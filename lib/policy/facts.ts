import { bucketOf, COHORT_PERCENT_BOUNDS } from "./buckets";
import type { Action, CredentialKind, DataClass, Environment, SignalLevel } from "./vocabulary";

/**
 * What a policy can see of one request. Plain JSON: an absent fact is an absent key, numbers are buckets
 * (`buckets.ts`), keys stand in sorted order (made by `toFacts`), so that equal requests have equal text.
 */
export interface Facts {
  action: Action;
  /** Is a person or a named task behind the request? */
  attributed: boolean;
  /** A test of the installation, which every policy blocks; absent otherwise. */
  canary?: true;
  /** Bucket of `COHORT_PERCENT_BOUNDS` into which the session's stable hash falls. */
  cohort: number;
  credential: { ageBucket: number; kind: CredentialKind };
  dataClass?: DataClass;
  /** Host, in lower case. */
  destination?: string;
  environment: Environment;
  /** Hosts of links in the content, with the level at which each counts as unknown if it is not approved. */
  links: Record<string, SignalLevel>;
  model?: string;
  /** Bucket of `PROMPT_CHARS_BOUNDS`. */
  promptCharsBucket?: number;
  purpose?: string;
  /** Bucket of `REQUESTS_PER_MINUTE_BOUNDS`. */
  requestRateBucket?: number;
  retrievalSource?: string;
  /** The lowest level at which each detector fired. */
  signals: Record<string, SignalLevel>;
  tool?: string;
  /** Bucket of `TOOL_CALLS_BOUNDS`. */
  toolCallsBucket?: number;
  /** Outside detectors that were asked and did not answer in time; absent when all did. */
  unavailable?: string[];
  /** Slug. */
  useCase: string;
  /** Name of the workload. */
  workload: string;
}

function sortedLevels(levels: Record<string, SignalLevel>): Record<string, SignalLevel> {
  const keys = Object.keys(levels);
  if (keys.length === 0) return {};
  return Object.fromEntries(
    keys.sort().map((key): [string, SignalLevel] => [key.toWellFormed(), levels[key] as SignalLevel]),
  );
}

/** The same facts in canonical form: keys sorted at every depth, absent ones left out, strings well formed. */
export function toFacts(raw: Facts): Facts {
  const { credential } = raw;
  const facts: Partial<Facts> = { action: raw.action, attributed: raw.attributed };
  if (raw.canary) facts.canary = true;
  facts.cohort = raw.cohort;
  facts.credential = { ageBucket: credential.ageBucket, kind: credential.kind };
  if (raw.dataClass !== undefined) facts.dataClass = raw.dataClass;
  if (raw.destination !== undefined) facts.destination = raw.destination.toWellFormed();
  facts.environment = raw.environment;
  facts.links = sortedLevels(raw.links);
  if (raw.model !== undefined) facts.model = raw.model.toWellFormed();
  if (raw.promptCharsBucket !== undefined) facts.promptCharsBucket = raw.promptCharsBucket;
  if (raw.purpose !== undefined) facts.purpose = raw.purpose.toWellFormed();
  if (raw.requestRateBucket !== undefined) facts.requestRateBucket = raw.requestRateBucket;
  if (raw.retrievalSource !== undefined) facts.retrievalSource = raw.retrievalSource.toWellFormed();
  facts.signals = sortedLevels(raw.signals);
  if (raw.tool !== undefined) facts.tool = raw.tool.toWellFormed();
  if (raw.toolCallsBucket !== undefined) facts.toolCallsBucket = raw.toolCallsBucket;
  if (raw.unavailable !== undefined && raw.unavailable.length > 0)
    facts.unavailable = raw.unavailable.toSorted();
  facts.useCase = raw.useCase;
  facts.workload = raw.workload.toWellFormed();
  return facts as Facts;
}

/**
 * The smallest percentage under which the holder of `key` (a session id) is enrolled: a bound of
 * `COHORT_PERCENT_BOUNDS` above 0. A cohort of p percent takes it in when `cohortOf(key) <= p`.
 * Stable for ever: FNV-1a, then MurmurHash3's finalizer, over the UTF-16 code units.
 */
export function cohortOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return bucketOf((((hash ^ (hash >>> 16)) >>> 0) % 100) + 1, COHORT_PERCENT_BOUNDS);
}
