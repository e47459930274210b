import { randomUUID } from "node:crypto";
import { DETECTORS } from "@/lib/detect/registry";
import { SluiceError } from "@/lib/errors";
import { isCustomControl } from "@/lib/policy/catalogue";
import type { SignalLevel } from "@/lib/policy/vocabulary";
import { type Answer, type AnswerFinding, mayProceed } from "../answer";
import { servedUseCase } from "../authenticate";
import { readContent } from "../content";
import type { Door, DoorApp } from "../door";
import type { Problem } from "../problem";
import { policyAt } from "../snapshot";
import { type ForeignCall, foreignRoute } from "./foreign-route";
import { judgeTexts, requestsOf, type Verdict } from "./judge-texts";
import { codePointsOf, detectorType, type Screened, understoodLakera } from "./lakera-request";
import { placesOf } from "./places";
import { boundedPassages } from "./texts";

const LINKS = "unknown-links";
/** L1 is the confident end on both sides. */
const RESULTS = ["l1_confident", "l2_very_likely", "l3_likely", "l4_less_likely"] as const;

/** Lakera Guard, version 2. What would have to be masked is flagged, with the places where a client can mask it. */
export function lakera(app: DoorApp, door: Door): void {
  foreignRoute(app, door, { path: "/v2/guard", answer: (call) => guard(door, call), word });
  foreignRoute(app, door, { path: "/v2/guard/results", answer: (call) => results(call), word });
}

function word({ status, code, detail, fields, id }: Problem): object {
  return { error: { status, code, message: detail, ...(fields && { fields }), id } };
}

async function guard(door: Door, { body, ...asking }: ForeignCall): Promise<object> {
  const screened = understoodLakera(body);
  const verdict = await judgeTexts(door.service, asking, screened.sent);
  const { answer, proceeds, places, maskedCalls } = verdict;
  const masks = places.length > 0 || maskedCalls.length > 0;
  return {
    flagged: !proceeds || masks,
    payload: body["payload"] === true && proceeds ? payloadOf(verdict, screened) : [],
    ...(body["breakdown"] === true && { breakdown: breakdownOf(verdict, screened) }),
    metadata: { request_uuid: answer.decisionId },
    ...(body["dev_info"] === true && { dev_info: devInfo(answer) }),
  };
}

/** Each place to mask. Offsets are in code points of the message's content. */
function payloadOf({ places }: Verdict, { standing, sent }: Screened): object[] {
  const points = new Map<number, (offset: number) => number>();
  const contents = new Map<number, string>();
  for (const slot of sent.texts.passages.flatMap(({ slots }) => slots)) {
    const at = standing.get(slot)?.message ?? 0;
    const known = contents.get(at);
    contents.set(at, known === undefined ? slot.text : `${known}\n${slot.text}`);
  }
  return places.flatMap(({ slot, control, start, end }) => {
    const where = standing.get(slot);
    if (where === undefined) return [];
    const { message, before } = where;
    const pointAt = points.get(message) ?? codePointsOf(contents.get(message) ?? "");
    points.set(message, pointAt);
    return {
      start: pointAt(before + start),
      end: pointAt(before + end),
      text: slot.text.slice(start, end),
      detector_type: detectorType(control),
      labels: [],
      message_id: message,
    };
  });
}

const ACTING: ReadonlySet<string> = new Set(["blocked", "redacted", "needs_approval"]);

/**
 * What fired, `detected` where it acts. Clients mask and go on when all that was detected is personal data; so a request
 * that must stop, or has something that `payload` cannot tell, also names what is none.
 */
function breakdownOf({ answers, proceeds, maskedCalls }: Verdict, screened: Screened): object[] {
  const entries = answers.flatMap(({ policy, findings }) =>
    findings.map((finding) => ({
      project_id: policy.useCase,
      policy_id: `${policy.useCase}@${policy.version}`,
      detector_id: finding.control,
      detector_type: detectorType(finding.control),
      detected: ACTING.has(finding.effect),
      message_id: messageOf(finding, screened),
    })),
  );
  const stopping = answers.find((answer) => !mayProceed(answer)) ?? answers[0];
  if ((proceeds && maskedCalls.length === 0) || stopping === undefined) return entries;
  const { policy, outcome } = stopping;
  const stop = `policy/${proceeds ? "tool-arguments" : outcome.replace("_", "-")}`;
  return [
    ...entries,
    {
      project_id: policy.useCase,
      policy_id: `${policy.useCase}@${policy.version}`,
      detector_id: stop,
      detector_type: stop,
      detected: true,
      message_id: screened.last,
    },
  ];
}

/** Where a finding is first seen; what is seen nowhere is said of the last message. */
function messageOf(finding: AnswerFinding, { sent, standing, last }: Screened): number {
  const [place] = placesOf(boundedPassages(sent.texts.passages), [finding]);
  return (place && standing.get(place.slot)?.message) ?? last;
}

function devInfo({ policy }: Answer): object {
  return {
    git_revision: "unknown",
    git_timestamp: "1970-01-01T00:00:00Z",
    model_version: policy.digest,
    version: "2",
  };
}

/** How sure each detector is of what the last interaction holds, whatever the policy says. Decides and records nothing. */
async function results({ body, caller, now }: ForeignCall): Promise<object> {
  const { sent, last } = understoodLakera(body);
  const requests = requestsOf(sent);
  const useCase = servedUseCase(caller, requests[0]?.useCase);
  const effective = policyAt(useCase, now);
  if (effective?.usable == null) throw unusable();
  const { detectors, compiled } = effective.usable;
  const levels = new Map<string, SignalLevel>();
  for (const request of requests) {
    const { signals, links } = readContent(request, detectors).detection;
    for (const [id, level] of Object.entries(signals)) lower(levels, id, level);
    for (const level of Object.values(links)) lower(levels, LINKS, level);
  }
  const names = new Set([
    ...Object.keys(DETECTORS),
    ...Object.keys(compiled.document.controls).filter(isCustomControl),
  ]);
  return {
    results: [...names, ...[...levels.keys()].filter((id) => !names.has(id))].map((id) => ({
      project_id: useCase.slug,
      policy_id: `${useCase.slug}@${effective.version}`,
      detector_id: id,
      detector_type: detectorType(id),
      result: resultOf(levels.get(id)),
      message_id: last,
    })),
    metadata: { request_uuid: randomUUID() },
  };
}

function lower(levels: Map<string, SignalLevel>, id: string, level: SignalLevel): void {
  levels.set(id, Math.min(level, levels.get(id) ?? level) as SignalLevel);
}

function resultOf(level: SignalLevel | undefined): string {
  return level === undefined ? "no_level" : (RESULTS[level - 1] ?? "no_level");
}

function unusable(): SluiceError {
  return new SluiceError("rule", "The use case has no policy in force that can be used.", {
    rule: "no-policy",
  });
}
