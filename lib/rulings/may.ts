import { type Ctx, type PersonActor, requirePerson } from "@/lib/access/context";
import { can } from "@/lib/access/permissions";
import { SluiceError } from "@/lib/errors";
import type { ActionView } from "@/lib/people/views";
import { relationIn, type UseCaseStanding } from "@/lib/use-cases/refs";
import {
  APPEAL_ACTIONS,
  APPEAL_TRANSITIONS,
  type AppealAction,
  type AppealStatus,
  mayMove,
} from "./lifecycle";

type Named = Pick<UseCaseStanding, "riskOwnerId" | "members">;

const WHO_RULES = "Only a security lead or the risk owner of the use case rules on its findings.";
const OWN_APPLICATION = "Who owns the application does not rule on its findings: appeal instead.";
const WHO_APPEALS = "Only an application owner of the use case appeals.";
const WHO_KEEPS = "Only a security lead or the risk owner of the use case keeps and retires its cases.";
const OWN_APPEAL = "Somebody else than who appealed answers an appeal.";
const WHO_WITHDRAWS = "Only the person who appealed takes an appeal back.";

/** What keeps this person from ruling on findings of the use case; null when nothing does. */
export function whyNotRule(viewer: PersonActor, useCase: Named): string | null {
  const relation = relationIn(useCase, viewer.id);
  if (!can(viewer, "finding:rule", relation)) return WHO_RULES;
  return relation.isApplicationOwner ? OWN_APPLICATION : null;
}

/** What keeps this person from appealing; null when nothing does. */
export function whyNotAppeal(viewer: PersonActor, useCase: Named): string | null {
  return can(viewer, "appeal:create", relationIn(useCase, viewer.id)) ? null : WHO_APPEALS;
}

/** What keeps this person from keeping and retiring cases; null when nothing does. */
export function whyNotKeep(viewer: PersonActor, useCase: Named): string | null {
  return can(viewer, "case:manage", relationIn(useCase, viewer.id)) ? null : WHO_KEEPS;
}

/** What keeps this person from moving an appeal so; null when nothing does. Says nothing of its state. */
export function whyNotMove(
  viewer: PersonActor,
  { useCase, openedById }: { useCase: Named; openedById: string },
  action: AppealAction,
): string | null {
  const isAppellant = viewer.id === openedById;
  if (APPEAL_TRANSITIONS[action].by === "appellant") return isAppellant ? null : WHO_WITHDRAWS;
  return isAppellant ? OWN_APPEAL : whyNotRule(viewer, useCase);
}

/** The moves that are open, and for each what keeps this viewer from it. */
export function appealActions(
  viewer: PersonActor,
  row: { useCase: Named; openedById: string; status: AppealStatus },
): ActionView<AppealAction>[] {
  return APPEAL_ACTIONS.filter((name) => mayMove(row.status, name)).map((name) =>
    toAction(name, whyNotMove(viewer, row, name)),
  );
}

/** An action as views have it. */
export function toAction<Name extends string>(name: Name, why: string | null): ActionView<Name> {
  return { name, allowed: why === null, why };
}

/** The person who asks, when nothing keeps them from it; `forbidden` with what does otherwise. */
export function requireAllowed(ctx: Ctx, why: (viewer: PersonActor) => string | null): PersonActor {
  const viewer = requirePerson(ctx);
  const reason = why(viewer);
  if (reason !== null) throw new SluiceError("forbidden", reason);
  return viewer;
}
