import type { CompiledPolicy } from "../compile";
import type { PolicyDocument } from "../document";
import type { Outcome } from "../evaluate";
import type { PolicyExceptionTerms } from "../exception";
import type { Facts } from "../facts";

/** Decisions on the same facts within one hour, in a segment of time in which no exception begins or ends. */
export interface ReplayCell {
  /** Digest of the facts. */
  fact: string;
  from: Date;
  to: Date;
  /** Key of the hour, such as its start in ISO 8601. */
  hour: string;
  /** How many decisions. */
  n: number;
}

export interface ReplayInput {
  facts: ReadonlyMap<string, Facts>;
  cells: Iterable<ReplayCell>;
  before: CompiledPolicy;
  after: CompiledPolicy;
  exceptions: readonly PolicyExceptionTerms[];
  /** The policy under which these decisions were recorded: whose detectors looked into the content. Default: `before`. */
  recorded?: PolicyDocument;
  /** Which outcome to compare: what happens (the default), or what would were the stage enforcing. */
  by?: "outcome" | "wouldBe";
  /** The instant whose exceptions in force are asked for what would come of their lapse; without it nothing is. */
  lapseAt?: Date;
}

/** Decisions that an exception spared and that the policy after would block anyway. */
export interface DespiteException {
  id: string;
  /** Such as `EXC-31`. */
  ref: string;
  n: number;
  /** The controls that would block, none of which an exception covers; sorted. */
  controls: string[];
}

/** What is blocked although an exception spared it; a decision that two spared counts in both, and once in `n`. */
export interface Despite {
  n: number;
  byException: DespiteException[];
}

/** Decisions that the policy after would block were it not for one exception in force. */
export interface Lapse {
  id: string;
  ref: string;
  /** When the exception expires, in milliseconds since 1970. */
  until: number;
  n: number;
}

/** What would come of the lapse of the exceptions in force at one instant. */
export interface Lapses {
  /** Decisions that would be blocked were none of these exceptions there. */
  n: number;
  /** Of each alone, the others in force as they are. Every exception in force is here, also with 0. */
  byException: Lapse[];
  /** Decisions of which it cannot be known, since what the policy looks for was not looked for then. */
  unknown: number;
}

export interface Flip {
  from: Outcome;
  to: Outcome;
  stricter: boolean;
  n: number;
}

/** Decisions that get stricter and looser, for one control, workload, hour, tool or model. */
export interface FlipCount {
  key: string;
  stricter: number;
  looser: number;
}

export type NotReplayableReason =
  /** The facts of these decisions are not among those given. */
  | "facts_missing"
  /** A custom control looks for other phrases or patterns than then, and the content was not kept. */
  | "content_not_kept";

export interface ReplayResult {
  /** All decisions given: same + stricter + looser + not replayable. */
  total: number;
  same: number;
  stricter: number;
  looser: number;
  /** By outcome before and after, strictest change first. */
  flips: Flip[];
  /** By the controls whose effect decides: those of the new outcome where it is stricter, of the old where looser. */
  byControl: FlipCount[];
  byWorkload: FlipCount[];
  /** In the order of time. */
  byHour: FlipCount[];
  byTool: FlipCount[];
  byModel: FlipCount[];
  /** Digests of the facts that flip most often, at most 50, most decisions first. */
  examples: string[];
  notReplayable: { reason: NotReplayableReason; n: number }[];
  despite: Despite;
  /** Only when asked for (`lapseAt`). */
  lapses: Lapses | null;
}
