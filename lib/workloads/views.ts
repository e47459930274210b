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

export type WorkloadAction = "update" | "issue-credential" | "revoke-credential";

export interface WorkloadView {
  id: string;
  slug: string;
  name: string;
  description: string;
  createdAt: string;
  useCases: { slug: string; name: string }[];
  credentials: CredentialView[];
  actions: ActionView<WorkloadAction>[];
}

/** A credential on the one occasion on which it is shown. */
export interface IssuedCredentialView extends CredentialView {
  credential: string;
}
