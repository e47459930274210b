import { type Ctx, requirePermission } from "@/lib/access/context";
import { bindingOf, controlIds } from "@/lib/policy/fields";
import { effectiveDocument } from "@/lib/policy/lattice";
import { findFloor, getVersion } from "@/lib/use-cases/policy-in-force";
import { getStanding, toUseCaseRef } from "@/lib/use-cases/refs";
import { measureControls, measureReadiness, readMeasure } from "./measure-readiness";
import { mendsFor } from "./mends";
import { acts, nextStage } from "./rules";
import type { ControlReadiness, UseCaseReadiness } from "./views";

/**
 * What a use case lacks for the next stage as it would be proposed, and each control that is on but does not act for
 * everybody yet; measured now. `slug` names the use case.
 */
export async function getReadiness(ctx: Ctx, { slug }: { slug: string }): Promise<UseCaseReadiness> {
  requirePermission(ctx, "telemetry:read");
  const { db, now } = ctx;
  const useCase = await getStanding(db, slug);
  const [{ document }, found, measure] = await Promise.all([
    getVersion(db, useCase.id),
    findFloor(db, useCase.dataClass, now),
    readMeasure(db, useCase.id, now),
  ]);
  const floor = found?.document ?? null;
  const effective = effectiveDocument(document, floor);
  const controls = controlIds(effective).filter((id) => bindingOf(effective, id).mode !== "off");
  const next = nextStage(document);
  const [step, byControl] = await Promise.all([
    next && measureReadiness(db, { useCaseId: useCase.id, base: document, proposal: next, now }),
    measureControls(db, { useCaseId: useCase.id, document: effective, controls, floor, measure }),
  ]);
  return {
    useCase: toUseCaseRef(useCase),
    tier: measure.tier,
    stage: effective.stage,
    from: measure.window.from.toISOString(),
    to: measure.window.to.toISOString(),
    step: next && step && { to: next.stage, readiness: step },
    controls: controls.flatMap((control): ControlReadiness[] => {
      const { mode, sensitivity = null } = bindingOf(effective, control);
      const isActing = acts(effective, control);
      if (mode === "off" || (isActing && effective.stage === "enforcing")) return [];
      const conditions = byControl.get(control) ?? [];
      return [{ control, mode, sensitivity, acts: isActing, conditions }];
    }),
    mends: mendsFor(ctx, useCase),
  };
}
