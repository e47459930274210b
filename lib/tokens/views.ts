import type { TokenScope } from "@/lib/access/permissions";
import type { PersonRef } from "@/lib/people/views";
import type { TokenState } from "./rules";

/** A personal access token, without its secret. */
export interface TokenView {
  id: string;
  person: PersonRef;
  label: string;
  /** The part that may be shown: `slp_<prefix>_…`. */
  prefix: string;
  scopes: TokenScope[];
  state: TokenState;
  createdAt: string;
  expiresAt: string;
  /** To the hour; null when it was never used. */
  lastUsedAt: string | null;
  revokedAt: string | null;
  revokedBy: PersonRef | null;
  /** Is it the viewer's own? */
  own: boolean;
}

/** The answer to its making, the one time that the token itself is told. */
export interface CreatedTokenView extends TokenView {
  token: string;
}
