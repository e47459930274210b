import type { Ctx } from "@/lib/access/context";
import { SENSITIVITIES, type Sensitivity } from "@/lib/policy/vocabulary";
import { type RulingEstimate, readRulingEstimates } from "@/lib/rulings/estimates";
import { estimateFalsePositives, rulingWindow, type Verdicts } from "@/lib/rulings/rules";
import { getObserved } from "@/lib/telemetry/get-observed";
import type { ControlLevels } from "@/lib/telemetry/views";
import type { ControlSensitivity, LevelEvidence, SensitivityView } from "./views";

/**
 * What each level of each content control of a use case would have fired on in the last 30 days, beside how that was
 * ruled. Signals are recorded at every level whatever is set, so levels above the dial are as exact as those under it;
 * rulings exist of what did fire. `slug` names the use case.
 */
export async function getSensitivity(ctx: Ctx, { slug }: { slug: string }): Promise<SensitivityView> {
  const window = rulingWindow(ctx.now);
  const { useCase, from, to, levels } = await getObserved(ctx, { useCase: slug, ...window });
  const [estimates, exempted] = await Promise.all([
    readRulingEstimates(ctx.db, { useCaseId: useCase.id, ...window }),
    readExempted(ctx, useCase.id, window),
  ]);
  return { useCase, from, to, controls: levels.map((one) => sensitivityOf(one, estimates, exempted)) };
}

type Exempted = ReadonlyMap<string, number>;

const keyOf = (control: string, level: string) => `${control} ${level}`;

/** Findings that an exception spared, by control and level. */
async function readExempted(
  { db }: Ctx,
  useCaseId: string,
  { from, to }: { from: Date; to: Date },
): Promise<Exempted> {
  const rows = await db.$queryRaw<{ control: string; level: string; n: number }[]>`
    SELECT "control", "level", sum("n")::float8 AS "n" FROM "control_hour"
    WHERE "use_case_id" = ${useCaseId}::uuid AND "hour" >= ${from} AND "hour" < ${to}
      AND "effect" = 'exempted' AND "level" <> ''
    GROUP BY 1, 2`;
  return new Map(rows.map(({ control, level, n }) => [keyOf(control, level), n]));
}

const NONE: Verdicts = { true_positive: 0, false_positive: 0, unsure: 0 };

/** One control's levels, each with those before it. */
export function sensitivityOf(
  { fired, ...control }: ControlLevels,
  estimates: readonly RulingEstimate[],
  exempted: Exempted,
): ControlSensitivity {
  const known = new Map(
    estimates.filter((one) => one.control === control.control).map((one) => [one.level, one]),
  );
  const own = SENSITIVITIES.map((level, index) => {
    const narrower = SENSITIVITIES[index - 1];
    return {
      fired: fired[level] - (narrower ? fired[narrower] : 0),
      all: known.get(level)?.all ?? NONE,
      sampled: known.get(level)?.sampled ?? NONE,
      exempted: exempted.get(keyOf(control.control, level)) ?? 0,
    };
  });
  return { ...control, levels: SENSITIVITIES.map((level, index) => upTo(level, own.slice(0, index + 1))) };
}

interface OwnLevel {
  fired: number;
  all: Verdicts;
  sampled: Verdicts;
  exempted: number;
}

function upTo(level: Sensitivity, levels: readonly OwnLevel[]): LevelEvidence {
  const sum = (of: (one: OwnLevel) => number) => levels.reduce((total, one) => total + of(one), 0);
  const rulings = {
    true_positive: sum(({ all }) => all.true_positive),
    false_positive: sum(({ all }) => all.false_positive),
    unsure: sum(({ all }) => all.unsure),
  };
  const fired = sum((one) => one.fired);
  const { low, high, rulings: n } = estimateFalsePositives(levels);
  return {
    level,
    fired,
    rulings,
    unruled: Math.max(0, fired - rulings.true_positive - rulings.false_positive - rulings.unsure),
    falsePositives: n > 0 ? { low, high } : null,
    exempted: sum((one) => one.exempted),
  };
}
