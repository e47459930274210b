import { BASELINE_CONTROLS } from "./catalogue/baseline";
import { CONTENT_CONTROLS } from "./catalogue/content";
import { DATA_LEAKAGE_CONTROLS, PROMPT_DEFENCE_CONTROLS } from "./catalogue/data-leakage";
import { TRAFFIC_CONTROLS } from "./catalogue/traffic";
import type { Control } from "./catalogue/types";
import type { ControlBinding } from "./document";
import { ACTIONS } from "./vocabulary";

export { FRAMEWORK_LIST, type Framework } from "./catalogue/clauses";
export type { Clause, Control, ControlFamily } from "./catalogue/types";

/** Families of controls in the order in which people read them. */
export const FAMILIES = [
  { id: "prompt-defence", title: "Prompt defence" },
  { id: "data-leakage", title: "Data leakage" },
  { id: "content", title: "Content" },
  { id: "links", title: "Links" },
  { id: "baseline", title: "Baseline" },
  { id: "human-in-the-loop", title: "Human in the loop" },
  { id: "identity", title: "Identity" },
  { id: "traffic", title: "Traffic" },
  { id: "detection", title: "Detection" },
  { id: "custom", title: "Custom" },
] as const satisfies readonly { id: Control["family"]; title: string }[];

/** Every built-in control, grouped by family. */
export const CONTROLS: readonly Control[] = [
  ...PROMPT_DEFENCE_CONTROLS,
  ...DATA_LEAKAGE_CONTROLS,
  ...CONTENT_CONTROLS,
  ...BASELINE_CONTROLS,
  ...TRAFFIC_CONTROLS,
];

/** Content controls that a detector of ours serves; the others fire on signals that callers send. */
export const BUILT_IN_DETECTORS: readonly string[] = [
  "pii/address",
  "pii/credit-card",
  "pii/email",
  "pii/iban",
  "pii/ip-address",
  "pii/name",
  "pii/phone",
  "pii/us-ssn",
  "prompt-attack",
  "secrets",
  "unknown-links",
];

const BY_ID = new Map(CONTROLS.map((control) => [control.id, control]));
const CUSTOM_ID = /^custom\/[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** Is this the id of an organisation's own control, `custom/<slug>`? */
export function isCustomControl(id: string): boolean {
  return id.length <= 80 && CUSTOM_ID.test(id);
}

function customControl(id: string, binding: ControlBinding | undefined): Control {
  const content = binding === undefined || binding.sensitivity !== undefined;
  const words = id.slice("custom/".length).replaceAll("-", " ");
  return {
    id,
    family: "custom",
    title: words.charAt(0).toUpperCase() + words.slice(1),
    catches: "What the organisation's own condition, phrases and patterns describe.",
    misses: null,
    confidence: "medium",
    actions: [...ACTIONS],
    takesSensitivity: content,
    knowsSpans: binding === undefined || Boolean(binding.phrases?.length || binding.patterns?.length),
    usualMode: "log",
    clauses: [],
  };
}

/**
 * The catalogue's entry, or `null` when there is no such control. For `custom/<slug>` give the binding too: it says
 * whether the control looks into content (takes a sensitivity) and knows spans.
 */
export function getControl(id: string, binding?: ControlBinding): Control | null {
  return BY_ID.get(id) ?? (isCustomControl(id) ? customControl(id, binding) : null);
}
