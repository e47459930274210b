import { getControl } from "@/lib/policy/catalogue";
import { type ControlBinding, type Mode, type PolicyDocument, SENSITIVITIES } from "@/lib/policy/document";

/** What a link to a new draft asks of one control. */
export interface ControlWish {
  /** `act`: it acts; `sensitivity`: it stands at another level. */
  propose?: string | undefined;
  control?: string | undefined;
  level?: string | undefined;
}

/** The address of a new draft that sets one control of a use case otherwise. */
export function proposeControlHref(useCase: string, wish: ControlWish): string {
  const filled = Object.entries(wish).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return `/changes/new?${new URLSearchParams([["useCase", useCase], ...filled])}`;
}

/** The document with a control set otherwise; itself where there is no such control. */
function withControl(
  document: PolicyDocument,
  id: string,
  different: Partial<ControlBinding>,
): PolicyDocument {
  const binding = Object.hasOwn(document.controls, id) ? document.controls[id] : undefined;
  const control = getControl(id, binding);
  if (control === null || (binding === undefined && control.family === "custom")) return document;
  const { sensitivity, ...rest }: ControlBinding = { mode: "log", ...binding, ...different };
  const level = control.takesSensitivity ? { sensitivity: sensitivity ?? "L1" } : {};
  return { ...document, controls: { ...document.controls, [id]: { ...rest, ...level } } };
}

const ACTING: readonly Mode[] = ["redact", "require_approval", "enforce"];

/** The document in which a control acts: its mode as it is if that acts, else `enforce`; enrolled while it is limited. */
export function letAct(document: PolicyDocument, id: string): PolicyDocument {
  const mode = document.controls[id]?.mode ?? "off";
  const next = withControl(document, id, { mode: ACTING.includes(mode) ? mode : "enforce" });
  const { controls, cohort } = next.limited;
  if (next === document || next.stage !== "limited" || controls.includes(id)) return next;
  return { ...next, limited: { cohort, controls: [...controls, id].sort() } };
}

/** The proposal that a wish about one control makes, and why; null when it asks for nothing that is known. */
export function proposalForControl(
  { propose, control: id = "", level }: ControlWish,
  document: PolicyDocument,
): { proposal: PolicyDocument; justification: string } | null {
  const title = getControl(id)?.title ?? id;
  const sensitivity = SENSITIVITIES.find((known) => known === level);
  const proposal =
    propose === "sensitivity" && sensitivity
      ? withControl(document, id, { sensitivity })
      : propose === "act"
        ? letAct(document, id)
        : document;
  if (proposal === document) return null;
  const justification =
    propose === "act"
      ? `Let ${title} act, by its readiness.`
      : `Set ${title} to ${sensitivity}, by what each level would have fired on.`;
  return { proposal, justification };
}
