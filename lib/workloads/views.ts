import type { ActionView } from "@/lib/people/views";
import type { CredentialKind } from "@/lib/policy/vocabulary";
import type { CredentialState } from "./rules";

export interface CredentialView {
  id: string;
  label: string;
  kind: CredentialKind;
  /** `slc_<prefix>…`: enough to recognise it. */
  prefix: string;
  createdAt: string;
  expiresAt: string;
  revokedAt: string | null;
  state: CredentialState;
}

/** Whose tokens count as this workload's. */
export interface FederationView {
  id: string;
  issuer: { id: string; name: string; issuer: string };
  audience: string;
  /** A glob over `sub`. */
  subject: string;
  /** What the pattern leaves open; null when it is narrow. */
  broad: string | null;
  createdAt: string;
}

export type WorkloadAction =
  | "update"
  | "issue-credential"
  | "revoke-credential"
  | "federate"
  | "revoke-tasks"
  | "retire";

export interface WorkloadView {
  id: string;
  slug: string;
  name: string;
  description: string;
  createdAt: string;
  retiredAt: string | null;
  /** Task credentials issued before this instant are dead. */
  tasksValidFrom: string | null;
  useCases: { slug: string; name: string }[];
  credentials: CredentialView[];
  federations: FederationView[];
  actions: ActionView<WorkloadAction>[];
}

/** A credential on the one occasion on which it is shown. */
export interface IssuedCredentialView extends CredentialView {
  credential: string;
}

/** Somebody outside who vouches for workloads by signed tokens. */
export interface IssuerView {
  id: string;
  name: string;
  issuer: string;
  /** Null: its discovery document says where its keys are. */
  jwksUri: string | null;
  createdAt: string;
  retiredAt: string | null;
  /** Bindings in force, and the workloads that they are of. */
  federations: number;
  workloads: { slug: string; name: string }[];
}

/** What was found at the address of an issuer, or why nothing was. */
export type IssuerCheckView =
  | { found: true; jwksUri: string; keys: number; unusable: number; algorithms: string[] }
  | { found: false; why: string };
