import type { Db, Tx } from "@/lib/db/prisma";
import type { PolicyDocument } from "@/lib/policy/document";
import { effectiveDocument } from "@/lib/policy/lattice";
import type { Tier } from "@/lib/policy/vocabulary";
import { checkCases } from "@/lib/rulings/check-cases";
import { type RulingEstimate, readRulingEstimates } from "@/lib/rulings/estimates";
import { RULING_WINDOW_DAYS, rulingWindow } from "@/lib/rulings/rules";
import { getSetting } from "@/lib/settings/queries";
import { findFloorOf } from "@/lib/telemetry/policy-in-force";
import { DAY_MS } from "@/lib/telemetry/rules";
import { highestTier } from "@/lib/use-cases/refs";
import {
  type ControlEvidence,
  conditionOfCases,
  conditionsOfControl,
  conditionsOfUseCase,
  type Limits,
} from "./conditions";
import { type Firing, firingsOf, readRecorded, readVersions } from "./read-firings";
import { readObserved } from "./read-observed";
import { isAsked, movedUp } from "./rules";
import type { ReadinessCondition, ReadinessView } from "./views";

/** What readiness is measured by and over. */
export interface Measure {
  tier: Tier;
  limits: Limits;
  /** Of days, decisions and telemetry; longer than that of rulings where more days are asked for. */
  window: Window;
  /** Of what each control would fire on, and of how that was ruled. */
  rulings: Window;
}

interface Window {
  from: Date;
  to: Date;
}

/** The limits of the use case's tier (the highest of the last week), and the windows that they look back over (whole hours, the present one too). */
export async function readMeasure(db: Db | Tx, useCaseId: string, now: Date): Promise<Measure> {
  const useCase = await db.useCase.findUniqueOrThrow({
    where: { id: useCaseId },
    select: { id: true, tier: true },
  });
  const tier = await highestTier(db, useCase, { before: now, until: null });
  const limits = (await getSetting(db, "readiness", now)).value[tier];
  const rulings = rulingWindow(now);
  const more = Math.max(0, limits.days - RULING_WINDOW_DAYS) * DAY_MS;
  const window = { from: new Date(rulings.from.getTime() - more), to: rulings.to };
  return { tier, limits, window, rulings };
}

/**
 * How ready the evidence is for a proposal: `base` and `proposal` are documents as they stand in a policy version (the
 * floor is joined here). The conditions are those of the use case, then of each control that moves up, then whether
 * kept cases hold; where nothing moves up, the kept cases alone. An unmet condition of any kind needs an acceptance.
 * `requesterId` is the person whose request it is: what they ruled does not count for it.
 */
export async function measureReadiness(
  db: Db | Tx,
  input: {
    useCaseId: string;
    base: PolicyDocument;
    proposal: PolicyDocument;
    now: Date;
    requesterId?: string | null;
  },
): Promise<ReadinessView> {
  const { useCaseId, now, requesterId = null } = input;
  const floor = (await findFloorOf(db, useCaseId, now))?.document ?? null;
  const [base, proposal] = [effectiveDocument(input.base, floor), effectiveDocument(input.proposal, floor)];
  const measure = await readMeasure(db, useCaseId, now);
  const cases = conditionOfCases(await checkCases(db, { useCaseId, document: input.proposal, at: now }));
  const asked = isAsked(base, proposal);
  const controls = asked ? movedUp(base, proposal) : [];
  const exceptBy = requesterId === null ? [] : [requesterId];
  const conditions = asked
    ? [
        ...conditionsOfUseCase(
          await readObserved(db, { useCaseId, window: measure.window, now, controls }),
          measure.limits,
        ),
        ...(
          await measureControls(db, { useCaseId, document: proposal, controls, floor, measure, exceptBy })
        ).values(),
      ].flat()
    : [];
  return toView({ asked, controls, conditions: [...conditions, ...cases], measure });
}

/** The view of measured conditions. */
export function toView({
  measure: { tier, window },
  ...rest
}: Pick<ReadinessView, "asked" | "controls" | "conditions"> & { measure: Measure }): ReadinessView {
  return {
    schema: "sluice.readiness/v1",
    tier,
    from: window.from.toISOString(),
    to: window.to.toISOString(),
    ...rest,
  };
}

/** The conditions of each of these controls of an effective document, in their order. */
export async function measureControls(
  db: Db | Tx,
  {
    useCaseId,
    document,
    controls,
    floor,
    measure: { limits, rulings },
    exceptBy = [],
  }: {
    useCaseId: string;
    document: PolicyDocument;
    controls: readonly string[];
    floor: PolicyDocument | null;
    measure: Measure;
    /** People whose rulings do not count. */
    exceptBy?: readonly string[];
  },
): Promise<Map<string, ReadinessCondition[]>> {
  if (controls.length === 0) return new Map();
  const recorded = await readRecorded(db, useCaseId, rulings);
  const firings = firingsOf(controls, document, recorded, await readVersions(db, useCaseId, floor));
  const estimates = await readRulingEstimates(db, {
    useCaseId,
    controls: [...controls],
    exceptBy,
    ...rulings,
  });
  return new Map(
    [...firings].map(([control, firing]) => [
      control,
      conditionsOfControl(evidenceOf(control, firing, estimates), limits),
    ]),
  );
}

/** What a control would fire on as it is proposed, with the rulings on a random sample of what it fired on. */
function evidenceOf(
  control: string,
  { fired, ...firing }: Firing,
  estimates: readonly RulingEstimate[],
): ControlEvidence {
  const own = estimates.filter((one) => one.control === control);
  const sampled = new Map(own.map((one) => [one.level, one.sampled]));
  const leftOut = own.reduce((sum, one) => sum + one.leftOut, 0);
  const none = { true_positive: 0, false_positive: 0, unsure: 0 };
  const strata = [...fired].map(([level, n]) => ({ level, fired: n, sampled: sampled.get(level) ?? none }));
  return {
    control,
    ...firing,
    leftOut,
    strata: strata.sort((a, b) => ((a.level ?? "") < (b.level ?? "") ? -1 : 1)),
  };
}
