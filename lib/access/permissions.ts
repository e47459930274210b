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
  "exception:create": { risk_owner: "own", application_owner: "own" },
  "exception:approve": { security_lead: "any" },
  "exception:review": { security_lead: "any", risk_owner: "own" },
  "exception:revoke": { security_lead: "any", risk_owner: "own" },
  "exception:retire": { security_lead: "any", risk_owner: "own", application_owner: "own" },
  /** A held request: the one power of a person over traffic as it happens. */
  "approval:decide": { security_lead: "any", risk_owner: "own" },
  /** An undeclared value of traffic that is looked into, and the end of that. */
  "drift:mark": { security_lead: "any", risk_owner: "own", application_owner: "own" },
  /** Services that content is sent to; a policy then asks them by name, through change control. */
  "detector:read": EVERYONE,
  "detector:manage": { admin: "any" },
  /** A text that is blocked at every stage, to try a client with. */
  "canary:send": { admin: "any", security_lead: "any", risk_owner: "own", application_owner: "own" },
  "telemetry:read": EVERYONE,
  "audit:read": { admin: "any", security_lead: "any", risk_owner: "any", auditor: "any" },
  "evidence:export": { auditor: "any", security_lead: "any" },
  "people:read": EVERYONE,
  "people:manage": { admin: "any" },
  "session:end": { admin: "any" },
} as const satisfies Record<string, Partial<Record<Role, Reach>>>;

export type Permission = keyof typeof PERMISSIONS;

/** How a person stands to a use case. */
export interface Relation {
  isRiskOwner: boolean;
  isApplicationOwner: boolean;
}

/** True when one of the roles reaches: `any`, or `own` with that role's own relation to the use case. */
export function can(roles: readonly Role[], permission: Permission, relation?: Relation): boolean {
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

function isNamed(role: Role, relation: Relation | undefined): boolean {
  if (role === "risk_owner") return relation?.isRiskOwner ?? false;
  if (role === "application_owner") return relation?.isApplicationOwner ?? false;
  return false;
}
