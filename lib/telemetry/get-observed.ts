import { type Ctx, requirePermission } from "@/lib/access/context";
import { effectiveDocument } from "@/lib/policy/lattice";
import { declaredBy, OBSERVED_FIELDS, observeField, observeLevels } from "./observe";
import { findFloorOf, findPolicy } from "./policy-in-force";
import { readSeen } from "./read-seen";
import { wholeHours } from "./rules";
import { getUseCaseRef } from "./scope";
import type { ObservedField, ObservedList, ObservedView } from "./views";

/**
 * What traffic shows beside what the policy in force declares, and what each level of each content control would
 * have fired on; from the hours by fact, so that its cost grows with distinct facts and hours, not with traffic.
 * `useCase` is a slug. The window is widened to whole hours.
 */
export async function getObserved(
  ctx: Ctx,
  input: { useCase: string; from: Date; to: Date },
): Promise<ObservedView> {
  requirePermission(ctx, "telemetry:read");
  const useCase = await getUseCaseRef(ctx.db, input.useCase);
  const window = wholeHours(input.from, input.to, ctx.now);
  const [seen, policy, floor, workloads] = await Promise.all([
    readSeen(ctx.db, useCase.id, window),
    findPolicy(ctx.db, useCase.id),
    findFloorOf(ctx.db, useCase.id, ctx.now),
    ctx.db.workload.findMany({
      where: { useCases: { some: { useCaseId: useCase.id } } },
      select: { slug: true },
      orderBy: { slug: "asc" },
    }),
  ]);
  const document = policy && effectiveDocument(policy.document, floor?.document ?? null);
  const declared = declaredBy(
    document,
    workloads.map(({ slug }) => slug),
  );
  const fields = OBSERVED_FIELDS.map((field) => [
    field,
    observeField(field, seen, document, declared[field]),
  ]);
  return {
    useCase,
    from: window.from.toISOString(),
    to: window.to.toISOString(),
    policyVersion: policy?.number ?? null,
    decisions: seen.reduce((sum, { n }) => sum + n, 0),
    fields: Object.fromEntries(fields) as Record<ObservedField, ObservedList>,
    levels: observeLevels(seen, document),
  };
}
