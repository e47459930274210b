import { can, type Permission, type Role } from "@/lib/access/permissions";
import type { MailChoice, NoticeKind } from "./schema";

interface KindRule {
  title: string;
  description: string;
  /** Until a person chooses otherwise. */
  mail: MailChoice;
  /** May the inbox be spared? Never of what somebody has to do or must know. */
  inboxMayBeOff: boolean;
}

/** What people choose by. */
export const KIND_RULES = {
  waiting: {
    title: "Waiting on you",
    description: "A decision, a review or an answer that you can give.",
    mail: "at_once",
    inboxMayBeOff: false,
  },
  decided: {
    title: "Decided",
    description: "What you asked for was approved, rejected, applied, scheduled, suspended or ended.",
    mail: "at_once",
    inboxMayBeOff: true,
  },
  expiring: {
    title: "Expiring",
    description: "An exception that you answer for ends in 14, 7 or 1 days.",
    mail: "at_once",
    inboxMayBeOff: true,
  },
  overdue: {
    title: "Overdue",
    description: "A review or an approval that is late, and what is suspended for it.",
    mail: "at_once",
    inboxMayBeOff: false,
  },
  broke_glass: {
    title: "Broke glass",
    description: "A policy was changed at once, without the usual approvals.",
    mail: "at_once",
    inboxMayBeOff: false,
  },
  stepped_down: {
    title: "Stepped down or back",
    description: "A policy went back by itself: its own bound was passed, or an emergency was not reviewed.",
    mail: "at_once",
    inboxMayBeOff: false,
  },
  drift: {
    title: "Drift",
    description: "Traffic shows what nobody declared: at most once a day for each use case.",
    mail: "daily",
    inboxMayBeOff: true,
  },
  credential_expiring: {
    title: "Credential expiring",
    description: "A key of your workloads ends in 14, 7 or 1 days and no other follows it.",
    mail: "daily",
    inboxMayBeOff: true,
  },
} as const satisfies Record<NoticeKind, KindRule>;

/** How somebody stands to what happened. `on_whom_it_waits`: could do it now, by the rules of the thing itself. */
export type Relation =
  | "on_whom_it_waits"
  | "named"
  | "requester"
  | "risk_owner"
  | "business_owner"
  | "application_owners"
  | "security_leads"
  | "auditors";

interface TopicRule {
  kind: NoticeKind;
  /** Without it a person may not read the thing, and is not told of it. */
  reads: Permission;
  to: readonly Relation[];
}

const OWNERS = ["requester", "risk_owner", "business_owner"] as const;
const ANSWERABLE = [...OWNERS, "application_owners"] as const;
const EVERYONE_CONCERNED = ["risk_owner", "security_leads", "application_owners", "requester"] as const;

/** What can be said, under which kind, and to whom. */
export const TOPICS = {
  change_approval: { kind: "waiting", reads: "use-case:read", to: ["on_whom_it_waits"] },
  change_apply: { kind: "waiting", reads: "use-case:read", to: ["on_whom_it_waits"] },
  change_review: { kind: "waiting", reads: "use-case:read", to: ["on_whom_it_waits"] },
  change_rebase: { kind: "waiting", reads: "use-case:read", to: ["on_whom_it_waits"] },
  change_look: { kind: "waiting", reads: "use-case:read", to: ["named"] },
  change_approved: { kind: "decided", reads: "use-case:read", to: ["requester"] },
  change_rejected: { kind: "decided", reads: "use-case:read", to: ["requester"] },
  change_applied: { kind: "decided", reads: "use-case:read", to: ["requester"] },
  change_scheduled: { kind: "decided", reads: "use-case:read", to: ["requester"] },
  change_suspended: { kind: "decided", reads: "use-case:read", to: ["requester"] },
  change_rolled_back: { kind: "decided", reads: "use-case:read", to: ["requester"] },
  change_reviewed: { kind: "decided", reads: "use-case:read", to: ["requester"] },
  change_overdue: { kind: "overdue", reads: "use-case:read", to: ["on_whom_it_waits", "requester"] },
  change_review_due: { kind: "overdue", reads: "use-case:read", to: ["on_whom_it_waits", "requester"] },
  broke_glass: { kind: "broke_glass", reads: "use-case:read", to: [...EVERYONE_CONCERNED, "auditors"] },
  stepped_back: { kind: "stepped_down", reads: "use-case:read", to: EVERYONE_CONCERNED },
  stepped_down: { kind: "stepped_down", reads: "use-case:read", to: EVERYONE_CONCERNED },
  exception_approval: { kind: "waiting", reads: "use-case:read", to: ["on_whom_it_waits"] },
  exception_review: { kind: "waiting", reads: "use-case:read", to: ["on_whom_it_waits"] },
  exception_reassignment: { kind: "waiting", reads: "use-case:read", to: ["on_whom_it_waits"] },
  exception_reassigned: { kind: "decided", reads: "use-case:read", to: ANSWERABLE },
  exception_approved: { kind: "decided", reads: "use-case:read", to: OWNERS },
  exception_rejected: { kind: "decided", reads: "use-case:read", to: OWNERS },
  exception_revoked: { kind: "decided", reads: "use-case:read", to: ANSWERABLE },
  exception_shortened: { kind: "decided", reads: "use-case:read", to: ANSWERABLE },
  exception_retired: { kind: "decided", reads: "use-case:read", to: OWNERS },
  exception_expiring: { kind: "expiring", reads: "use-case:read", to: ANSWERABLE },
  exception_overdue: { kind: "overdue", reads: "use-case:read", to: ["on_whom_it_waits", "requester"] },
  exception_review_overdue: {
    kind: "overdue",
    reads: "use-case:read",
    to: ["on_whom_it_waits", "requester", "risk_owner"],
  },
  exception_suspended: {
    kind: "overdue",
    reads: "use-case:read",
    to: ["on_whom_it_waits", ...ANSWERABLE],
  },
  held_request: { kind: "waiting", reads: "telemetry:read", to: ["on_whom_it_waits"] },
  appeal: { kind: "waiting", reads: "telemetry:read", to: ["on_whom_it_waits"] },
  appeal_answered: { kind: "decided", reads: "telemetry:read", to: ["requester"] },
  campaign: { kind: "waiting", reads: "use-case:read", to: ["on_whom_it_waits"] },
  drift: { kind: "drift", reads: "telemetry:read", to: ["risk_owner", "application_owners"] },
  credential_expiring: { kind: "credential_expiring", reads: "use-case:read", to: ["application_owners"] },
} as const satisfies Record<string, TopicRule>;

export type Topic = keyof typeof TOPICS;

/** A person as far as telling goes. */
export interface Reader {
  id: string;
  roles: readonly Role[];
  active: boolean;
}

/** Ids of those who stand to a thing in some way. */
export interface Standing {
  requesterIds: readonly string[];
  /** Of its use case, and of itself where it has one. */
  riskOwnerIds: readonly string[];
  businessOwnerId: string | null;
  applicationOwnerIds: readonly string[];
  onWhomItWaits: readonly string[];
  namedIds: readonly string[];
}

/**
 * Who is told: each once, in the order of the topic's relations; never those who may not sign in or may not read the
 * thing, and never the one who did it.
 */
export function concerned(
  topic: Topic,
  standing: Standing,
  people: readonly Reader[],
  actorId: string | null,
): string[] {
  const { to, reads }: TopicRule = TOPICS[topic];
  const mayBeTold = new Set(
    people.filter((one) => one.active && can(one.roles, reads) && one.id !== actorId).map(({ id }) => id),
  );
  const ids = to.flatMap((relation) => related(relation, standing, people));
  return [...new Set(ids)].filter((id) => mayBeTold.has(id));
}

function related(relation: Relation, standing: Standing, people: readonly Reader[]): readonly string[] {
  const withRole = (role: Role) => people.filter(({ roles }) => roles.includes(role)).map(({ id }) => id);
  const orNone = (id: string | null) => (id === null ? [] : [id]);
  switch (relation) {
    case "on_whom_it_waits":
      return standing.onWhomItWaits;
    case "named":
      return standing.namedIds;
    case "requester":
      return standing.requesterIds;
    case "risk_owner":
      return standing.riskOwnerIds;
    case "business_owner":
      return orNone(standing.businessOwnerId);
    case "application_owners":
      return standing.applicationOwnerIds;
    case "security_leads":
      return withRole("security_lead");
    case "auditors":
      return withRole("auditor");
  }
}

/** How a person is told of a kind: as they chose, the inbox always where it may not be off. */
export function choiceFor(
  kind: NoticeKind,
  chosen: { mail: MailChoice; inbox: boolean } | undefined,
): { mail: MailChoice; inbox: boolean } {
  const rule: KindRule = KIND_RULES[kind];
  return { mail: chosen?.mail ?? rule.mail, inbox: !rule.inboxMayBeOff || (chosen?.inbox ?? true) };
}

const DAY_MS = 86_400_000;
const MILESTONES = [1, 7, 14] as const;

/**
 * The milestone (days before the end) that stands at an instant: the nearest of 14, 7 and 1 that is reached. Null before
 * the first, once it is over, and when the thing only began after that milestone: who just agreed to it knows its end.
 */
export function milestoneAt(life: { since: Date; until: Date }, now: Date): 1 | 7 | 14 | null {
  const left = life.until.getTime() - now.getTime();
  if (left <= 0) return null;
  const days = MILESTONES.find((milestone) => left <= milestone * DAY_MS);
  if (days === undefined || life.since.getTime() > life.until.getTime() - days * DAY_MS) return null;
  return days;
}

/** An approval that has waited this long (days) is overdue. */
export const OVERDUE_DAYS = 3;

/** Is what was submitted then overdue now? */
export function isOverdue(submittedAt: Date, now: Date): boolean {
  return now.getTime() >= submittedAt.getTime() + OVERDUE_DAYS * DAY_MS;
}

/** What broke the glass steps back so soon (milliseconds): who can review it is told once more. */
export const REVIEW_DUE_MS = 2 * 3_600_000;

/** More than this many mails of a kind within the window (milliseconds) become one. */
export const FLOOD = { mails: 5, windowMs: 10 * 60_000 } as const;

/**
 * What becomes of notices of one kind for one person that want a mail: a mail each, one mail for all of them, or
 * nothing yet, because as many mails as there may be went out within the window.
 */
export function floodPlan(waiting: number, sentInWindow: number): "each" | "together" | "later" {
  if (sentInWindow >= FLOOD.mails) return "later";
  return sentInWindow + waiting <= FLOOD.mails ? "each" : "together";
}

/** The bell counts so far: it is asked on every page, and nobody reads a million one by one. */
export const MOST_UNREAD = 1_000;

/** The hour (UTC) at which the daily digest goes out. */
export const DIGEST_HOUR = 7;

/** The newest instant, not after `now`, at which digests go out: they hold what was told before it. */
export function lastDigestAt(now: Date): Date {
  const today = new Date(now);
  today.setUTCHours(DIGEST_HOUR, 0, 0, 0);
  return today <= now ? today : new Date(today.getTime() - DAY_MS);
}

/** Waits (milliseconds) after the nth failed attempt; after the last one it is given up. */
export const RETRY_AFTER_MS = {
  /** 8 attempts over some 21 hours. */
  webhook: [5_000, 30_000, 5 * 60_000, 30 * 60_000, 2 * 3_600_000, 6 * 3_600_000, 12 * 3_600_000],
  /** 8 attempts over some 13 hours. */
  mail: [10_000, 60_000, 5 * 60_000, 20 * 60_000, 3_600_000, 4 * 3_600_000, 8 * 3_600_000],
} as const;

/**
 * Milliseconds to wait after `attempts` failed ones (1 or more), a fifth more or less by `chance` (0 to 1), so that what
 * failed together does not come back together; null when it is given up.
 */
export function retryDelayMs(
  way: keyof typeof RETRY_AFTER_MS,
  attempts: number,
  chance: number,
): number | null {
  const wait: number | undefined = RETRY_AFTER_MS[way][attempts - 1];
  return wait === undefined ? null : Math.round(wait * (0.8 + 0.4 * chance));
}
