import type { ActionView, PersonRef } from "@/lib/people/views";
import type { PolicyDocument } from "@/lib/policy/document";
import type { FieldMove } from "@/lib/policy/lattice";
import type { DataClass, Environment, Mode, Sensitivity, Stage, Tier } from "@/lib/policy/vocabulary";

export interface UseCaseRef {
  id: string;
  slug: string;
  name: string;
  tier: Tier;
}

/** A line of the register. Rates of decisions come from telemetry and are joined by the page. */
export interface UseCaseSummary extends UseCaseRef {
  dataClass: DataClass;
  environment: Environment;
  riskOwner: PersonRef;
  applicationOwners: PersonRef[];
  policy: { version: number; stage: Stage; effectiveFrom: string };
  /** Approved exceptions that are in force now. */
  openExceptions: number;
  /** Changes in draft, in review or approved. */
  openChanges: number;
  createdAt: string;
}

export type UseCaseAction =
  | "update"
  | "draft-change"
  | "request-exception"
  | "create-workload"
  | "send-canary";

export interface UseCaseView extends UseCaseSummary {
  description: string;
  audience: string;
  purpose: string;
  /** To be named by an edit (`If-Match`). */
  revision: number;
  workloads: { id: string; slug: string; name: string }[];
  actions: ActionView<UseCaseAction>[];
}

export type Direction = "equal" | "tightens" | "loosens" | "mixed";

/** The floor under a policy. */
export interface FloorView {
  dataClass: DataClass;
  number: number;
  effectiveFrom: string;
  document: PolicyDocument;
}

/** A policy version as it is decided by: its document joined with the floor of the use case's data class. */
export interface PolicyView {
  useCase: UseCaseRef;
  version: number;
  effectiveFrom: string;
  change: { id: string; ref: string } | null;
  document: PolicyDocument;
  /** `sha256:<hex>` of the document. */
  digest: string;
  floor: FloorView | null;
  effective: PolicyDocument;
  effectiveDigest: string;
  /** Per path of the effective document: who set it. */
  origins: Record<string, "document" | "floor">;
  /** The effective policy as Cedar text. */
  cedar: string;
}

/** How the policy in force of a use case binds a control that is not off. */
export interface ControlBindingView {
  control: string;
  useCase: UseCaseRef;
  environment: Environment;
  /** Policy version in force. */
  version: number;
  stage: Stage;
  mode: Exclude<Mode, "off">;
  sensitivity: Sensitivity | null;
  /** Does `limited` enrol it? */
  isEnrolled: boolean;
  modeBy: "document" | "floor";
  sensitivityBy: "document" | "floor";
  /** The floor under the policy. */
  floor: { dataClass: DataClass; number: number } | null;
}

export interface PolicyVersionSummary {
  number: number;
  digest: string;
  stage: Stage;
  effectiveFrom: string;
  /** Null in it: a safeguard asked. */
  change: { id: string; ref: string; requestedBy: PersonRef | null } | null;
  /** Against the version before it; null for the first. */
  direction: Direction | null;
  moves: FieldMove[];
}
