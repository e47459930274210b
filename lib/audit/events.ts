/** What can stand in the audit log: named by intent, in the past tense. An unknown action does not compile. */
export const AUDIT_ACTIONS = [
  "person.signed_in",
  "person.sign_in_refused",
  "person.signed_out",
  "person.created",
  "person.deactivated",
  "person.roles_changed",
  "session.ended",
  "token.created",
  "token.revoked",
  "use_case.created",
  "use_case.updated",
  "workload.created",
  "workload.updated",
  "workload.retired",
  "federation.added",
  "federation.removed",
  "tasks.revoked",
  "issuer.added",
  "issuer.retired",
  "credential.issued",
  "credential.rotated",
  "credential.revoked",
  "change.drafted",
  "change.edited",
  "change.submitted",
  "change.approved",
  "change.rejected",
  "change.withdrawn",
  "change.commented",
  "change.applied",
  "change.rebased",
  "change.measured",
  "change.reviewers_requested",
  "change.scheduled",
  "change.unscheduled",
  "change.suspended",
  "change.rolled_back",
  "change.broke_glass",
  "change.reviewed",
  "change.stepped_back",
  "change.stepped_down",
  "readiness.accepted",
  "exception.drafted",
  "exception.submitted",
  "exception.approved",
  "exception.rejected",
  "exception.withdrawn",
  "exception.revoked",
  "exception.retired",
  "exception.reviewed",
  "exception.shortened",
  "exception.renewal_requested",
  "exception.reassigned",
  "campaign.started",
  "drift.marked",
  "incident.closed",
  "finding.ruled",
  "appeal.opened",
  "appeal.answered",
  "appeal.withdrawn",
  "case.kept",
  "case.retired",
  "approval.granted",
  "approval.denied",
  "approval.used",
  "detector.set_up",
  "detector.retired",
  "canary.made",
  "webhook.added",
  "webhook.changed",
  "webhook.removed",
  "webhook.tested",
  "webhook.sent_again",
  "webhook.disabled",
  "mail.tested",
  "mail.sent_again",
  "decisions.anchored",
  "evidence.requested",
  "evidence.built",
  "evidence.failed",
  "evidence.downloaded",
  "list.exported",
  "sample.loaded",
] as const;

export type AuditAction = (typeof AUDIT_ACTIONS)[number];

export interface AuditSubject {
  kind:
    | "person"
    | "session"
    | "token"
    | "use_case"
    | "workload"
    | "credential"
    | "issuer"
    | "change"
    | "exception"
    | "campaign"
    | "approval"
    | "finding"
    | "appeal"
    | "case"
    | "incident"
    | "detector"
    | "webhook"
    | "mail"
    | "decisions"
    | "evidence_pack"
    | "list"
    | "installation";
  id: string;
  /** The short reference that people see, such as `EXC-31`. */
  ref?: string;
}

/** One entry to be recorded. `detail` holds digests and names, never content, secrets or credentials. */
export interface AuditEvent {
  action: AuditAction;
  subject: AuditSubject;
  /** Slug of the use case that it concerns. */
  useCase?: string;
  reason?: string;
  detail?: Record<string, unknown>;
}
