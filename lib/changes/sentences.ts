import { instantText } from "@/lib/policy/labels";
import type { Freeze } from "@/lib/settings/rules";
import type { LoadedChange } from "./row";
import { SEAT_TITLES, type Seat } from "./rules";
import type { Subject } from "./subjects/subject";

/** What was approved so was approved without a look at its readiness. */
export const OUTDATED =
  "It was measured before readiness was part of the evidence, so no approval counts: measure it anew, then decide.";

/** What still blocks an open change, in one sentence; null when nothing does, or when it is closed. */
export function blockedBy(change: LoadedChange): string | null {
  const { row } = change;
  const requester = row.requestedBy?.name ?? "Nobody";
  switch (row.status) {
    case "draft":
      return `${requester} has not submitted it yet.`;
    case "in_review":
      return movedSentence(change) ?? outdatedSentence(change) ?? waitingSentence(change);
    case "approved":
      return suspension(change);
    case "scheduled":
      return willSuspend(change);
    case "suspended":
      return `Suspended: ${row.suspendedBecause}`;
    default:
      return null;
  }
}

/** Why a scheduled change may not be applied at this moment; null when it may. */
export function suspension(change: LoadedChange): string | null {
  return whatLapsed(change) ?? frozenSentence(change);
}

function willSuspend(change: LoadedChange): string | null {
  const because = whatLapsed(change);
  return because && `It will be suspended instead of applied. ${because}`;
}

function whatLapsed(change: LoadedChange): string | null {
  return movedSentence(change) ?? outdatedSentence(change) ?? lapsedSentence(change);
}

function outdatedSentence({ outdated }: LoadedChange): string | null {
  return outdated ? OUTDATED : null;
}

function movedSentence({ row, subject, quorum, currentVersion }: LoadedChange): string | null {
  if (!quorum.conflicted) return null;
  return `The ${subject.kind} has moved to version ${currentVersion}: ${row.requestedBy?.name} must rebase it from version ${row.baseVersion}.`;
}

function lapsedSentence({ row, quorum, standing }: LoadedChange): string | null {
  if (quorum.open.length === 0 && standing.unaccepted.length === 0) return null;
  const what = quorum.open.length > 0 ? "An approval" : "An acceptance of readiness";
  return `${what} no longer counts: ${row.requestedBy?.name} must put it before the approvers again.`;
}

function frozenSentence({ freeze, subject }: LoadedChange): string | null {
  return freeze && freezeText(freeze, subject);
}

/** That a freeze window holds a change back; of a floor, which of the use cases above it the window names. */
export function freezeText({ name, to, named }: Freeze, { kind }: Pick<Subject, "kind">): string {
  const above =
    kind === "floor" && named.length > 0 ? `: it names ${named.join(", ")}, whose floor this is` : "";
  return `Nothing is applied during “${name}”, until ${instantText(to)}${above}.`;
}

function waitingSentence({ quorum, standing }: LoadedChange): string | null {
  const open = standing.unaccepted.length;
  const acceptance =
    open > 0
      ? `the risk owner's word on ${open} unmet ${open === 1 ? "condition" : "conditions"} of readiness`
      : null;
  const seats = quorum.open.length > 0 ? listed(quorum.open.map(({ seat }) => seat)) : null;
  const parts = [seats, acceptance].filter((part) => part !== null);
  return parts.length === 0 ? null : `Waiting for ${parts.join(", and for ")}.`;
}

function listed(seats: readonly Seat[]): string {
  const leads = seats.filter((seat) => seat === "security_lead").length;
  const parts = [
    ...(seats.includes("risk_owner") ? [`the ${SEAT_TITLES.risk_owner.toLowerCase()}`] : []),
    ...(leads === 1 ? ["a security lead"] : leads > 1 ? [`${leads} security leads`] : []),
  ];
  return parts.join(" and ");
}
