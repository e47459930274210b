import { type Ctx, type PersonActor, requirePerson } from "@/lib/access/context";
import { can, type Permission } from "@/lib/access/permissions";
import { ruleBroken, SluiceError } from "@/lib/errors";
import type { ActionView } from "@/lib/people/views";
import { relationIn } from "@/lib/use-cases/refs";
import { CHANGE_ACTIONS, type ChangeAction, mayMove } from "./lifecycle";
import { type LoadedChange, standingOf, wrongState } from "./row";
import { type Candidate, type Place, placeFor, SEAT_TITLES, seatsOf } from "./rules";
import { blockedBy } from "./sentences";

/** Moves of nobody but the requester. */
const OWN: readonly ChangeAction[] = ["edit", "submit", "withdraw"];

/** The permission that each move needs at this moment. */
const PERMISSION_OF = {
  edit: "change:create",
  submit: "change:create",
  withdraw: "use-case:read",
  approve: "change:approve",
  reject: "change:approve",
  apply: "change:apply",
  comment: "change:comment",
} as const satisfies Record<ChangeAction, Permission>;

/**
 * What keeps a person from a move of a change at this moment; null when nothing does. Read by the command to refuse
 * and by the view to say why.
 */
export function refusal(action: ChangeAction, viewer: PersonActor, change: LoadedChange): SluiceError | null {
  return (
    roleRefusal(action, viewer, change) ??
    (mayMove(change.row.status, action) ? null : wrongState(change.row, action)) ??
    ruleRefusal(action, viewer, change)
  );
}

function roleRefusal(action: ChangeAction, viewer: PersonActor, { row }: LoadedChange): SluiceError | null {
  const permission = PERMISSION_OF[action];
  const isRequester = viewer.id === row.requestedById;
  if (OWN.includes(action) && !isRequester) {
    return new SluiceError("forbidden", "Only the person who requested it can do this.");
  }
  if (action === "comment" && isRequester && can(viewer, "use-case:read")) return null;
  if (can(viewer, permission, relationIn(row.useCase, viewer.id))) return null;
  if (isRequester && permission === "change:approve")
    return new SluiceError("forbidden", "You requested it. Somebody else must decide.");
  return new SluiceError("forbidden", `Your roles do not allow this here (it needs ${permission}).`);
}

function ruleRefusal(action: ChangeAction, viewer: PersonActor, change: LoadedChange): SluiceError | null {
  if (action === "approve") return approvalRefusal(viewer, change);
  if (action === "reject" && viewer.id === change.row.requestedById) return OWN_REQUEST();
  if (action === "apply" && !change.quorum.met) return applyRefusal(change);
  return null;
}

const OWN_REQUEST = () => ruleBroken("own-request", "You requested it. Somebody else must decide.");

function approvalRefusal(viewer: PersonActor, change: LoadedChange): SluiceError | null {
  const place = placeOf(viewer, change);
  if (viewer.id === change.row.requestedById) return OWN_REQUEST();
  if (change.quorum.conflicted) return movedBase(change);
  if ("place" in place) return null;
  if (place.refused === "has-seat") return ruleBroken("one-seat", "You have approved it already.");
  if (place.refused === "seat-taken") return new SluiceError("conflict", "Somebody else has taken the seat.");
  const titles = change.quorum.open.map(({ seat }) => SEAT_TITLES[seat].toLowerCase()).join(" and ");
  return ruleBroken("no-seat", `This change asks for the ${titles || "people who have approved it"}.`);
}

function applyRefusal(change: LoadedChange): SluiceError {
  if (change.quorum.conflicted) return movedBase(change);
  return ruleBroken("quorum", blockedBy(change) ?? "The quorum no longer holds.");
}

function movedBase({ row, currentVersion }: LoadedChange): SluiceError {
  return new SluiceError(
    "conflict",
    `The policy has moved to version ${currentVersion} since this was based on version ${row.baseVersion}.`,
  );
}

/** The place that a person would take. */
export function placeOf(viewer: PersonActor, { row, quorum, currentVersion }: LoadedChange) {
  return placeFor(candidateOf(viewer, row), standingOf(row, currentVersion), quorum);
}

/** A person as far as the seats of this change go. */
export function candidateOf(
  person: { id: string; roles: readonly string[] },
  row: { useCase: { riskOwnerId: string } },
): Candidate {
  return {
    id: person.id,
    isSecurityLead: person.roles.includes("security_lead"),
    isRiskOwner: person.roles.includes("risk_owner") && row.useCase.riskOwnerId === person.id,
  };
}

/** The seat in whose name a person rejects; a rejection takes no place. */
export function rejectionSeat(viewer: PersonActor, { row }: LoadedChange): Place {
  const [seat = "security_lead"] = seatsOf(candidateOf(viewer, row));
  return { seat, place: 0 };
}

/** The person who asks, if they may make this move now; throws what keeps them from it otherwise. */
export function requireMay(ctx: Ctx, action: ChangeAction, change: LoadedChange): PersonActor {
  const viewer = requirePerson(ctx);
  const refused = refusal(action, viewer, change);
  if (refused) throw refused;
  return viewer;
}

/** The moves that the state allows, and for each whether this viewer may make it. */
export function changeActions(viewer: PersonActor, change: LoadedChange): ActionView<ChangeAction>[] {
  return CHANGE_ACTIONS.filter((name) => mayMove(change.row.status, name)).map((name) => {
    const refused = refusal(name, viewer, change);
    return { name, allowed: refused === null, why: refused?.message ?? null };
  });
}
