import type { Canaries } from "@/lib/access/canary";
import { SluiceError } from "@/lib/errors";
import type { Answer } from "./answer";
import { approvalFor, asRepeat } from "./approval-for";
import type { Approvals } from "./approvals";
import { type Caller, servedUseCase } from "./authenticate";
import { stableDigest } from "./content";
import { type DecideInput, decide, type Prepared, prepare, withRedacted } from "./decide";
import type { TokenCount } from "./decision";
import { type Claim, claimName } from "./idempotency";
import type { Metrics } from "./metrics";
import type { OutsideDetectors } from "./outside";
import type { Recorded, Recorder } from "./record";
import { type AnyRequest, LIMITS, parseDecision, parseObservation } from "./request";
import type { Snapshot } from "./snapshot";
import type { Traffic } from "./traffic";
import { withOutside } from "./with-outside";
import { withinTask } from "./within-task";

/** One request of an authenticated caller. */
export interface Ask {
  caller: Caller;
  /** The parsed JSON. */
  body: unknown;
  /** The Idempotency-Key, if any. */
  key: string | null;
  now: Date;
  /** `performance.now()` at which all of it was in. */
  receivedAt: number;
}

/** A request that a protocol has already understood. */
export interface Understood extends Omit<Ask, "body"> {
  request: AnyRequest;
  /** Decides, but records nothing. */
  rehearsal?: boolean;
  /** Set for an observation: when it happened. */
  observedAt?: Date;
  /** Of an observation: the tokens that the call used. */
  tokens?: TokenCount;
}

export interface DecisionService {
  /** `POST /v1/decisions` for one request. Resolves after the commit. */
  decide(ask: Ask): Promise<Answer>;
  /** `POST /v1/observations` for one observation. */
  observe(ask: Ask): Promise<Answer>;
  /** The same for a request of another protocol. */
  judge(understood: Understood): Promise<Answer>;
}

interface Pending {
  requestDigest: string;
  answer: Promise<Answer>;
}

/** Decides, records and answers; the same key is answered the same, wherever and whenever it was first seen. */
export function createService(options: {
  recorder: Recorder;
  metrics: Metrics;
  hashActor: (actorId: string) => string;
  hold: Approvals["hold"];
  canaries: Canaries;
  outside: OutsideDetectors;
  snapshot: () => Pick<Snapshot, "detectors">;
  traffic: Traffic;
}): DecisionService {
  const { recorder, metrics, hashActor, traffic, canaries } = options;
  const pending = new Map<string, Pending>();

  async function answer(input: DecideInput, key: string | null): Promise<Answer> {
    const { request, caller, kind, rehearsal } = input;
    if (key === null || rehearsal) return decideAndRecord(input, null);
    const useCaseId = servedUseCase(caller, request.useCase).id;
    const scope = { useCaseId, workloadId: caller.workload.id, key };
    const name = claimName(scope);
    const requestDigest = stableDigest({ kind, request });
    const other = pending.get(name);
    if (other !== undefined && other.requestDigest !== requestDigest) throw reused();
    if (other !== undefined) return asRepeat(await other.answer);
    const mine = { requestDigest, answer: decideAndRecord(input, { ...scope, requestDigest }) };
    pending.set(name, mine);
    try {
      return await mine.answer;
    } finally {
      pending.delete(name);
    }
  }

  /** Nobody is asked after the fact, and nobody of nothing. */
  async function askOutside(input: DecideInput, prepared: Prepared): Promise<Prepared> {
    const { detectors: names } = prepared.policy.compiled.document;
    const { content } = prepared;
    if (!names?.length || input.kind === "observation" || content.texts.length === 0) return prepared;
    const seen = await options.outside.look(names, options.snapshot().detectors, content.texts);
    return { ...prepared, content: withOutside(content, seen), unavailable: seen.unavailable };
  }

  async function decideAndRecord(input: DecideInput, claim: Omit<Claim, "answer"> | null): Promise<Answer> {
    const decided = decide(input, await askOutside(input, prepare(input)));
    const content = { messages: input.request.messages ?? [], tool: input.request.tool };
    if (input.rehearsal) return withRedacted(decided.answer, content);
    const recorded = await recorder.record(
      decided.decision,
      claim ? { ...claim, answer: decided.answer } : undefined,
    );
    const given = givenAnswer(decided.answer, recorded, claim);
    if (input.kind === "decision" && isOld(recorded, input.now)) throw outlived();
    metrics.decided(input.kind, given.outcome, (performance.now() - input.receivedAt) / 1000);
    const approval = recorder.isAway ? null : await approvalFor(options.hold, input, decided, given);
    return withRedacted({ ...given, approval, recordedAt: recorded.recordedAt.toISOString() }, content);
  }

  function judge(understood: Understood): Promise<Answer> {
    const { caller, now, receivedAt, key, rehearsal = false, observedAt, tokens } = understood;
    const request = withinTask(understood.request, caller, hashActor);
    const kind = observedAt === undefined ? "decision" : "observation";
    const at = observedAt ?? now;
    return answer(
      { caller, now, receivedAt, traffic, canaries, hashActor, request, kind, at, rehearsal, tokens },
      key,
    );
  }

  return {
    judge,
    decide: async ({ body, ...ask }) => {
      const { dryRun = false, ...request } = parseDecision(body);
      return judge({ ...ask, request, rehearsal: dryRun });
    },
    observe: async ({ body, ...ask }) => {
      const { observedAt, ...request } = parseObservation(body, ask.now);
      return judge({ ...ask, request, observedAt: new Date(observedAt) });
    },
  };
}

/** A key answers for a day. Without an end, what was once allowed would be so for ever under the same key. */
const KEY_LIFE_MS = 86_400_000;

function isOld({ kept }: Recorded, now: Date): boolean {
  return kept !== null && now.getTime() - kept.recordedAt.getTime() > KEY_LIFE_MS;
}

function outlived(): SluiceError {
  return new SluiceError("conflict", "This Idempotency-Key was used over 24 hours ago; ask with a new one.");
}

function reused(): SluiceError {
  return new SluiceError("conflict", "This Idempotency-Key was used for another request.");
}

/** What was kept under the key, if it was taken before for the same request. */
function givenAnswer(fresh: Answer, { kept }: Recorded, claim: Omit<Claim, "answer"> | null): Answer {
  if (kept === null || claim === null) return fresh;
  if (kept.requestDigest !== claim.requestDigest) throw reused();
  return { ...fresh, ...(kept.answer as Answer) };
}

/** An Idempotency-Key as it may be; null when there is none. Throws `invalid` for another. */
export function idempotencyKey(header: string | undefined): string | null {
  if (header === undefined) return null;
  if (header.length >= 1 && header.length <= LIMITS.idempotencyKey && /^[\x21-\x7e]+$/.test(header))
    return header;
  throw new SluiceError("invalid", "The Idempotency-Key cannot be used.", {
    fields: [
      { path: "Idempotency-Key", message: `must be 1 to ${LIMITS.idempotencyKey} visible ASCII characters` },
    ],
  });
}
