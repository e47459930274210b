import type { ExceptionView } from "@/lib/exceptions/views";
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
  const names = either([...new Set(barred)], "nor");
  const sentences: Partial<Record<ExceptionView["state"], string>> = {
    draft: "It is a draft: nobody can decide on it until it is submitted.",
    submitted: `It waits for a security lead. Neither ${names} may decide on it, since they asked for it or own it.`,
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

/** `12 days`; a dash where there is nothing left or nothing was granted. */
export function daysText(daysLeft: number | null): string {
  if (daysLeft === null || daysLeft === 0) return "–";
  return daysLeft === 1 ? "1 day" : `${daysLeft} days`;
}
