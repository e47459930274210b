import type { PersonRef } from "@/lib/people/views";
import type { MailChoice, NoticeKind } from "./schema";

/** Views of what people are told: plain JSON, instants as ISO 8601 UTC text. */

export interface NoticeView {
  id: string;
  kind: NoticeKind;
  topic: string;
  /** `EXC-31`, or a name. */
  ref: string;
  useCase: string | null;
  title: string;
  /** A path of the console. */
  href: string;
  at: string;
  readAt: string | null;
  /** Of something to do: does it still wait on the reader? Null for everything else. */
  waits: boolean | null;
}

/** What the bell counts. */
export interface NoticeCounts {
  /** Not read, and not over; counted up to `MOST_UNREAD`. */
  unread: number;
  /** Told of, and still to be done. */
  waiting: number;
}

export interface PreferenceView {
  kind: NoticeKind;
  title: string;
  description: string;
  mail: MailChoice;
  inbox: boolean;
  inboxMayBeOff: boolean;
}

export interface PreferencesView {
  /** The address that mail goes to. */
  email: string;
  /** Is there a way to send mail? */
  mailIsOn: boolean;
  /** UTC. */
  digestHour: number;
  preferences: PreferenceView[];
}

export type DeliveryState = "waiting" | "done" | "dead";

interface DeliveryStanding {
  id: string;
  state: DeliveryState;
  createdAt: string;
  attempts: number;
  /** While it waits. */
  nextAttemptAt: string | null;
  /** When it was sent or given up. */
  endedAt: string | null;
  /** Why the last attempt failed. */
  problem: string | null;
}

export interface MailView extends DeliveryStanding {
  person: PersonRef;
  /** A kind of notice, `digest` or `test`. */
  kind: string;
  subject: string;
}

/** How mail is sent; nothing of the password. */
export interface MailSettingsView {
  state: "off" | "wrong" | "on";
  problem: string | null;
  /** `host:port`. */
  server: string | null;
  from: string | null;
  encryption: "TLS" | "STARTTLS" | "none" | null;
  /** What links in mails and webhooks begin with. */
  baseUrl: string;
  waiting: number;
  dead: number;
}

export interface WebhookView {
  id: string;
  url: string;
  /** Empty: every kind. */
  kinds: NoticeKind[];
  /** Slugs; empty: every use case. */
  useCases: string[];
  state: "enabled" | "disabled" | "removed";
  disabledAt: string | null;
  disabledReason: string | null;
  createdAt: string;
  removedAt: string | null;
  /** Until then the secret before still signs. */
  previousSecretUntil: string | null;
  waiting: number;
  dead: number;
  lastDeliveredAt: string | null;
}

/** With its secret, which is shown this once. */
export interface NewSecretView extends WebhookView {
  secret: string;
}

export interface WebhookDeliveryView extends DeliveryStanding {
  endpointId: string;
  /** Where it goes. */
  url: string;
  /** Such as `exception.submitted`. */
  type: string;
  /** Of the last answer. */
  status: number | null;
}
