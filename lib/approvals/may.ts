import { type Ctx, type PersonActor, requirePerson } from "@/lib/access/context";
import { can } from "@/lib/access/permissions";
import { SluiceError } from "@/lib/errors";
import type { ActionView } from "@/lib/people/views";
import { relationIn } from "@/lib/use-cases/refs";
import { APPROVAL_ACTIONS, type ApprovalAction, mayMove } from "./lifecycle";
import type { ApprovalRow } from "./row";
import { statusAt } from "./rules";

/** May this person decide on it: a security lead, or the named risk owner of its use case? */
export function mayDecide(viewer: PersonActor, { useCase }: Pick<ApprovalRow, "useCase">): boolean {
  return can(viewer, "approval:decide", relationIn(useCase, viewer.id));
}

/** The person who asks, if they may decide on it; `forbidden` otherwise. */
export function requireDecider(ctx: Ctx, row: ApprovalRow): PersonActor {
  const viewer = requirePerson(ctx);
  if (mayDecide(viewer, row)) return viewer;
  throw new SluiceError("forbidden", WHO);
}

const WHO = "Only a security lead or the risk owner of the use case decides on a held request.";

/** The moves that are open at this moment, and for each whether this viewer may make it. */
export function approvalActions(
  viewer: PersonActor,
  row: ApprovalRow,
  now: Date,
): ActionView<ApprovalAction>[] {
  const allowed = mayDecide(viewer, row);
  return APPROVAL_ACTIONS.filter((name) => mayMove(statusAt(row, now), name)).map((name) => ({
    name,
    allowed,
    why: allowed ? null : WHO,
  }));
}
