import type { ExceptionView, SparedView, StoppedCounts } from "@/lib/exceptions/views";
import type { ExceptionScope } from "@/lib/policy/exception";

/** What each dimension of a scope is called, in the order in which people read it. */
export const SCOPE_WORDS = {
  workloads: "workload",
  models: "model",
  tools: "tool",
  dataClasses: "data class",
  destinations: "destination",
  purposes: "purpose",
  environments: "environment",
} as const satisfies Record<keyof ExceptionScope, string>;

export const SCOPE_DIMENSIONS = Object.keys(SCOPE_WORDS) as (keyof ExceptionScope)[];

/** `a`, `a or b`, `a, b or c`. */
export function either(words: readonly string[], conjunction = "or"): string {
  if (words.length < 2) return words[0] ?? "";
  return `${words.slice(0, -1).join(", ")} ${conjunction} ${words.at(-1)}`;
}

/** `tool send_money and workload bot`; null when the scope leaves the whole use case open. */
export function scopeText(scope: ExceptionScope): string | null {
  const parts = SCOPE_DIMENSIONS.flatMap((dimension) => {
    const list = scope[dimension];
    return list?.length ? [`${SCOPE_WORDS[dimension]} ${either(list)}`] : [];
  });
  return parts.length ? either(parts, "and") : null;
}

/** What keeps an exception from being decided on or from acting, in one sentence; null when nothing does. */
export function standingText(exception: ExceptionView): string | null {
  const barred = [exception.requestedBy, exception.riskOwner, exception.businessOwner].map(
    ({ name }) => name,
  );
  const names = either([...new Set(barred)]);
  const sentences: Partial<Record<ExceptionView["state"], string>> = {
    draft: "It is a draft: nobody can decide on it until it is submitted.",
    submitted: `It waits for a security lead who had nothing to do with it: not ${names}.`,
    scheduled: "It is approved, and spares nothing before its start.",
    review_overdue:
      "It is suspended: its review is more than 7 days late, so it spares nothing until somebody reviews it.",
    expired: "It has expired and spares nothing. It stays here as a record.",
    rejected: "It was rejected and never spared anything.",
    withdrawn: "It was withdrawn before a decision.",
    revoked: "It was revoked and spares nothing any more.",
    retired: "It was retired and spares nothing any more.",
  };
  return sentences[exception.state] ?? null;
}

const count = (n: number) => n.toLocaleString("en-GB");
const decisions = (n: number) => (n === 1 ? "1 decision" : `${count(n)} decisions`);

const STOPS = { block: "blocked", require_approval: "held for a person", redact: "redacted" } as const;

/** `30 blocked and 2 redacted`; null when none is stopped. */
export function stopsText(stops: StoppedCounts): string | null {
  const parts = (["block", "require_approval", "redact"] as const)
    .filter((how) => stops[how] > 0)
    .map((how) => `${count(stops[how])} ${STOPS[how]}`);
  return parts.length > 0 ? either(parts, "and") : null;
}

/** `about 7 a day`, `about 1 every 6 days`. */
export function rateText(n: number, days: number): string {
  const perDay = n / days;
  if (perDay >= 0.95) return `about ${count(Math.round(perDay))} a day`;
  return `about 1 every ${count(Math.max(2, Math.round(1 / perDay)))} days`;
}

const sumOf = (stops: StoppedCounts) => stops.block + stops.require_approval + stops.redact;

/** What an exception would have spared, in one sentence. */
export function sparedText(view: SparedView): string {
  if (view.decisions === 0) return "No decision of the last 30 days is recorded to tell from.";
  const all = `${decisions(view.decisions)} of the last 30 days`;
  if (view.spared === 0) return `It would have spared none of the ${all}.`;
  return `It would have spared ${count(view.spared)} of the ${all}, ${rateText(view.spared, view.days)}.`;
}

/** What would happen to them without it, now and were the policy enforcing; null when it would spare none. */
export function withoutText(view: SparedView): string | null {
  if (view.spared === 0) return null;
  const [now, later] = [stopsText(view.stops), stopsText(view.wouldStop)];
  if (now)
    return `Without it the policy as it stands stops these: ${now}, ${rateText(sumOf(view.stops), view.days)}.`;
  if (later) return `Without it the policy stops none of them yet; were it enforcing: ${later}.`;
  return "Without it none of them is stopped, not even were the policy enforcing: these controls only log.";
}

/** What would be stopped per day if an exception in force lapsed now. */
export function lapseText(view: SparedView): string {
  const [now, later] = [stopsText(view.stops), stopsText(view.wouldStop)];
  if (now) {
    return `If it lapsed now, ${rateText(sumOf(view.stops), view.days)} would be stopped: of the last 30 days ${now}.`;
  }
  if (later) return `If it lapsed now, nothing would be stopped yet; were the policy enforcing: ${later}.`;
  return "If it lapsed now, nothing would be stopped.";
}

/** What the sentences leave out: what others spare, and what cannot be known; null when there is nothing. */
export function besidesText(view: SparedView): string | null {
  const parts = [
    ...(view.already > 0 ? [`${decisions(view.already)} more are spared by another exception anyway`] : []),
    ...(view.unknown > 0
      ? [`of ${decisions(view.unknown)} it cannot be known, since their content was not looked at for it`]
      : []),
  ];
  return parts.length > 0 ? `${either(parts, "and").replace(/^./, (letter) => letter.toUpperCase())}.` : null;
}
