import type { Control } from "@/lib/policy/catalogue/types";
import { ACTIONS } from "@/lib/policy/vocabulary";
import type { ControlBindingView } from "@/lib/use-cases/views";

/** The page of a control: `/controls/pii/credit-card`. */
export function controlHref(id: string): string {
  return `/controls/${id.split("/").map(encodeURIComponent).join("/")}`;
}

/** A word of the vocabulary as people read it: `require_approval` → `require approval`. */
export function word(id: string): string {
  return id.replaceAll("_", " ");
}

/** The actions that a control applies to: `all`, or their names. */
export function actionsText(actions: Control["actions"]): string {
  return actions.length === ACTIONS.length ? "all" : actions.map(word).join(", ");
}

/** Does the control act there now, and for whom: the stage is what says so. */
export function actsText({ stage, mode, isEnrolled }: ControlBindingView): string {
  if (mode === "log") return "records only";
  if (stage === "logging") return "not yet: logging";
  if (stage === "limited") return isEnrolled ? "for the cohort" : "not yet: not enrolled";
  return "yes";
}

/** Is it switched on, at least for the enrolled cohort? */
export function acts(binding: ControlBindingView): boolean {
  return ["for the cohort", "yes"].includes(actsText(binding));
}

/** `3 enforce, 1 log`: how many bindings have each mode, the strictest first. */
export function modesText(bindings: readonly ControlBindingView[]): string {
  const order = ["enforce", "require_approval", "redact", "log"] as const;
  return order
    .map((mode) => [bindings.filter((binding) => binding.mode === mode).length, word(mode)] as const)
    .filter(([n]) => n > 0)
    .map(([n, mode]) => `${n} ${mode}`)
    .join(", ");
}

/** Who set mode and sensitivity: `document`, or the floor with its data class and version. */
export function setByText({ modeBy, sensitivityBy, sensitivity, floor }: ControlBindingView): string {
  const byFloor = [
    ...(modeBy === "floor" ? ["mode"] : []),
    ...(sensitivity !== null && sensitivityBy === "floor" ? ["sensitivity"] : []),
  ];
  if (byFloor.length === 0 || floor === null) return "document";
  const whole = byFloor.length === (sensitivity === null ? 1 : 2);
  const name = `floor ${floor.dataClass} v${floor.number}`;
  return whole ? name : `${name}: ${byFloor.join(", ")}; document: the rest`;
}

const WOULD = ["would_block", "would_redact", "would_require_approval"];
const ACTED = ["blocked", "redacted", "needs_approval"];

function sum(effects: Record<string, number>, names: readonly string[]): number {
  return names.reduce((total, name) => total + (effects[name] ?? 0), 0);
}

/** Findings by what came of them. */
export function effectCounts(effects: Record<string, number>) {
  return {
    all: sum(effects, Object.keys(effects)),
    would: sum(effects, WOULD),
    acted: sum(effects, ACTED),
    exempted: effects["exempted"] ?? 0,
    logged: effects["logged"] ?? 0,
  };
}

export function count(n: number): string {
  return n.toLocaleString("en-GB");
}

/** The id of a control's row on the tab of controls of a use case. */
export const rowId = (control: string) => `control-${control.replaceAll("/", "-")}`;

/** The control's dial in a use case: its row on the tab of controls, its levels side by side. */
export function dialHref(useCase: string, control: string): string {
  return `/use-cases/${useCase}?${new URLSearchParams({ tab: "controls", levels: control })}#${rowId(control)}`;
}
