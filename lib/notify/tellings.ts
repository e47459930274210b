import type { Topic } from "./rules";

type Detail = Record<string, unknown>;

/** What one audit entry makes people told of. Of several topics a person hears the first that concerns them. */
interface Telling {
  topics: readonly Topic[];
  /** Only when the entry's detail says so. */
  when?: (detail: Detail) => boolean;
  /** A new version is in force: what is based on the one before must be rebased. */
  movesBase?: true;
  /** Ids of those whom the entry names. */
  named?: (detail: Detail) => string[];
}

const tell = (...topics: Topic[]): Telling => ({ topics });
const ids = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((id): id is string => typeof id === "string") : [];

/** Nobody is told, and that is meant. */
const SILENT = null;

/** What each audit action makes people told of. A new action is one line here; a test asks for it. */
export const TELLINGS: Record<string, Telling | null> = {
  "person.signed_in": SILENT,
  "person.sign_in_refused": SILENT,
  "person.signed_out": SILENT,
  "person.created": SILENT,
  "person.deactivated": SILENT,
  "person.roles_changed": SILENT,
  "session.ended": SILENT,
  "token.created": SILENT,
  "token.revoked": SILENT,
  "use_case.created": SILENT,
  "use_case.updated": SILENT,
  "workload.created": SILENT,
  "workload.updated": SILENT,
  "workload.retired": SILENT,
  "federation.added": SILENT,
  "federation.removed": SILENT,
  "tasks.revoked": SILENT,
  "issuer.added": SILENT,
  "issuer.retired": SILENT,
  "credential.issued": SILENT,
  "credential.rotated": SILENT,
  "credential.revoked": SILENT,

  "change.drafted": SILENT,
  "change.edited": tell("change_approval"),
  "change.rebased": tell("change_approval"),
  "change.submitted": tell("change_approval"),
  "change.approved": {
    topics: ["change_apply", "change_approved"],
    when: ({ quorumMet }) => quorumMet === true,
  },
  "change.rejected": tell("change_rejected"),
  "change.withdrawn": SILENT,
  "change.commented": SILENT,
  "change.applied": { topics: ["change_applied"], movesBase: true },
  "change.scheduled": tell("change_scheduled"),
  "change.unscheduled": SILENT,
  /** New evidence puts it before the approvers again. */
  "change.measured": tell("change_approval"),
  "change.suspended": tell("change_suspended"),
  "change.rolled_back": tell("change_rolled_back"),
  "change.reviewers_requested": {
    topics: ["change_look"],
    named: ({ people }) => ids(people),
  },
  "change.broke_glass": { topics: ["change_review", "broke_glass"], movesBase: true },
  /** One that steps back says so itself. */
  "change.reviewed": { topics: ["change_reviewed"], when: ({ verdict }) => verdict === "upheld" },
  "change.stepped_back": { topics: ["stepped_back"], movesBase: true },
  "change.stepped_down": { topics: ["stepped_down"], movesBase: true },
  "readiness.accepted": {
    topics: ["change_apply", "change_approved"],
    when: ({ quorumMet }) => quorumMet === true,
  },

  "exception.drafted": SILENT,
  "exception.submitted": tell("exception_approval"),
  /** The renewal is an exception of its own, which is submitted. */
  "exception.renewal_requested": SILENT,
  "exception.approved": tell("exception_approved"),
  "exception.rejected": tell("exception_rejected"),
  "exception.withdrawn": SILENT,
  "exception.revoked": tell("exception_revoked"),
  "exception.retired": tell("exception_retired"),
  "exception.reviewed": SILENT,
  "exception.shortened": tell("exception_shortened"),
  "exception.reassigned": tell("exception_reassigned"),
  "campaign.started": tell("campaign"),

  "finding.ruled": SILENT,
  "appeal.opened": tell("appeal"),
  "appeal.answered": tell("appeal_answered"),
  "appeal.withdrawn": SILENT,
  "case.kept": SILENT,
  "case.retired": SILENT,
  /** Whoever marks it looks into it; drift itself is told of by the day. */
  "drift.marked": SILENT,
  "incident.closed": SILENT,

  /** The agent is answered by the decision point. */
  "approval.granted": SILENT,
  "approval.denied": SILENT,
  "approval.used": SILENT,

  "detector.set_up": SILENT,
  "detector.retired": SILENT,
  "canary.made": SILENT,
  "decisions.anchored": SILENT,
  "evidence.requested": SILENT,
  "evidence.built": SILENT,
  "evidence.failed": SILENT,
  "evidence.downloaded": SILENT,
  "list.exported": SILENT,
  "sample.loaded": SILENT,

  "webhook.added": SILENT,
  "webhook.changed": SILENT,
  "webhook.removed": SILENT,
  "webhook.tested": SILENT,
  "webhook.sent_again": SILENT,
  "webhook.disabled": SILENT,
  "mail.tested": SILENT,
  "mail.sent_again": SILENT,
};
