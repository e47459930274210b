import type { WaitingKind } from "@/lib/changes/queue-items";
import type { Effect } from "@/lib/policy/evaluate";
import type { Facts } from "@/lib/policy/facts";
import type {
  Action,
  DataClass,
  Environment,
  Mode,
  Outcome,
  Sensitivity,
  Stage,
} from "@/lib/policy/vocabulary";
import type { ProcessView } from "@/lib/process/views";
import type { Direction, UseCaseRef } from "@/lib/use-cases/views";

/** Views of telemetry: plain JSON, instants as ISO 8601 UTC text, durations in microseconds where named so. */

export type OutcomeCounts = Record<Outcome, number>;

/** One bucket of a series. `counts` and `total` are null where nothing is known: a gap, never a zero. */
export interface SeriesBucket {
  /** Start of the bucket. */
  at: string;
  gap: boolean;
  /** Hours of the bucket in which no decision point was up and no decision stands. */
  gapHours: number;
  counts: OutcomeCounts | null;
  total: number | null;
}

export interface SeriesView {
  from: string;
  to: string;
  bucket: "hour" | "day";
  by: "outcome" | "wouldBe";
  /** Slug; null for all use cases. */
  useCase: string | null;
  /** Every bucket that meets the window, in order. */
  buckets: SeriesBucket[];
  totals: OutcomeCounts;
  total: number;
  gapHours: number;
  /** Hours of the window, for "3 of 168 hours without telemetry". */
  hours: number;
}

export interface BreakdownRow {
  key: string;
  total: number;
  /** By outcome (`OutcomeCounts`), or by effect for the dimension `control`; zeroes left out. */
  parts: Record<string, number>;
}

export interface BreakdownView {
  dimension: string;
  from: string;
  to: string;
  useCase: string | null;
  /** What `parts` are keyed by. */
  partsBy: "outcome" | "wouldBe" | "effect";
  rows: BreakdownRow[];
  /** How many values there are in all: "10 of 37". */
  of: number;
  /** Over all values, also those not shown. */
  total: number;
}

export interface LatencyView {
  from: string;
  to: string;
  useCase: string | null;
  n: number;
  /** Upper bounds of the bucket in which the percentile falls, in microseconds; null without decisions. */
  p50Us: number | null;
  p95Us: number | null;
  p99Us: number | null;
  /** `upToUs` null: above the last bound. */
  buckets: { upToUs: number | null; n: number }[];
}

export interface TokensView {
  from: string;
  to: string;
  useCase: string | null;
  input: number;
  output: number;
  /** Largest first, at most a hundred; null for calls that did not say which model. */
  models: { model: string | null; input: number; output: number }[];
  /** How many models there are. */
  of: number;
}

export interface FindingView {
  control: string;
  mode: Exclude<Mode, "off">;
  effect: Effect;
  level?: Sensitivity;
  exception?: { id: string; ref: string; riskOwner: string; expiresAt: string; daysLeft: number };
}

/** A line of the explorer. */
export interface DecisionRow {
  id: string;
  decidedAt: string;
  kind: "decision" | "observation";
  useCase: UseCaseRef;
  outcome: Outcome;
  wouldBe: Outcome;
  action: Action | null;
  workload: string | null;
  model: string | null;
  tool: string | null;
  dataClass: DataClass | null;
  destination: string | null;
  findings: FindingView[];
  sessionId: string | null;
  policyVersion: number;
  late: boolean;
  synthetic: string[];
}

/** An honest count: `exact` false means "at least n". */
export interface CountView {
  n: number;
  exact: boolean;
}

export interface DecisionListView {
  items: DecisionRow[];
  nextCursor: string | null;
  /** Of the whole filter, not of this page. */
  of: CountView;
}

/** One decision with all that is known of it. */
export interface DecisionView extends DecisionRow {
  facts: Facts | null;
  factDigest: string;
  traceId: string | null;
  actorHash: string | null;
  contentDigest: string | null;
  excerpt: string | null;
  evaluatedUs: number;
  /** The policy as it was; null when that version is not in the register. */
  policy: {
    version: number;
    digest: string;
    stage: Stage;
    effectiveFrom: string;
    cedar: string;
    document: unknown;
  } | null;
  /** Digest of the policy that decided, floor joined. */
  policyDigest: string;
  batch: { id: string; index: number; anchoredBy: number | null };
  /** The session in order, this decision included; at most `CHAIN_LIMIT` around it, within `CHAIN_DAYS`. */
  chain: DecisionRow[];
  chainOf: number;
}

/** What keeps a custom control from being submitted: the field (`when`, `patterns.0`), and the place in its text. */
export interface ControlProblem {
  field: string;
  message: string;
  /** UTF-16 offsets, `end` exclusive; null where no place is known. */
  start: number | null;
  end: number | null;
}

/** What a condition says of recorded traffic. */
export interface TriedCondition {
  from: string;
  to: string;
  /** Decisions and distinct facts recorded in the window. */
  decisions: number;
  facts: number;
  /** Of which were tried: the most frequent facts, all of them unless there are very many. */
  triedDecisions: number;
  triedFacts: number;
  matchedDecisions: number;
  matchedFacts: number;
  /** The facts it matches that were met most often, at most `EXAMPLES`. */
  examples: { facts: Facts; n: number }[];
}

export interface ControlCheckView {
  problems: ControlProblem[];
  /** Worth a second look: it never or always holds, or a number is compared off its buckets. */
  warnings: string[];
  /** Null without a condition, or while it has problems. */
  tried: TriedCondition | null;
}

/** What phrases and patterns find in a text that was typed; the text itself is not kept. */
export interface TextTryView {
  problems: ControlProblem[];
  /** UTF-16 offsets in the text. */
  spans: { level: Sensitivity; start: number; end: number }[];
  /** The lowest level found; null when nothing is. */
  level: Sensitivity | null;
  /** Does the control fire at its sensitivity? */
  fires: boolean;
}

/** What one control did in a use case. */
export interface ControlFindings {
  useCaseId: string;
  /** By effect; zeroes left out. */
  effects: Record<string, number>;
}

export type QueueKind =
  | WaitingKind
  | "exception_approval"
  | "exception_review"
  | "exception_expiring"
  | "exception_reassignment"
  | "campaign_item"
  | "held_request"
  | "appeal"
  | "drift";

/** Something that waits on the person who asks. */
export interface QueueItem {
  kind: QueueKind;
  id: string;
  /** `CHG-204`, `EXC-31`, `APR-7`; how many values drift. */
  ref: string;
  /** Null for what holds for the whole organisation. */
  useCase: UseCaseRef | null;
  /** Of a change; null for everything else. */
  direction: Direction | null;
  /** What it is about, in one line: a justification's beginning, or the controls concerned. */
  summary: string;
  requestedBy: string;
  since: string;
  dueAt: string | null;
  /** A path of the console. */
  href: string;
}

export interface LadderUseCase extends UseCaseRef {
  environment: Environment;
  version: number;
  stageSince: string;
}

export interface HealthView {
  decisionPoints: { name: string; startedAt: string; seenAt: string; up: boolean }[];
  lastDecisionAt: string | null;
  newestBatchAt: string | null;
  /** Last decision of the newest batch that is anchored in the audit log. */
  newestAnchoredAt: string | null;
  unanchoredBatches: number;
  gapHours: number;
  hours: number;
}

export interface OverviewView {
  from: string;
  to: string;
  queue: QueueItem[];
  queueOf: number;
  ladder: { stage: Stage; useCases: LadderUseCase[] }[];
  /** Use cases that have no policy yet. */
  withoutPolicy: UseCaseRef[];
  series: SeriesView;
  /** The same length of time just before, for "than last month". */
  previous: { from: string; to: string; totals: OutcomeCounts; total: number; wouldBlock: number };
  wouldBlock: number;
  topWouldBlocks: BreakdownView;
  exceptionsByAge: { label: string; minDays: number; maxDays: number | null; n: number }[];
  exceptionsInForce: number;
  process: ProcessView;
  health: HealthView;
}

export type ObservedField =
  | "models"
  | "tools"
  | "dataClasses"
  | "destinations"
  | "purposes"
  | "retrievalSources"
  | "workloads";

export interface ObservedValue {
  value: string;
  n: number;
  /** Start of the first and the last hour in which it was seen. */
  firstSeenAt: string;
  lastSeenAt: string;
  /** Is it within what is declared? True where nothing is declared (`declared: null`). */
  isDeclared: boolean;
}

export interface ObservedList {
  field: ObservedField;
  /** null: anything. For workloads: those registered with the use case. */
  declared: string[] | null;
  seen: ObservedValue[];
  /** How many values were seen; `seen` holds at most `OBSERVED_LIMIT`, those not declared first. */
  seenOf: number;
  /** Declared, and not seen in the window. */
  unused: string[];
}

/** What each level of a content control would have fired on in the window: L1 ≤ L2 ≤ L3 ≤ L4. */
export interface ControlLevels {
  control: string;
  /** As bound in the document in force; null when it is not listed. */
  mode: Mode | null;
  sensitivity: Sensitivity | null;
  fired: Record<Sensitivity, number>;
  /** Decisions whose action the control applies to. */
  of: number;
}

export interface ObservedView {
  useCase: UseCaseRef;
  from: string;
  to: string;
  policyVersion: number | null;
  decisions: number;
  fields: Record<ObservedField, ObservedList>;
  levels: ControlLevels[];
}

export interface UseCaseSummary {
  useCaseId: string;
  decisions: number;
  wouldBlock: number;
  /** wouldBlock / decisions; null without decisions. */
  wouldBlockRate: number | null;
  lastDecisionHour: string | null;
}

export interface ImpactFlip {
  from: Outcome;
  to: Outcome;
  stricter: boolean;
  n: number;
}

export interface ImpactBy {
  key: string;
  stricter: number;
  looser: number;
}

export interface ImpactExample {
  decisionId: string;
  decidedAt: string;
  from: Outcome;
  to: Outcome;
}

/** Requests that an exception spared at the time, and that the proposal would block anyway. */
export interface ImpactDespite {
  /** Id of the exception. */
  id: string;
  /** Such as `EXC-31`. */
  ref: string;
  n: number;
  /** Ids of the controls that would block, none of which an exception covers; sorted. */
  controls: string[];
}

/** Requests that the proposal would block were it not for one exception in force. */
export interface ImpactLapse {
  id: string;
  ref: string;
  /** When the exception expires. */
  until: string;
  n: number;
}

/** New blocks on traffic that exceptions cover. A request of two exceptions counts with both, and once in `n`. */
export interface ImpactNewBlocks {
  /** Spared at the time, not blocked under the policy before, blocked under the proposal all the same. */
  despite: { n: number; byException: ImpactDespite[] };
  /** By what is in force at `at` (the end of the window): blocked once none of it is left, and each alone gone. */
  onLapse: { at: string; n: number; byException: ImpactLapse[]; unknown: number };
}

/**
 * What a change would have done to recorded traffic. Depends on nothing but the window, both documents, the floor
 * and what was recorded, so that its canonical digest is the evidence digest of a change. All lists are sorted.
 */
export interface ImpactView {
  schema: "sluice.impact/v1";
  /** Slug. */
  useCase: string;
  from: string;
  to: string;
  /** Digests of both documents with the floor joined. */
  beforeDigest: string;
  afterDigest: string;
  /** Digest of the floor that was joined; null when there is none. */
  floorDigest: string | null;
  /** All decisions of the window: replayed + not replayable. */
  decisions: number;
  replayed: number;
  same: number;
  stricter: number;
  looser: number;
  flips: ImpactFlip[];
  byControl: ImpactBy[];
  byWorkload: ImpactBy[];
  byTool: ImpactBy[];
  byModel: ImpactBy[];
  /** Key: start of the hour. */
  byHour: ImpactBy[];
  examples: ImpactExample[];
  notReplayable: { reason: string; n: number }[];
  /** Absent in evidence of before it was measured. */
  newBlocks?: ImpactNewBlocks;
  /** Stretches of whole hours without telemetry, in order. Absent in evidence of before it was measured. */
  gaps?: { from: string; to: string }[];
}

/** Totals of an impact, of one use case or of all. */
export interface ImpactTotals {
  /** All decisions of the window: replayed + not replayable. */
  decisions: number;
  replayed: number;
  same: number;
  stricter: number;
  looser: number;
  flips: ImpactFlip[];
  notReplayable: { reason: string; n: number }[];
  /** `ImpactNewBlocks`, both readings, decisions only. */
  newBlocks: { despite: number; onLapse: number };
}

/** What a floor would have done to one use case. */
export interface FloorImpactUseCase extends ImpactTotals {
  /** Slug. */
  useCase: string;
  /** Which way its effective policy moves. */
  direction: Direction;
  /** Digests of its policy with the floor before and after joined. */
  beforeDigest: string;
  afterDigest: string;
  byControl: ImpactBy[];
  /** At most 3, newest first. */
  examples: ImpactExample[];
}

/** What a change of a floor would have done to the recorded traffic of every use case of its data class. */
export interface FloorImpactView {
  schema: "sluice.floor-impact/v1";
  dataClass: DataClass;
  from: string;
  to: string;
  /** Digest of the floor before; null when there was none. */
  beforeDigest: string | null;
  afterDigest: string;
  /** Use cases that have a policy at `to`, most flips first. */
  useCases: FloorImpactUseCase[];
  sum: ImpactTotals;
}
