import type { Detection } from "@/lib/detect/registry";
import {
  bucketOf,
  CREDENTIAL_AGE_HOURS_BOUNDS,
  PROMPT_CHARS_BOUNDS,
  REQUESTS_PER_MINUTE_BOUNDS,
  TOOL_CALLS_BOUNDS,
} from "@/lib/policy/buckets";
import { cohortOf, type Facts, toFacts } from "@/lib/policy/facts";
import { levelOf, type SignalLevel } from "@/lib/policy/vocabulary";
import type { Caller } from "./authenticate";
import { type AnyRequest, hostOf } from "./request";
import type { SnapshotUseCase } from "./snapshot";

const HOUR_MS = 3_600_000;
const EVERYBODY = 100;

/** What facts are made of. */
export interface FactSources {
  request: AnyRequest;
  caller: Caller;
  useCase: SnapshotUseCase;
  detection: Detection;
  /** When the request was made, as the age of the credential is counted. */
  at: Date;
  /** Requests of the workload in the last minute, this one included; null when it is not known. */
  requestsPerMinute: number | null;
  /** The content holds a living canary of the use case. */
  isCanary: boolean;
  /** Outside detectors that did not answer. */
  unavailable: readonly string[];
  /** Tool calls of the session, this one included; null without a session. */
  toolCalls: number | null;
}

/**
 * Reduces a request to what policies can see of it. A session's cohort is stable; without a session it is that of the
 * actor, and without either the request is enrolled last.
 */
export function factsOf(sources: FactSources): Facts {
  const { request, caller, useCase, detection, at, requestsPerMinute, toolCalls } = sources;
  const { kind, createdAt } = caller.credential;
  const ageHours = (at.getTime() - createdAt.getTime()) / HOUR_MS;
  const group = request.sessionId ?? request.actor?.id ?? caller.task?.actorHash ?? undefined;
  return toFacts({
    action: request.action,
    attributed: request.actor !== undefined || caller.task !== undefined,
    ...(sources.isCanary && { canary: true as const }),
    cohort: group === undefined ? EVERYBODY : cohortOf(group),
    credential: { ageBucket: bucketOf(ageHours, CREDENTIAL_AGE_HOURS_BOUNDS), kind },
    environment: useCase.environment,
    links: detection.links,
    signals: mergedSignals(request, detection),
    useCase: useCase.slug,
    workload: caller.workload.slug,
    ...stated("dataClass", request.dataClass),
    ...stated("destination", request.destination && hostOf(request.destination)),
    ...stated("model", request.model),
    ...stated("promptCharsBucket", promptCharsBucket(request)),
    ...stated("purpose", request.purpose),
    ...stated(
      "requestRateBucket",
      requestsPerMinute && bucketOf(requestsPerMinute, REQUESTS_PER_MINUTE_BOUNDS),
    ),
    ...stated("retrievalSource", request.retrievalSource),
    ...stated("tool", request.tool?.name),
    ...stated("unavailable", sources.unavailable.length > 0 ? [...sources.unavailable] : undefined),
    ...stated("toolCallsBucket", toolCalls && bucketOf(toolCalls, TOOL_CALLS_BOUNDS)),
  });
}

function stated<K extends keyof Facts>(key: K, value: Facts[K] | null | undefined): Partial<Facts> {
  return value === null || value === undefined || value === "" || value === 0 ? {} : { [key]: value };
}

function promptCharsBucket({ messages = [] }: AnyRequest): number | undefined {
  if (messages.length === 0) return undefined;
  let chars = 0;
  for (const { content } of messages) chars += content.length;
  return bucketOf(chars, PROMPT_CHARS_BOUNDS);
}

/** The lowest level per detector, whoever saw it. */
function mergedSignals({ signals = [] }: AnyRequest, detection: Detection): Record<string, SignalLevel> {
  if (signals.length === 0) return detection.signals;
  const merged: Record<string, SignalLevel> = { ...detection.signals };
  for (const { detector, level } of signals) {
    merged[detector] = Math.min(levelOf(level), merged[detector] ?? 4) as SignalLevel;
  }
  return merged;
}
