import type { Db, Tx } from "@/lib/db/prisma";
import type { Sensitivity } from "@/lib/policy/vocabulary";
import { ceilHour, floorHour } from "@/lib/telemetry/rules";
import { readStanding, type Standing } from "./finding-standing";
import type { Answer } from "./lifecycle";
import type { Verdicts } from "./rules";
import { drawSample, type SampledStratum, type SampleQuestion, sampleTarget } from "./sample";

/** What is known of the findings of one control at one level in a window: a stratum of `estimateFalsePositives`. */
export interface RulingEstimate {
  control: string;
  level: Sensitivity | null;
  /** How often it fired in the window, by the hours. */
  fired: number;
  /** How many findings the random sample asks for. */
  asked: number;
  /** Members of the sample that were ruled from the queue. Only these say something of all that fired. */
  sampled: Verdicts;
  /** Every ruled finding of the window, appealed and picked ones too: those are biased, and feed no rate. */
  all: Verdicts;
  /** Members of the sample of which a ruling by the people of `exceptBy` does not count. */
  leftOut: number;
}

const none = (): Verdicts => ({ true_positive: 0, false_positive: 0, unsure: 0 });

/**
 * Rulings by control and level over a window (widened to whole hours), in order of both. A finding counts as `sampled`
 * while it is in the window's sample and was ruled from the queue; a later ruling of it, on appeal too, replaces the
 * earlier. Ask over `rulingWindow`: the queue asks for the sample of that window and of no other. Rulings by the people
 * of `exceptBy` are left out: who asks for a change does not rule on what it stands on.
 */
export async function readRulingEstimates(
  db: Db | Tx,
  input: { useCaseId: string; controls?: string[]; from: Date; to: Date; exceptBy?: readonly string[] },
): Promise<RulingEstimate[]> {
  const { useCaseId, controls, from, to, exceptBy = [] } = input;
  const window = { from: floorHour(from), to: ceilHour(to) };
  const question = { useCaseId, ...window, ...(controls && { controls }) };
  const sample = await drawSample(db, question, await sampleTarget(db, useCaseId, to));
  const whole = await readStanding(db, useCaseId, window);
  const counted = exceptBy.length > 0 ? await readStanding(db, useCaseId, window, exceptBy) : whole;
  return estimatesOf(sample, counted, { whole, exceptBy });
}

/** The same of a sample that is drawn, and what the window's findings are ruled as; `whole` also by `exceptBy`. */
export function estimatesOf(
  sample: readonly SampledStratum[],
  standing: Known,
  { whole, exceptBy }: { whole: Known; exceptBy: readonly string[] } = { whole: standing, exceptBy: [] },
): RulingEstimate[] {
  const all = tally([...standing.values()]);
  return sample.map((stratum) => ({
    ...toEstimate(stratum, standing, all),
    leftOut: ruledOf(stratum, whole).filter(
      ([key, { ruledById }]) => exceptBy.includes(ruledById) || !standing.get(key)?.isSampled,
    ).length,
  }));
}

type Known = ReadonlyMap<string, Standing>;

/** The members that were ruled from the queue, with what they are ruled. */
function ruledOf({ control, members }: SampledStratum, standing: Known): [string, Standing][] {
  return members.flatMap(({ decisionId }): [string, Standing][] => {
    const key = `${decisionId} ${control}`;
    const found = standing.get(key);
    return found?.isSampled ? [[key, found]] : [];
  });
}

function toEstimate(
  stratum: SampledStratum,
  standing: Known,
  all: ReadonlyMap<string, Verdicts>,
): Omit<RulingEstimate, "leftOut"> {
  const { control, level, fired, members } = stratum;
  const ruled = ruledOf(stratum, standing).map(([, found]) => found);
  return {
    control,
    level: level === "" ? null : (level as Sensitivity),
    fired,
    asked: members.length,
    sampled: tally(ruled).get(`${control} ${level}`) ?? none(),
    all: all.get(`${control} ${level}`) ?? none(),
  };
}

function tally(ruled: readonly { control: string; level: string; answer: Answer }[]): Map<string, Verdicts> {
  const counts = new Map<string, Verdicts>();
  for (const { control, level, answer } of ruled) {
    const key = `${control} ${level}`;
    const known = counts.get(key) ?? none();
    known[answer] += 1;
    counts.set(key, known);
  }
  return counts;
}

/** Appeals of a use case that nobody answered yet, on some of its controls or on all. */
export function countOpenAppeals(
  db: Db | Tx,
  { useCaseId, controls }: Pick<SampleQuestion, "useCaseId" | "controls">,
): Promise<number> {
  return db.appeal.count({
    where: { useCaseId, status: "open", ...(controls && { control: { in: [...controls] } }) },
  });
}
