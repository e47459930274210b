import { type Ctx, type PersonActor, requirePerson } from "@/lib/access/context";
import { can, type Permission } from "@/lib/access/permissions";
import { ruleBroken, SluiceError } from "@/lib/errors";
import type { ActionView } from "@/lib/people/views";
import { relationIn } from "@/lib/use-cases/refs";
import { EXCEPTION_ACTIONS, type ExceptionAction, mayMove } from "./lifecycle";
import { type ExceptionRow, wrongState } from "./row";
import { decisionBar, reviewBar } from "./rules";

/** Moves of nobody but the requester. */
const OWN: readonly ExceptionAction[] = ["submit", "withdraw"];

/** The permission that each move needs at this moment. */
const PERMISSION_OF = {
  submit: "exception:create",
  withdraw: "use-case:read",
  approve: "exception:approve",
  reject: "exception:approve",
  review: "exception:review",
  revoke: "exception:revoke",
  retire: "exception:retire",
} as const satisfies Record<ExceptionAction, Permission>;

/**
 * What keeps a person from a move of an exception at this moment; null when nothing does. Read by the command to
 * refuse and by the view to say why. A person named as its risk owner stands to it as the use case's own does.
 */
export function refusal(
  action: ExceptionAction,
  viewer: PersonActor,
  row: ExceptionRow,
  now: Date,
): SluiceError | null {
  return (
    roleRefusal(action, viewer, row) ??
    (mayMove(row.status, action) ? null : wrongState(row, action)) ??
    separationRefusal(action, viewer, row) ??
    timeRefusal(action, row, now)
  );
}

function roleRefusal(action: ExceptionAction, viewer: PersonActor, row: ExceptionRow): SluiceError | null {
  const permission = PERMISSION_OF[action];
  if (OWN.includes(action) && viewer.id !== row.requestedById) {
    return new SluiceError("forbidden", "Only the person who requested it can do this.");
  }
  const relation = relationIn(row.useCase, viewer.id);
  const isRiskOwner = relation.isRiskOwner || row.riskOwnerId === viewer.id;
  if (can(viewer, permission, { ...relation, isRiskOwner })) return null;
  return new SluiceError("forbidden", `Your roles do not allow this here (it needs ${permission}).`);
}

function separationRefusal(
  action: ExceptionAction,
  viewer: PersonActor,
  row: ExceptionRow,
): SluiceError | null {
  const bar =
    action === "approve" || action === "reject"
      ? decisionBar(row, viewer.id)
      : action === "review"
        ? reviewBar(row, viewer.id)
        : null;
  return bar === null ? null : ruleBroken("segregation-of-duties", `${bar} Somebody else must decide.`);
}

function timeRefusal(action: ExceptionAction, row: ExceptionRow, now: Date): SluiceError | null {
  const needsTime = action === "approve" || action === "review" || action === "revoke" || action === "retire";
  if (!needsTime || row.expiresAt > now) return null;
  return ruleBroken("already-expired", "It has expired; a new exception must be requested.");
}

/** The person who asks, if they may make this move now; throws what keeps them from it otherwise. */
export function requireMay(ctx: Ctx, action: ExceptionAction, row: ExceptionRow): PersonActor {
  const viewer = requirePerson(ctx);
  const refused = refusal(action, viewer, row, ctx.now);
  if (refused) throw refused;
  return viewer;
}

/** The moves that the state allows, and for each whether this viewer may make it. */
export function exceptionActions(
  viewer: PersonActor,
  row: ExceptionRow,
  now: Date,
): ActionView<ExceptionAction>[] {
  return EXCEPTION_ACTIONS.filter((name) => mayMove(row.status, name)).map((name) => {
    const refused = refusal(name, viewer, row, now);
    return { name, allowed: refused === null, why: refused?.message ?? null };
  });
}
