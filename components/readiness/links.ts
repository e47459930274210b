import { dialHref } from "@/components/controls/words";
import { getControl } from "@/lib/policy/catalogue";
import type { MendsView, ReadinessCondition } from "@/lib/readiness/views";

const query = (of: Record<string, string>) => new URLSearchParams(of).toString();

/**
 * Where a condition that is not met can be mended, and what is done there: of findings, what others answered for who
 * may not. Null where only time helps, or others.
 */
export function mendOf(
  { id, control, measured }: Pick<ReadinessCondition, "id" | "control" | "measured">,
  useCase: string,
  mends: MendsView,
): { href: string; label: string } | null {
  const [kind] = id.split(":");
  if (control !== null)
    return kind === "decisions" ? null : mendOfControl({ control, measured, kind }, useCase, mends);
  switch (kind) {
    case "appeals":
      return {
        href: `/telemetry/appeals?${query({ useCase, status: "open" })}`,
        label: mends.rule ? "Answer the appeals" : "See the appeals",
      };
    case "telemetry":
      return {
        href: `/telemetry?${query({ useCase, period: "30d", bucket: "hour" })}`,
        label: "See the gaps",
      };
    case "risk-owner":
    case "application-owner":
      return mends.nameOwners ? { href: `/use-cases/${useCase}/edit`, label: "Name owners" } : null;
    case "cases":
      return {
        href: `/telemetry/rulings?${query({ tab: "cases", useCase, state: "live" })}`,
        label: "See the kept cases",
      };
    default:
      return null;
  }
}

/** Rulings, then what drifts or a narrower level; nothing where it was never tried (a bound of 1). */
function mendOfControl(
  { control, measured, kind }: { control: string; measured: number | null; kind: string | undefined },
  useCase: string,
  { rule }: MendsView,
) {
  const { family, takesSensitivity } = getControl(control) ?? {};
  if (kind === "false-positives" && measured === 1) return null;
  if (kind === "false-positives" && measured !== null && family === "baseline")
    return { href: `/telemetry/drift?${query({ useCase })}`, label: "See what drifts" };
  if (kind === "false-positives" && measured !== null && takesSensitivity)
    return { href: dialHref(useCase, control), label: "Compare its levels" };
  return rule
    ? { href: `/telemetry/rulings?${query({ useCase, control })}`, label: "Rule on its findings" }
    : { href: `/telemetry/rulings?${query({ tab: "given", useCase, control })}`, label: "See its rulings" };
}
