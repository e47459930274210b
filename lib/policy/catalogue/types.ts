import type { Action, Mode, Sensitivity } from "../vocabulary";

export type ControlFamily =
  | "prompt-defence"
  | "data-leakage"
  | "content"
  | "links"
  | "baseline"
  | "human-in-the-loop"
  | "identity"
  | "traffic"
  | "detection"
  | "custom";

/** A clause of a framework that a control serves; the title is empty where it may not be repeated. */
export interface Clause {
  framework: string;
  edition: string;
  id: string;
  title: string;
}

/** One entry of the catalogue. */
export interface Control {
  /** Such as `pii/credit-card`; the detector of a content control has the same name. */
  id: string;
  family: ControlFamily;
  title: string;
  catches: string;
  /** What each level lets through; `null` for controls that take no sensitivity. */
  misses: Record<Sensitivity, string> | null;
  /** `high` controls are the ones to enforce first. */
  confidence: "high" | "medium" | "low";
  /** The actions to which it applies; on others it never fires. */
  actions: readonly Action[];
  takesSensitivity: boolean;
  /** Can say where in the content it fired, so that the mode `redact` is possible. */
  knowsSpans: boolean;
  usualMode: Mode;
  clauses: readonly Clause[];
}
