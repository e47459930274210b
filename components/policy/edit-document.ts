import { CONTROLS, FAMILIES, getControl, isCustomControl } from "@/lib/policy/catalogue";
import type { Control } from "@/lib/policy/catalogue/types";
import {
  type ControlBinding,
  MODES,
  type Mode,
  type PolicyDocument,
  policyDocumentSchema,
  type Sensitivity,
} from "@/lib/policy/document";
import { fieldTitle } from "@/lib/policy/labels";

/** Messages by the path of their field, `baseline.models.0`. */
export type FieldMessages = ReadonlyMap<string, string>;

/** A control as the editor lists it: the catalogue's entry and how the document binds it (`null`: off). */
export interface ControlRow {
  control: Control;
  binding: ControlBinding | null;
}

const USUAL_SENSITIVITY: Sensitivity = "L2";

/** The modes that a control can take; only those that know spans can redact. */
export function modesOf(control: Pick<Control, "knowsSpans">): Mode[] {
  return MODES.filter((mode) => mode !== "redact" || control.knowsSpans);
}

/** Binds a control. Off takes a built-in control out of the document; a custom one stays with its condition. */
export function withMode(document: PolicyDocument, id: string, mode: Mode): PolicyDocument {
  const { [id]: before, ...others } = document.controls;
  if (mode === "off" && !isCustomControl(id)) return { ...document, controls: others };
  const usual = getControl(id)?.takesSensitivity ? { sensitivity: USUAL_SENSITIVITY } : {};
  return { ...document, controls: { ...others, [id]: { ...(before ?? usual), mode } } };
}

export function withSensitivity(
  document: PolicyDocument,
  id: string,
  sensitivity: Sensitivity,
): PolicyDocument {
  const before = document.controls[id];
  if (before === undefined) return document;
  return { ...document, controls: { ...document.controls, [id]: { ...before, sensitivity } } };
}

/** The control that says what happens when an outside detector does not answer. */
export const UNAVAILABLE = "detector-unavailable";

/** Asks exactly these outside detectors. None leaves the field out, as in a document that never had one. */
export function withDetectors(document: PolicyDocument, names: readonly string[]): PolicyDocument {
  const { detectors: _, ...others } = document;
  return names.length === 0 ? others : { ...others, detectors: [...names] };
}

/**
 * Outside detectors to choose from: those set up, and those that the document names already, which may be none of them.
 * `known` is null while nothing is known of them.
 */
export function detectorChoices(
  asked: readonly string[],
  known: readonly { name: string; title: string; retiredAt: string | null }[] | null,
): { value: string; label: string }[] {
  const setUp = (known ?? []).filter(({ retiredAt }) => retiredAt === null);
  const others = asked.filter((name) => setUp.every((one) => one.name !== name));
  const state = (name: string) => {
    if (known === null) return name;
    return known.some((one) => one.name === name) ? `${name} (retired)` : `${name} (not set up)`;
  };
  return [
    ...setUp.map(({ name, title }) => ({ value: name, label: `${name} (${title})` })),
    ...others.map((name) => ({ value: name, label: state(name) })),
  ];
}

/** Enrols a control in `limited`, or takes it out. */
export function withEnrolled(document: PolicyDocument, id: string, enrolled: boolean): PolicyDocument {
  const others = document.limited.controls.filter((other) => other !== id);
  return {
    ...document,
    limited: { ...document.limited, controls: enrolled ? [...others, id] : others },
  };
}

export function withBaseline(
  document: PolicyDocument,
  part: Partial<PolicyDocument["baseline"]>,
): PolicyDocument {
  return { ...document, baseline: { ...document.baseline, ...part } };
}

/** Every control of the catalogue and the document's own, grouped by family in reading order. */
export function controlGroups(document: PolicyDocument): { id: string; title: string; rows: ControlRow[] }[] {
  const own = Object.keys(document.controls).filter(isCustomControl).sort();
  const all = [...CONTROLS, ...own.flatMap((id) => getControl(id, document.controls[id]) ?? [])];
  return FAMILIES.map(({ id, title }) => ({
    id,
    title,
    rows: all
      .filter((control) => control.family === id)
      .map((control) => ({ control, binding: document.controls[control.id] ?? null })),
  })).filter((group) => group.rows.length > 0);
}

/** What the schema says against a document, by field; empty when it is valid. */
export function problemsOf(document: PolicyDocument): FieldMessages {
  const parsed = policyDocumentSchema.safeParse(document);
  if (parsed.success) return new Map();
  return new Map(parsed.error.issues.map((issue) => [issue.path.map(String).join("."), issue.message]));
}

/** The messages of one field and of everything under it, each said once. */
export function messagesUnder(messages: FieldMessages, path: string): string | null {
  const found = [...messages].filter(([at]) => at === path || at.startsWith(`${path}.`));
  const said = found.map(([at, message]) => {
    const position = at.slice(path.length + 1).match(/^\d+/)?.[0];
    return position === undefined ? message : `Entry ${Number(position) + 1}: ${message}`;
  });
  return said.length > 0 ? [...new Set(said)].join(". ") : null;
}

/** The name of a field for people, of an entry in a list too: `baseline.models.1` is “Models, entry 2”. */
export function problemTitle(path: string): string {
  const [, field = path, position] = /^(.*?)\.(\d+)(?:\.[a-z]+)?$/.exec(path) ?? [];
  return position === undefined ? fieldTitle(path) : `${fieldTitle(field)}, entry ${Number(position) + 1}`;
}
