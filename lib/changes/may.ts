import { type Ctx, type PersonActor, requirePerson } from "@/lib/access/context";
import { can, inScope, type Permission, whoMay } from "@/lib/access/permissions";
import { ruleBroken, SluiceError } from "@/lib/errors";
import { grantedByRequester, type Instated, isInstated } from "@/lib/people/refs";
import type { ActionView } from "@/lib/people/views";
import { relationIn } from "@/lib/use-cases/refs";
import { CHANGE_ACTIONS, type ChangeAction, mayMove } from "./lifecycle";
import { type LoadedChange, wrongState } from "./row";
import { type Candidate, isDue, type Place, placeFor, SEAT_TITLES, type Seat, seatsOf } from "./rules";
import { blockedBy, freezeText, OUTDATED } from "./sentences";
import type { Subject } from "./subjects/subject";

/** Moves of nobody but the requester. */
const OWN: readonly ChangeAction[] = ["edit", "rebase", "submit", "withdraw"];

/** Moves that the requester may make whatever the permission says of others. */
const ALSO_OWN: readonly ChangeAction[] = ["comment", "measure", "ask_reviewers"];

/** Moves that are only of policies. */
const OF_POLICIES: readonly ChangeAction[] = ["accept"];

/** The permission that each move needs at this moment: of a policy, and of a floor or setting. */
const PERMISSION_OF = {
  edit: ["change:create", "governance:propose"],
  rebase: ["change:create", "governance:propose"],
  measure: ["change:approve", "governance:approve"],
  submit: ["change:create", "governance:propose"],
  withdraw: ["use-case:read", "use-case:read"],
  accept: ["readiness:accept", "readiness:accept"],
  approve: ["change:approve", "governance:approve"],
  ask_reviewers: ["change:comment", "governance:approve"],
  reject: ["change:approve", "governance:approve"],
  schedule: ["change:apply", "governance:apply"],
  unschedule: ["change:apply", "governance:apply"],
  apply: ["change:apply", "governance:apply"],
  break_glass: ["change:break-glass", "change:break-glass"],
  review: ["change:review", "governance:approve"],
  roll_back: ["change:create", "governance:propose"],
  comment: ["change:comment", "governance:approve"],
} as const satisfies Record<ChangeAction, readonly [Permission, Permission]>;

/** The permission that a move of a change of this subject needs. */
export function permissionFor(action: ChangeAction, { kind }: Pick<Subject, "kind">): Permission {
  return PERMISSION_OF[action][kind === "policy" ? 0 : 1];
}

/**
 * What keeps a person from a move of a change at this moment; null when nothing does. Read by the command to refuse
 * and by the view to say why.
 */
export function refusal(
  action: ChangeAction,
  viewer: PersonActor,
  change: LoadedChange,
  now: Date,
): SluiceError | null {
  return (
    roleRefusal(action, viewer, change) ??
    (mayMove(change.row.status, action) ? null : wrongState(change.row, action)) ??
    ruleRefusal(action, viewer, change, now)
  );
}

function roleRefusal(action: ChangeAction, viewer: PersonActor, change: LoadedChange): SluiceError | null {
  const { row, subject } = change;
  const permission = permissionFor(action, subject);
  const isRequester = viewer.id === row.requestedById;
  if (OWN.includes(action) && !isRequester) {
    return new SluiceError("forbidden", "Only the person who requested it can do this.");
  }
  if (ALSO_OWN.includes(action) && isRequester && can(viewer, "use-case:read")) return null;
  const relation = row.useCase ? relationIn(row.useCase, viewer.id) : undefined;
  if (can(viewer, permission, relation)) return null;
  if (isRequester && permission === "change:approve")
    return new SluiceError("forbidden", "You requested it. Somebody else must decide.");
  if (viewer.via && !inScope(viewer.via.scopes, permission))
    return new SluiceError("forbidden", "A token cannot do this. Sign in to the console.");
  return new SluiceError("forbidden", `Your roles do not allow this here: it is for ${whoMay(permission)}.`);
}

function ruleRefusal(
  action: ChangeAction,
  viewer: PersonActor,
  change: LoadedChange,
  now: Date,
): SluiceError | null {
  if (OF_POLICIES.includes(action) && change.subject.kind !== "policy") {
    return ruleBroken("nothing-to-accept", "Only changes of a policy have readiness.");
  }
  switch (action) {
    case "approve":
      return approvalRefusal(viewer, change);
    case "accept":
      return acceptanceRefusal(viewer, change);
    case "reject":
      return viewer.id === change.row.requestedById ? OWN_REQUEST() : null;
    case "rebase":
      return change.quorum.conflicted
        ? null
        : ruleBroken("not-moved", `It is based on the version in force, ${change.currentVersion}.`);
    case "schedule":
      return change.quorum.met ? null : quorumRefusal(change);
    case "apply":
      return change.quorum.met ? frozen(change) : quorumRefusal(change);
    case "break_glass":
      return glassRefusal(change);
    case "review":
      return reviewRefusal(viewer, change, now);
    default:
      return null;
  }
}

const OWN_REQUEST = () => ruleBroken("own-request", "You requested it. Somebody else must decide.");

function approvalRefusal(viewer: PersonActor, change: LoadedChange): SluiceError | null {
  const place = placeOf(viewer, change);
  if (viewer.id === change.row.requestedById) return OWN_REQUEST();
  if (change.quorum.conflicted) return movedBase(change);
  if (change.outdated) return ruleBroken("outdated-evidence", OUTDATED);
  if ("place" in place) return null;
  const appointed = placeFor(candidateOf(viewer, change.row, []), change.standing, change.quorum);
  if ("place" in appointed) return grantedByRequester(appointed.place.seat);
  if (place.refused === "has-seat") return ruleBroken("one-seat", "You have approved it already.");
  if (place.refused === "seat-taken") return new SluiceError("conflict", "Somebody else has taken the seat.");
  const titles = change.quorum.open.map(({ seat }) => SEAT_TITLES[seat].toLowerCase()).join(" and ");
  return ruleBroken("no-seat", `This change asks for the ${titles || "people who have approved it"}.`);
}

function acceptanceRefusal(viewer: PersonActor, { standing, instated }: LoadedChange): SluiceError | null {
  if (standing.unaccepted.length === 0) {
    return ruleBroken("nothing-to-accept", "No condition of readiness is open.");
  }
  return isInstated(instated, viewer.id, "risk_owner") ? grantedByRequester("risk_owner") : null;
}

function quorumRefusal(change: LoadedChange): SluiceError {
  if (change.quorum.conflicted) return movedBase(change);
  return ruleBroken("quorum", blockedBy(change) ?? "The quorum no longer holds.");
}

function frozen({ freeze, subject }: LoadedChange): SluiceError | null {
  return freeze && ruleBroken("freeze", freezeText(freeze, subject));
}

/** What says who must agree, and until when to look at a broken glass: nobody rids themselves of it that way. */
const NO_EMERGENCY: readonly string[] = ["seats", "emergencies"];

function glassRefusal(change: LoadedChange): SluiceError | null {
  const { kind, key } = change.subject;
  if (kind === "setting" && NO_EMERGENCY.includes(key)) {
    return ruleBroken(
      "no-emergency",
      `“${change.subject.title}” changes only with its seats: it says how an emergency itself is judged.`,
    );
  }
  return change.quorum.conflicted ? movedBase(change) : null;
}

function reviewRefusal(viewer: PersonActor, { row, instated }: LoadedChange, now: Date): SluiceError | null {
  if (row.emergency !== "break_glass" || row.reviewDueAt === null) {
    return ruleBroken("nothing-to-review", "It did not break the glass.");
  }
  if (row.review) return new SluiceError("conflict", "Somebody else has reviewed it.");
  if (viewer.id === row.requestedById || viewer.id === row.brokeGlassById) {
    return ruleBroken("own-request", "You broke the glass. Somebody else must review it.");
  }
  const [appointed] = seatsOf(candidateOf(viewer, row, []));
  if (appointed && seatsOf(candidateOf(viewer, row, instated)).length === 0) {
    return grantedByRequester(appointed);
  }
  if (isDue(row.reviewDueAt, now)) {
    return ruleBroken("review-lapsed", "The time for its review is over: it steps back.");
  }
  return null;
}

function movedBase({ row, subject, currentVersion }: LoadedChange): SluiceError {
  return new SluiceError(
    "conflict",
    `The ${subject.kind} has moved to version ${currentVersion} since this was based on version ${row.baseVersion}.`,
  );
}

/** The place that a person would take. */
export function placeOf(viewer: PersonActor, { row, quorum, standing, instated }: LoadedChange) {
  return placeFor(candidateOf(viewer, row, instated), standing, quorum);
}

/**
 * A person as far as the seats of this change go: of a floor or setting, whoever holds the role; but by none that the
 * requester has given them since.
 */
export function candidateOf(
  { id, roles }: { id: string; roles: readonly string[] },
  row: { useCase: { riskOwnerId: string } | null },
  instated: readonly Instated[],
): Candidate {
  const holds = (role: Seat) => roles.includes(role) && !isInstated(instated, id, role);
  const isNamed = row.useCase === null || row.useCase.riskOwnerId === id;
  return { id, isSecurityLead: holds("security_lead"), isRiskOwner: holds("risk_owner") && isNamed };
}

/** The seat in whose name a person rejects; a rejection takes no place. */
export function rejectionSeat(viewer: PersonActor, { row }: LoadedChange): Place {
  const [seat = "security_lead"] = seatsOf(candidateOf(viewer, row, []));
  return { seat, place: 0 };
}

/** The person who asks, if they may make this move now; throws what keeps them from it otherwise. */
export function requireMay(ctx: Ctx, action: ChangeAction, change: LoadedChange): PersonActor {
  const viewer = requirePerson(ctx);
  const refused = refusal(action, viewer, change, ctx.now);
  if (refused) throw refused;
  return viewer;
}

/** The moves that the state allows, and for each whether this viewer may make it. Of an applied change, those that it has. */
export function changeActions(
  viewer: PersonActor,
  change: LoadedChange,
  now: Date,
): ActionView<ChangeAction>[] {
  return CHANGE_ACTIONS.filter((name) => mayMove(change.row.status, name) && concerns(name, change)).map(
    (name) => {
      const refused = refusal(name, viewer, change, now);
      return { name, allowed: refused === null, why: refused?.message ?? null };
    },
  );
}

/** Is the move one of this change at all, so that a refusal of it is worth saying? */
function concerns(action: ChangeAction, { row, quorum, standing }: LoadedChange): boolean {
  if (action === "review") return row.emergency === "break_glass" && row.review === null;
  if (action === "rebase") return quorum.conflicted;
  if (action === "accept") return standing.unaccepted.length > 0;
  return true;
}
