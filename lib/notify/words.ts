import { leftText } from "@/lib/policy/time-left";
import type { Topic } from "./rules";

/** What a title is made of. */
export interface TitleParts {
  ref: string;
  about: string;
  /** Until the end, of what expires. */
  days?: number | undefined;
  /** A date in words, where the topic has one. */
  day?: string | undefined;
}

const waits = ({ ref, about }: TitleParts) => `${ref} waits on you: ${about}`;
const is =
  (what: string) =>
  ({ ref, about }: TitleParts): string =>
    `${ref} ${what}: ${about}`;
/** A milestone is said as it was reached: at that instant so much is left. */
const daysLeft = ({ days = 1 }: TitleParts) => leftText(days * 24);

const TITLES: Record<Topic, (parts: TitleParts) => string> = {
  change_approval: waits,
  change_apply: is("is approved and waits for you to apply it"),
  change_review: is("broke glass and waits for your review"),
  change_rebase: is("waits for you: what it is based on has moved"),
  change_look: is("asks you to look at it"),
  change_approved: is("is approved"),
  change_rejected: is("is rejected"),
  change_applied: is("is applied"),
  change_scheduled: is("is scheduled"),
  change_suspended: is("is suspended: it was due and its approvals no longer hold"),
  change_rolled_back: is("is to be rolled back"),
  change_reviewed: is("was reviewed after breaking glass"),
  change_overdue: is("has waited for approval for days"),
  change_review_due: is("broke glass and steps back unless it is reviewed soon"),
  broke_glass: is("broke glass: it is in force without its approvals"),
  stepped_back: is("stepped back"),
  stepped_down: is("stepped down: its own bound was passed"),
  exception_approval: waits,
  exception_review: ({ ref, about, day }) => `${ref} is to be reviewed by ${day}: ${about}`,
  exception_reassignment: is("has lost an owner and waits for you to name another"),
  exception_reassigned: is("has another owner"),
  exception_approved: is("is approved"),
  exception_rejected: is("is rejected"),
  exception_revoked: is("is revoked"),
  exception_shortened: is("is shortened"),
  exception_retired: is("is retired"),
  exception_expiring: (parts) => `${parts.ref} ends in ${daysLeft(parts)}: ${parts.about}`,
  exception_overdue: is("has waited for a decision for days"),
  exception_review_overdue: ({ ref, about, day }) => `${ref} was to be reviewed by ${day}: ${about}`,
  exception_suspended: is("is suspended: its review is over 7 days late"),
  held_request: is("holds a request for you to decide within 15 minutes"),
  appeal: waits,
  appeal_answered: is("is answered"),
  campaign: waits,
  drift: ({ ref, about }) => `${ref} shows what nobody declared: ${about}`,
  credential_expiring: (parts) => `${parts.ref} has a key that ends in ${daysLeft(parts)}: ${parts.about}`,
};

/** The one line that says what happened and what is asked: a subject of a mail, a row of the inbox. */
export function titleOf(topic: Topic, parts: TitleParts): string {
  return oneLine(TITLES[topic](parts));
}

const LONGEST_TITLE = 180;

/** A text on one line: no line break or other control character can begin a header of a mail. */
export function oneLine(text: string): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\s]+/gu, " ").trim();
  return plain.length <= LONGEST_TITLE ? plain : `${plain.slice(0, LONGEST_TITLE - 1).trimEnd()}…`;
}
