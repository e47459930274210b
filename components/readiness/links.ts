import { getControl } from "@/lib/policy/catalogue";
import type { ReadinessCondition } from "@/lib/readiness/views";

const query = (of: Record<string, string>) => new URLSearchParams(of).toString();

/** Where a condition that is not met can be mended, and what is done there; null where only time helps. */
export function mendOf(
  { id, control, measured }: Pick<ReadinessCondition, "id" | "control" | "measured">,
  useCase: string,
): { href: string; label: string } | null {
  const [kind] = id.split(":");
  if (control !== null) {
    if (kind === "rulings" || (kind === "false-positives" && measured === null))
      return { href: `/telemetry/rulings?${query({ useCase, control })}`, label: "Rule on its findings" };
    if (getControl(control)?.family === "baseline")
      return { href: `/telemetry/drift?${query({ useCase })}`, label: "See what drifts" };
    return kind === "false-positives"
      ? { href: `/use-cases/${useCase}?tab=controls`, label: "Compare its levels" }
      : null;
  }
  switch (kind) {
    case "appeals":
      return { href: `/telemetry/appeals?${query({ useCase })}`, label: "Answer the appeals" };
    case "telemetry":
      return { href: `/telemetry?${query({ useCase })}`, label: "See the gaps" };
    case "risk-owner":
    case "application-owner":
      return { href: `/use-cases/${useCase}/edit`, label: "Name owners" };
    case "cases":
      return { href: `/telemetry/rulings?${query({ useCase })}`, label: "See the kept cases" };
    default:
      return null;
  }
}
