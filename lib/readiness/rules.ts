import { getControl } from "@/lib/policy/catalogue";
import type { PolicyDocument } from "@/lib/policy/document";
import { bindingOf, controlIds } from "@/lib/policy/fields";
import { MODES, type Mode, SENSITIVITIES, STAGES } from "@/lib/policy/vocabulary";

const FIRST_SHARE = 10;

/** The document one stage further; null at the end of the ladder. `limited` first enrols high-confidence controls. */
export function nextStage(document: PolicyDocument): PolicyDocument | null {
  if (document.stage === "enforcing") return null;
  if (document.stage === "limited") return { ...document, stage: "enforcing" };
  const confident = Object.entries(document.controls)
    .filter(([id, binding]) => binding.mode !== "off" && getControl(id, binding)?.confidence === "high")
    .map(([id]) => id);
  const { controls, cohort } = document.limited;
  return {
    ...document,
    stage: "limited",
    limited: {
      controls: controls.length > 0 ? controls : confident.sort(),
      cohort: { ...cohort, percent: cohort.percent || FIRST_SHARE },
    },
  };
}

const rank = (mode: Mode) => MODES.indexOf(mode);

/** Does this control do more than watch, for some traffic at least? */
export function acts(document: PolicyDocument, control: string): boolean {
  if (rank(bindingOf(document, control).mode) < rank("redact")) return false;
  return (
    document.stage === "enforcing" ||
    (document.stage === "limited" && document.limited.controls.includes(control))
  );
}

function reachesMore(before: PolicyDocument, after: PolicyDocument): boolean {
  if (STAGES.indexOf(after.stage) > STAGES.indexOf(before.stage)) return true;
  if (after.stage !== "limited" || before.stage !== "limited") return false;
  const [was, is] = [before.limited.cohort, after.limited.cohort];
  return is.percent > was.percent || is.workloads.some((workload) => !was.workloads.includes(workload));
}

function looksWider(before: PolicyDocument, after: PolicyDocument, control: string): boolean {
  const [was, is] = [bindingOf(before, control).sensitivity, bindingOf(after, control).sensitivity];
  return was !== undefined && is !== undefined && SENSITIVITIES.indexOf(is) > SENSITIVITIES.indexOf(was);
}

function movesUp(before: PolicyDocument, after: PolicyDocument, control: string): boolean {
  const [was, is] = [bindingOf(before, control).mode, bindingOf(after, control).mode];
  const stricter = rank(is) > rank(was);
  if (stricter && rank(is) >= rank("require_approval")) return true;
  if (!acts(after, control)) return false;
  return (
    stricter || !acts(before, control) || reachesMore(before, after) || looksWider(before, after, control)
  );
}

/**
 * The controls for which a proposal asks for readiness, sorted: those that move to `require_approval` or `enforce`,
 * and those that then act on traffic on which they did not act before (a higher stage, a wider enrolment, a wider
 * sensitivity, `redact`). Both documents are effective ones, the floor joined.
 */
export function movedUp(before: PolicyDocument, after: PolicyDocument): string[] {
  return controlIds(before, after).filter((control) => movesUp(before, after, control));
}

/** Is readiness asked for at all: does a control move up, or the stage? */
export function isAsked(before: PolicyDocument, after: PolicyDocument): boolean {
  return STAGES.indexOf(after.stage) > STAGES.indexOf(before.stage) || movedUp(before, after).length > 0;
}
