import type { Canaries } from "@/lib/access/canary";
import type { Span } from "@/lib/detect/registry";
import { SluiceError } from "@/lib/errors";
import { factsDigest } from "@/lib/policy/digest";
import type { PolicyDocument } from "@/lib/policy/document";
import { type Evaluation, evaluate, type Finding } from "@/lib/policy/evaluate";
import type { Facts } from "@/lib/policy/facts";
import { unapprovedHosts } from "@/lib/policy/links";
import { asObserved } from "@/lib/policy/observed";
import { levelOf } from "@/lib/policy/vocabulary";
import type { Answer, AnswerFinding } from "./answer";
import { type Caller, servedUseCase } from "./authenticate";
import {
  type AnswerSpan,
  answerSpans,
  argumentsExcerpt,
  type Content,
  contentDigest,
  contentExcerpt,
  readContent,
  redactContent,
} from "./content";
import type { Decision, KeptFinding, TokenCount } from "./decision";
import { decisionIdAt } from "./decision-id";
import { reasonOf } from "./reasons";
import type { AnyRequest } from "./request";
import { policyAt, type SnapshotUseCase, type UsablePolicy } from "./snapshot";
import { factsOf } from "./to-facts";
import { sessionKey, type Traffic } from "./traffic";

const EXCERPT_CHARS = 280;
/** Whoever decides on a held request needs to see more of it. */
const HELD_CHARS = 2_000;

export interface DecideInput {
  request: AnyRequest;
  caller: Caller;
  kind: Decision["kind"];
  /** The clock. Which policy is in force is asked of it. */
  now: Date;
  /** When the request was made: `now`, or in the past for an observation. Exceptions are judged at this instant. */
  at: Date;
  /** Decides without leaving a trace in the counts of traffic. */
  rehearsal: boolean;
  traffic: Traffic;
  canaries: Pick<Canaries, "isIn">;
  hashActor: (actorId: string) => string;
  /** `performance.now()` at which all of the request was in. */
  receivedAt: number;
  /** Of an observation: the tokens that the call used. */
  tokens?: TokenCount | undefined;
}

/** A decision that is not recorded yet, and the answer to give once it is. */
export interface Decided {
  decision: Decision;
  /** Without `redacted` (see `withRedacted`) and `recordedAt`: so it holds no content and may be kept. */
  answer: Answer;
  /** For a person to decide on, redacted: of a tool call, its arguments. Null unless it is held and content is kept. */
  heldExcerpt: string | null;
}

/** What is known of a request before anybody outside was asked. */
export interface Prepared {
  useCase: SnapshotUseCase;
  version: number;
  policy: UsablePolicy;
  content: Content;
  /** Outside detectors that were asked and did not answer. */
  unavailable: readonly string[];
}

/**
 * Finds the policy in force and looks through the content. Throws `forbidden` or `invalid` for the use case, `rule` while it has no
 * policy, and `unavailable` when its policy cannot be used.
 */
export function prepare({ request, caller, now }: DecideInput): Prepared {
  const useCase = servedUseCase(caller, request.useCase);
  const { version, policy } = policyOf(useCase, now);
  return { useCase, version, policy, content: readContent(request, policy.detectors), unavailable: [] };
}

/** Authorised request → decision, in memory. */
export function decide(input: DecideInput, prepared: Prepared): Decided {
  const { request, caller, kind, at } = input;
  const { useCase, version, policy, content, unavailable } = prepared;
  const { detection } = content;
  const isCanary = content.texts.some(({ text }) => input.canaries.isIn(text, useCase.slug, input.now));
  const facts = factsOf({
    request,
    caller,
    useCase,
    detection,
    at,
    unavailable,
    isCanary,
    ...trafficOf(input),
  });
  const fact = factsDigest(facts);
  const evaluation = evaluate(facts, policy.compiled, useCase.exceptions, at, fact);
  if (kind === "observation") asObserved(evaluation);
  const judged: Judged = { useCase, version, policy, content, facts, fact, evaluation };
  const decision = toDecision(input, judged);
  return { decision, answer: toAnswer(input, judged, decision.id), heldExcerpt: heldExcerptOf(judged) };
}

function heldExcerptOf({ evaluation, policy, content }: Judged): string | null {
  if (evaluation.outcome !== "require_approval" || policy.compiled.document.capture === "none") return null;
  return argumentsExcerpt(content, HELD_CHARS) ?? contentExcerpt(content, HELD_CHARS);
}

/** What is known of a request once it was evaluated. */
interface Judged {
  useCase: SnapshotUseCase;
  version: number;
  policy: UsablePolicy;
  content: Content;
  facts: Facts;
  fact: string;
  evaluation: Evaluation;
}

/** An observation is no traffic of this minute; it still is a tool call of its session. */
function trafficOf({ request, caller, kind, at, traffic, rehearsal }: DecideInput) {
  const { id } = caller.workload;
  const session = request.sessionId && sessionKey(id, request.sessionId);
  return {
    requestsPerMinute: kind === "observation" ? null : traffic.requests(id, at.getTime(), !rehearsal),
    toolCalls: session
      ? traffic.toolCalls(session, at.getTime(), {
          calls: request.action === "tool_call",
          counts: !rehearsal,
        })
      : null,
  };
}

function toDecision(
  { request, caller, kind, at, hashActor, receivedAt, tokens }: DecideInput,
  judged: Judged,
): Decision {
  const { useCase, version, policy, content, facts, fact, evaluation } = judged;
  return {
    id: decisionIdAt(at),
    useCaseId: useCase.id,
    useCase: useCase.slug,
    decidedAt: at,
    kind,
    facts,
    fact,
    policyVersion: version,
    policyDigest: policy.digestHex,
    outcome: evaluation.outcome,
    wouldBe: evaluation.wouldBe,
    findings: evaluation.findings.map(toKept),
    sessionId: request.sessionId ?? null,
    traceId: request.traceId ?? null,
    actorHash: request.actor ? hashActor(request.actor.id) : (caller.task?.actorHash ?? null),
    contentDigest: contentDigest(content),
    excerpt: policy.compiled.document.capture === "none" ? null : contentExcerpt(content, EXCERPT_CHARS),
    evaluatedUs: Math.round((performance.now() - receivedAt) * 1000),
    late: false,
    synthetic: request.synthetic ?? [],
    ...(tokens && { tokens }),
  };
}

function toAnswer({ request, kind }: DecideInput, judged: Judged, decisionId: string): Answer {
  const { useCase, version, policy, content, facts, evaluation } = judged;
  const { document, digest } = policy.compiled;
  const findings = evaluation.findings.map((finding) =>
    toAnswered(
      finding,
      reasonOf(finding, request.action, document.stage, kind === "observation"),
      answerSpans(content, belongsTo(finding, facts, document)),
    ),
  );
  return {
    decisionId,
    outcome: evaluation.outcome,
    wouldBe: evaluation.wouldBe,
    findings,
    policy: { useCase: useCase.slug, version, digest, stage: document.stage },
    redacted: null,
    approval: null,
    recordedAt: null,
  };
}

function policyOf(useCase: SnapshotUseCase, now: Date): { version: number; policy: UsablePolicy } {
  const effective = policyAt(useCase, now);
  if (effective === null) {
    throw new SluiceError("rule", "The use case has no policy in force.", { rule: "no-policy" });
  }
  if (effective.usable === null) {
    throw new SluiceError(
      "unavailable",
      "The policy of this use case cannot be used; its owners must mend it.",
      {
        retryAfterSeconds: 30,
      },
    );
  }
  return { version: effective.version, policy: effective.usable };
}

/** Keys in order: this is hashed as it stands. */
function toKept({ control, effect, exception, level, mode }: Finding): KeptFinding {
  const kept: KeptFinding = exception
    ? {
        control,
        effect,
        exception: {
          daysLeft: exception.daysLeft,
          expiresAt: exception.expiresAt.toISOString(),
          id: exception.id,
          ref: exception.ref,
          riskOwner: exception.riskOwner.toWellFormed(),
        },
        mode,
      }
    : { control, effect, mode };
  return level === undefined ? kept : withLevel(kept, level);
}

function withLevel({ mode, ...before }: KeptFinding, level: string): KeptFinding {
  return { ...before, level, mode };
}

type SpanTest = (span: Span) => boolean;

/** Which places belong to a finding: its detector's, at the control's sensitivity; of links, those not approved. */
function belongsTo({ control }: Finding, facts: Facts, document: PolicyDocument): SpanTest {
  const sensitivity = document.controls[control]?.sensitivity;
  if (sensitivity === undefined) return () => false;
  const most = levelOf(sensitivity);
  const hosts = control === "unknown-links" ? new Set(unapprovedHosts(facts, document, most)) : null;
  return ({ detector, level, host }) =>
    detector === control && level <= most && (hosts === null || host === undefined || hosts.has(host));
}

function toAnswered(finding: Finding, reason: string, spans: AnswerSpan[]): AnswerFinding {
  const { exception, ...rest } = finding;
  return {
    ...rest,
    ...(exception && { exception: { ...exception, expiresAt: exception.expiresAt.toISOString() } }),
    reason,
    ...(spans.length > 0 && { spans }),
  };
}

/**
 * The answer with what it says is to be masked, when that is the outcome, or when a person's grant would let the rest
 * pass: a grant lifts no mask.
 */
export function withRedacted(answer: Answer, content: Pick<Content, "messages" | "tool">): Answer {
  if (answer.outcome === "block") return answer;
  const masked = answer.findings.filter(({ effect }) => effect === "redacted");
  return masked.length === 0 ? answer : { ...answer, redacted: redactContent(content, masked) };
}
