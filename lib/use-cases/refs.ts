import { type Ctx, type PersonActor, requirePermission } from "@/lib/access/context";
import type { Permission, Relation } from "@/lib/access/permissions";
import type { Db, Tx } from "@/lib/db/prisma";
import { SluiceError } from "@/lib/errors";
import { type DataClass, type Environment, TIERS, type Tier } from "@/lib/policy/vocabulary";
import type { UseCaseRef } from "./views";

/** What views name of a use case, as a Prisma selection. */
export const USE_CASE_REF = { select: { id: true, slug: true, name: true, tier: true } } as const;

/** What commands on a use case must know of it. */
const STANDING = {
  ...USE_CASE_REF.select,
  dataClass: true,
  environment: true,
  revision: true,
  riskOwnerId: true,
  members: { select: { personId: true } },
} as const;

/** A use case with those who are named on it. */
export interface UseCaseStanding extends UseCaseRef {
  dataClass: DataClass;
  environment: Environment;
  revision: number;
  riskOwnerId: string;
  members: { personId: string }[];
}

/** The use case with this slug and those who are named on it; `not_found` when there is none. */
export async function getStanding(db: Db | Tx, slug: string): Promise<UseCaseStanding> {
  const useCase = await db.useCase.findUnique({ where: { slug }, select: STANDING });
  if (!useCase) throw new SluiceError("not_found", `There is no use case "${slug.slice(0, 60)}".`);
  return useCase;
}

/** How a person stands to a use case that is already loaded. */
export function relationIn(
  useCase: Pick<UseCaseStanding, "riskOwnerId" | "members">,
  personId: string,
): Relation {
  return {
    isRiskOwner: useCase.riskOwnerId === personId,
    isApplicationOwner: useCase.members.some((member) => member.personId === personId),
  };
}

/** The person who asks, if they have the permission for this use case; `forbidden` otherwise. */
export function requireFor(ctx: Ctx, permission: Permission, useCase: UseCaseStanding): PersonActor {
  const id = ctx.actor?.kind === "person" ? ctx.actor.id : "";
  return requirePermission(ctx, permission, relationIn(useCase, id));
}

/** Cuts a row that holds more to the reference of a view. */
export function toUseCaseRef({ id, slug, name, tier }: UseCaseRef): UseCaseRef {
  return { id, slug, name, tier };
}

/** So long a tier that was lowered goes on asking for its seats: nobody lowers it for one change and raises it again. */
const TIER_LINGERS_DAYS = 7;
const DAY_MS = 86_400_000;

/**
 * The highest tier that a use case had at any time from seven days before an instant up to `until` (null: now), by the
 * audit log. What was never written there counts as the tier that it has.
 */
export async function highestTier(
  db: Db | Tx,
  { id, tier }: { id: string; tier: Tier },
  { before, until }: { before: Date; until: Date | null },
): Promise<Tier> {
  const since = new Date(before.getTime() - TIER_LINGERS_DAYS * DAY_MS);
  const said = await db.$queryRaw<{ at: Date; tier: Tier }[]>`
    SELECT "at", "detail"->>'tier' AS "tier" FROM "audit_entry"
    WHERE "subject_kind" = 'use_case' AND "subject_id" = ${id} AND "detail" ? 'tier'
      AND "action" IN ('use_case.created', 'use_case.updated')
    ORDER BY "number" DESC`;
  const had = until === null ? [tier] : [];
  for (const one of said) {
    if (until === null || one.at <= until) had.push(one.tier);
    if (one.at < since) break;
  }
  const rank = Math.max(...(had.length > 0 ? had : [tier]).map((one) => TIERS.indexOf(one)));
  return TIERS[rank] ?? tier;
}
