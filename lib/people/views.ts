import type { Role } from "@/lib/access/permissions";

/** A person as other views name them. Times in views are ISO 8601 UTC with milliseconds. */
export interface PersonRef {
  id: string;
  name: string;
}

/** A move that the state of a thing allows; `why` says in one sentence what keeps this viewer from it. */
export interface ActionView<Name extends string> {
  name: Name;
  allowed: boolean;
  why: string | null;
}

/** A use case that somebody owns. */
export interface OwnedUseCase {
  slug: string;
  name: string;
}

export interface PersonView extends PersonRef {
  email: string;
  roles: Role[];
  active: boolean;
  createdAt: string;
  deactivatedAt: string | null;
  /** The use cases whose named risk owner they are, by name. */
  riskOwnerOf: OwnedUseCase[];
  /** The use cases of which they are an application owner, by name. */
  applicationOwnerOf: OwnedUseCase[];
  /** Null when they never signed in. */
  lastSignInAt: string | null;
  /** Signed-in browsers right now. */
  sessions: number;
  actions: ActionView<PersonAction>[];
}

export type PersonAction = "change-roles" | "deactivate";

export interface SessionView {
  id: string;
  person: PersonRef;
  createdAt: string;
  expiresAt: string;
  userAgent: string | null;
  /** The session that asks. */
  own: boolean;
}
