import type { Ctx } from "@/lib/access/context";
import { can } from "@/lib/access/permissions";
import { relationIn, type UseCaseStanding } from "@/lib/use-cases/refs";
import type { MendsView } from "./views";

/** What the reader may do about conditions that are not met. */
export function mendsFor(
  { actor }: Pick<Ctx, "actor">,
  useCase: Pick<UseCaseStanding, "riskOwnerId" | "members">,
): MendsView {
  if (actor?.kind !== "person") return { rule: false, nameOwners: false };
  const relation = relationIn(useCase, actor.id);
  return {
    rule: can(actor, "finding:rule", relation),
    nameOwners: can(actor, "use-case:update", relation),
  };
}
