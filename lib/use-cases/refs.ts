import { type Ctx, type PersonActor, requirePermission } from "@/lib/access/context";
import type { Permission, Relation } from "@/lib/access/permissions";
import type { Db, Tx } from "@/lib/db/prisma";
import { SluiceError } from "@/lib/errors";
import type { DataClass, Environment } from "@/lib/policy/vocabulary";
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
