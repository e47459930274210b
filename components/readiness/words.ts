import type { AcceptanceView, ReadinessCondition } from "@/lib/readiness/views";

/** 0.073 → `7.3`: a rate from 0 to 1 as a percentage, to a tenth. */
export function percent(rate: number): string {
  return (Math.round(rate * 1000) / 10).toLocaleString("en-GB");
}

/** `2.1–7.3 %`, outwards; `not known` without bounds. */
export function boundsText(bounds: { low: number; high: number } | null): string {
  if (bounds === null) return "not known";
  const low = Math.max(0, Math.floor(bounds.low * 1000 + 1e-9) / 1000);
  const high = Math.min(1, Math.ceil(bounds.high * 1000 - 1e-9) / 1000);
  return `${percent(low)}–${percent(high)} %`;
}

/** `5 of 16 conditions are not met, 2 of them accepted by the risk owner.` */
export function readinessSentence(
  conditions: readonly Pick<ReadinessCondition, "id" | "met">[],
  acceptances: readonly Pick<AcceptanceView, "condition" | "current">[] = [],
): string {
  const missing = conditions.filter(({ met }) => !met);
  const all = conditions.length;
  if (missing.length === 0) return all === 1 ? "The condition is met." : `All ${all} conditions are met.`;
  const accepted = missing.filter(({ id }) =>
    acceptances.some(({ condition, current }) => current && condition === id),
  ).length;
  const rest =
    accepted === 0
      ? ""
      : accepted === missing.length
        ? ", accepted by the risk owner"
        : `, ${accepted} of them accepted by the risk owner`;
  return `${missing.length} of ${all} ${all === 1 ? "condition" : "conditions"} ${missing.length === 1 ? "is" : "are"} not met${rest}.`;
}

/** What keeps a control from acting, in a word. */
export function stateOf(conditions: readonly Pick<ReadinessCondition, "met">[]): string {
  const missing = conditions.filter(({ met }) => !met).length;
  return missing === 0 ? "ready" : `${missing} missing`;
}
