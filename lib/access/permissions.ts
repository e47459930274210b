/** Who may do what: read by the server to refuse and by the page to hide. Pure. */

export const ROLES = ["admin", "security_lead", "risk_owner", "application_owner", "auditor"] as const;
export type Role = (typeof ROLES)[number];

/** `any`: everywhere. `own`: where the person is named (the risk owner, or an application owner, of that use case). */
type Reach = "any" | "own";

const EVERYONE = {
  admin: "any",
  security_lead: "any",
  risk_owner: "any",
  application_owner: "any",
  auditor: "any",
} as const;

export const PERMISSIONS = {
  "use-case:read": EVERYONE,
  "use-case:create": { security_lead: "any", risk_owner: "any" },
  "use-case:update": { security_lead: "any", risk_owner: "own" },
  /** A lower tier or data class, or another environment: what makes approvals, floors or exceptions weigh less. */
  "use-case:reclassify": { security_lead: "any" },
  "workload:create": { admin: "any", application_owner: "any" },
  "workload:manage": { admin: "any", application_owner: "own" },
  /** Whose signature vouches for workloads. */
  "issuer:manage": { admin: "any" },
  "credential:revoke": { admin: "any", security_lead: "any", application_owner: "own" },
  "change:create": { security_lead: "any", risk_owner: "own", application_owner: "own" },
  "change:approve": { security_lead: "any", risk_owner: "own" },
  "change:apply": { security_lead: "any", risk_owner: "own", application_owner: "own" },
  "change:comment": { security_lead: "any", risk_owner: "any", application_owner: "own" },
  /** Applies at once, without its seats; somebody else must review it within its deadline. */
  "change:break-glass": { security_lead: "any" },
  /** Of what broke the glass. */
  "change:review": { security_lead: "any", risk_owner: "own" },
  /** Take responsibility by name for what is not measured yet. */
  "readiness:accept": { risk_owner: "own" },
  /** Floors and settings: they hold for every use case, so that any risk owner may speak. */
  "governance:propose": { security_lead: "any", risk_owner: "any" },
  "governance:approve": { security_lead: "any", risk_owner: "any" },
  "governance:apply": { security_lead: "any", risk_owner: "any" },
  "exception:create": { risk_owner: "own", application_owner: "own" },
  "exception:approve": { security_lead: "any" },
  "exception:review": { security_lead: "any", risk_owner: "own" },
  "exception:revoke": { security_lead: "any", risk_owner: "own" },
  "exception:retire": { security_lead: "any", risk_owner: "own", application_owner: "own" },
  /** An owner replaced by another person. */
  "exception:reassign": { security_lead: "any", risk_owner: "own" },
  /** A campaign of reviews; of a risk owner, over what they own. */
  "campaign:start": { security_lead: "any", risk_owner: "any" },
  /** A held request: the one power of a person over traffic as it happens. */
  "approval:decide": { security_lead: "any", risk_owner: "own" },
  /** Whether a finding was right. Never by those whose application it is: they appeal. */
  "finding:rule": { security_lead: "any", risk_owner: "own" },
  "appeal:create": { application_owner: "own" },
  /** A ruled finding that every later change is checked against. */
  "case:manage": { security_lead: "any", risk_owner: "own" },
  /** An undeclared value of traffic that is looked into, and the end of that. */
  "drift:mark": { security_lead: "any", risk_owner: "own", application_owner: "own" },
  /** Services that content is sent to; a policy then asks them by name, through change control. */
  "detector:read": EVERYONE,
  "detector:manage": { admin: "any" },
  /** Where mails and webhooks go, and what came of them. */
  "delivery:read": { admin: "any", security_lead: "any", auditor: "any" },
  "webhook:manage": { admin: "any" },
  "mail:manage": { admin: "any" },
  /** A text that is blocked at every stage, to try a client with. */
  "canary:send": { admin: "any", security_lead: "any", risk_owner: "own", application_owner: "own" },
  "telemetry:read": EVERYONE,
  "audit:read": { admin: "any", security_lead: "any", risk_owner: "any", auditor: "any" },
  "evidence:export": { auditor: "any", security_lead: "any" },
  "people:read": EVERYONE,
  "people:manage": { admin: "any" },
  "session:end": { admin: "any" },
  /** See and revoke the personal access tokens of others. */
  "token:manage": { admin: "any" },
} as const satisfies Record<string, Partial<Record<Role, Reach>>>;

export type Permission = keyof typeof PERMISSIONS;

/** How a person stands to a use case. */
export interface Relation {
  isRiskOwner: boolean;
  isApplicationOwner: boolean;
}

/** What a personal access token is made for. */
export const TOKEN_SCOPES = ["read", "propose"] as const;
export type TokenScope = (typeof TOKEN_SCOPES)[number];

/** Named for what they let through, so that another read is a token's as soon as it is in the table. */
const isRead = (permission: Permission) => permission.endsWith(":read");

/**
 * The permissions that a token can carry at most: of those that its person has by their roles, never another.
 * Nothing here decides, applies, grants or administers: what a person answers for, they do signed in.
 */
const IN_SCOPE = {
  read: isRead,
  propose: (permission) => isRead(permission) || ["change:create", "change:comment"].includes(permission),
} as const satisfies Record<TokenScope, (permission: Permission) => boolean>;

/** Who asks: their roles and, when a token speaks for them, what it may carry. */
export interface Powers {
  roles: readonly Role[];
  via?: { scopes: readonly TokenScope[] } | null | undefined;
}

/** True when the scopes of a token let the permission through. */
export function inScope(scopes: readonly TokenScope[], permission: Permission): boolean {
  return scopes.some((scope) => IN_SCOPE[scope](permission));
}

/**
 * True when one of the roles reaches: `any`, or `own` with that role's own relation to the use case; and, for a
 * person who asks through a token, when its scopes let the permission through. Give the actor, not their roles,
 * wherever one may be a token's.
 */
export function can(who: Powers | readonly Role[], permission: Permission, relation?: Relation): boolean {
  const { roles, via }: Powers = "roles" in who ? who : { roles: who };
  if (via && !inScope(via.scopes, permission)) return false;
  const table: Partial<Record<Role, Reach>> = PERMISSIONS[permission];
  return roles.some((role) => {
    const reach = table[role];
    return reach === "any" || (reach === "own" && isNamed(role, relation));
  });
}

/** True when the permission could be had on some use case: whether a button is worth showing at all. */
export function couldEver(roles: readonly Role[], permission: Permission): boolean {
  const table: Partial<Record<Role, Reach>> = PERMISSIONS[permission];
  return roles.some((role) => table[role] !== undefined);
}

/** Who has a permission, in words: “a security lead or the risk owner of the use case”. */
export function whoMay(permission: Permission): string {
  const table: Partial<Record<Role, Reach>> = PERMISSIONS[permission];
  const having = (wanted: Reach) => ROLES.filter((role) => table[role] === wanted).map(SAID[wanted]);
  const own = having("own");
  const all = own.length === 0 ? having("any") : [...having("any"), `${own.join(" or ")} of the use case`];
  return all.join(all.length > 2 ? ", or " : " or ");
}

const SAID: Record<Reach, (role: Role) => string> = {
  any: (role) => `${/^[aeiou]/.test(role) ? "an" : "a"} ${role.replace("_", " ")}`,
  own: (role) => `${role === "application_owner" ? "an" : "the"} ${role.replace("_", " ")}`,
};

function isNamed(role: Role, relation: Relation | undefined): boolean {
  if (role === "risk_owner") return relation?.isRiskOwner ?? false;
  if (role === "application_owner") return relation?.isApplicationOwner ?? false;
  return false;
}
