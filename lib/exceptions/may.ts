import { type Ctx, type PersonActor, requirePerson } from "@/lib/access/context";
import { can, inScope, type Permission, whoMay } from "@/lib/access/permissions";
import type { Db, Tx } from "@/lib/db/prisma";
import { ruleBroken, SluiceError } from "@/lib/errors";
import { grantedByRequester, type Instated, isInstated, readInstated } from "@/lib/people/refs";
import type { ActionView } from "@/lib/people/views";
import { relationIn } from "@/lib/use-cases/refs";
import { EXCEPTION_ACTIONS, type ExceptionAction, mayMove } from "./lifecycle";
import { firstOf, stakesOf } from "./refs";
import { type ExceptionRow, refOf, wrongState } from "./row";
import { assertChain, assertLife, chainEnd, decisionBar, type ExceptionLimits, reviewBar } from "./rules";

/** Moves of nobody but the requester. */
const OWN: readonly ExceptionAction[] = ["submit", "withdraw"];

/** The permission that each move needs at this moment. */
export const PERMISSION_OF = {
  submit: "exception:create",
  withdraw: "use-case:read",
  approve: "exception:approve",
  reject: "exception:approve",
  review: "exception:review",
  shorten: "exception:review",
  revoke: "exception:revoke",
  retire: "exception:retire",
  renew: "exception:create",
  reassign: "exception:reassign",
} as const satisfies Record<ExceptionAction, Permission>;

/** The instant at which a move is asked for, and the limits that hold then. */
export interface At {
  now: Date;
  limits: ExceptionLimits;
  /** Whom the requester has given an account or a role since it was drafted; absent: not asked for here. */
  instated?: readonly Instated[];
}

/** Whom the requester of an exception has appointed since they drafted it. */
export function readAppointed(db: Db | Tx, row: ExceptionRow): Promise<Instated[]> {
  return readInstated(db, { by: [row.requestedById], since: row.createdAt });
}

/**
 * What keeps a person from a move of an exception at this moment; null when nothing does. Read by the command to
 * refuse and by the view to say why. A person named as its risk owner stands to it as the use case's own does.
 */
export function refusal(
  action: ExceptionAction,
  viewer: PersonActor,
  row: ExceptionRow,
  at: At,
): SluiceError | null {
  return (
    roleRefusal(action, viewer, row) ??
    (mayMove(row.status, action) ? null : wrongState(row, action)) ??
    separationRefusal(action, viewer, row) ??
    instatedRefusal(action, viewer, at) ??
    RULES[action]?.(row, at) ??
    null
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
  if (viewer.via && !inScope(viewer.via.scopes, permission))
    return new SluiceError("forbidden", "A token cannot do this. Sign in to the console.");
  return new SluiceError("forbidden", `Your roles do not allow this here: it is for ${whoMay(permission)}.`);
}

function separationRefusal(
  action: ExceptionAction,
  viewer: PersonActor,
  row: ExceptionRow,
): SluiceError | null {
  const parties = { ...row, before: stakesOf(row) };
  const bar =
    action === "approve" || action === "reject"
      ? decisionBar(parties, viewer.id)
      : action === "review" || action === "shorten"
        ? reviewBar(parties, viewer.id)
        : null;
  return bar === null ? null : ruleBroken("segregation-of-duties", `${bar} Somebody else must decide.`);
}

function instatedRefusal(
  action: ExceptionAction,
  viewer: PersonActor,
  { instated = [] }: At,
): SluiceError | null {
  const isTheirs = action === "approve" && isInstated(instated, viewer.id, "security_lead");
  return isTheirs ? grantedByRequester("security_lead") : null;
}

type Rule = (row: ExceptionRow, at: At) => SluiceError | null;

/** What the domain asks of each move besides state and person. */
const RULES: Partial<Record<ExceptionAction, Rule>> = {
  submit: (row, at) => lifeRefusal(row, at),
  approve: (row, at) => lifeRefusal(row, at) ?? ownerRefusal(row) ?? renewedRefusal(row),
  review: (row, at) => expiryRefusal(row, at),
  shorten: (row, at) => expiryRefusal(row, at),
  revoke: (row, at) => expiryRefusal(row, at),
  retire: (row, at) => expiryRefusal(row, at),
  renew: (row, at) => ownerRefusal(row) ?? renewalRefusal(row) ?? capRefusal(row, at),
};

function expiryRefusal(row: ExceptionRow, { now }: At): SluiceError | null {
  if (row.expiresAt > now) return null;
  return ruleBroken("already-expired", "It has expired; a new exception must be requested.");
}

function lifeRefusal(row: ExceptionRow, { now, limits }: At): SluiceError | null {
  return thrownBy(() => {
    assertLife(row, row.useCase.tier, limits, now);
    if (row.root) assertChain(row.root, row.expiresAt, row.useCase.tier, limits);
  });
}

function ownerRefusal(row: ExceptionRow): SluiceError | null {
  const left = ownersLeft(row);
  if (left.length === 0) return null;
  const names = left.map(({ name }) => name).join(" and ");
  return ruleBroken("owner-left", `${names} can no longer own it. Reassign it to somebody else first.`);
}

/** What was revoked must not come back by a renewal that was asked for before. */
function renewedRefusal({ renews }: ExceptionRow): SluiceError | null {
  if (renews?.status !== "revoked") return null;
  return ruleBroken("renewed-revoked", `${refOf(renews)}, which it renews, was revoked.`);
}

function renewalRefusal(row: ExceptionRow): SluiceError | null {
  const open = row.renewals.find(({ status }) => ["draft", "submitted", "approved"].includes(status));
  if (!open) return null;
  return new SluiceError("conflict", `${refOf(open)} renews it already.`);
}

function capRefusal(row: ExceptionRow, { now, limits }: At): SluiceError | null {
  const start = row.expiresAt > now ? row.expiresAt : now;
  if (chainEnd(firstOf(row), row.useCase.tier, limits) > start) return null;
  return thrownBy(() => assertChain(firstOf(row), new Date(start.getTime() + 1), row.useCase.tier, limits));
}

function thrownBy(work: () => void): SluiceError | null {
  try {
    work();
    return null;
  } catch (error) {
    if (error instanceof SluiceError) return error;
    throw error;
  }
}

/** Owners who may no longer sign in, each once: while there are some, it is up for reassignment. */
export function ownersLeft(row: Pick<ExceptionRow, "riskOwner" | "businessOwner">) {
  const left = [row.riskOwner, row.businessOwner].filter(({ deactivatedAt }) => deactivatedAt !== null);
  return left.filter(({ id }, index) => left.findIndex((one) => one.id === id) === index);
}

/** The person who asks, if they may make this move now; throws what keeps them from it otherwise. */
export function requireMay(
  ctx: Ctx,
  action: ExceptionAction,
  row: ExceptionRow,
  limits: ExceptionLimits,
  instated: readonly Instated[] = [],
): PersonActor {
  const viewer = requirePerson(ctx);
  const refused = refusal(action, viewer, row, { now: ctx.now, limits, instated });
  if (refused) throw refused;
  return viewer;
}

/** The moves that the state allows, and for each whether this viewer may make it. */
export function exceptionActions(
  viewer: PersonActor,
  row: ExceptionRow,
  at: At,
): ActionView<ExceptionAction>[] {
  return EXCEPTION_ACTIONS.filter((name) => mayMove(row.status, name)).map((name) => {
    const refused = refusal(name, viewer, row, at);
    return { name, allowed: refused === null, why: refused?.message ?? null };
  });
}
