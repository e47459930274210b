import type { Db, Tx } from "@/lib/db/prisma";
import { Prisma } from "@/lib/db/prisma";
import { CANARY } from "@/lib/policy/evaluate";
import { getSetting } from "@/lib/settings/queries";
import { type Drawn, drawFindings, readDrawn } from "./draw";
import { allocate, rulingsWanted } from "./rules";

/** The findings of one control at one level in the window, and those of them that the sample asks for. */
export interface SampledStratum {
  control: string;
  /** Empty for controls that know no levels, as in `control_hour`. */
  level: string;
  /** How often it fired, whatever came of it. */
  fired: number;
  /** Effects by how often. */
  effects: Record<string, number>;
  /** In random order: a simple random sample without replacement. */
  members: Drawn[];
}

export interface SampleQuestion {
  useCaseId: string;
  controls?: readonly string[];
  from: Date;
  to: Date;
}

/** Rulings per control that the readiness limits of a tier ask for, and at least so many that a rate can be told. */
const SMALLEST_TARGET = 10;

/** How many findings of each control the sample asks for: what readiness wants of the use case's risk tier. */
export async function sampleTarget(db: Db | Tx, useCaseId: string, at: Date): Promise<number> {
  const { tier } = await db.useCase.findUniqueOrThrow({ where: { id: useCaseId }, select: { tier: true } });
  const { value } = await getSetting(db, "readiness", at);
  return Math.max(SMALLEST_TARGET, rulingsWanted(value[tier]));
}

/**
 * The random sample of a use case's findings in a window, stratified by control and level; by control, then level.
 * `target` findings of each control, spread over its levels (`allocate`). It depends on what was recorded and on
 * nothing that anybody does: who asks, how often, and what was ruled do not move it.
 */
export async function drawSample(
  db: Db | Tx,
  question: SampleQuestion,
  target: number,
): Promise<SampledStratum[]> {
  const { useCaseId, from, to } = question;
  await drawFindings(db, { useCaseId, from, to, keep: target });
  const sizes = await readSizes(db, question);
  const strata = [...Map.groupBy(sizes, ({ control }) => control).values()].flatMap((own) => {
    const shares = allocate(
      own.map(({ fired }) => fired),
      target,
    );
    return own.map((stratum, at) => ({ ...stratum, limit: shares[at] ?? 0 }));
  });
  const drawn = await readDrawn(db, { useCaseId, from, to, strata });
  const members = Map.groupBy(drawn, ({ control, level }) => `${control} ${level}`);
  return strata.map(({ limit: _, ...stratum }) => ({
    ...stratum,
    members: members.get(`${stratum.control} ${stratum.level}`) ?? [],
  }));
}

type Size = Omit<SampledStratum, "members">;

async function readSizes(db: Db | Tx, { useCaseId, controls, from, to }: SampleQuestion): Promise<Size[]> {
  const asked = controls ? Prisma.sql`"control" = ANY (${[...controls]})` : Prisma.sql`true`;
  const rows = await db.$queryRaw<{ control: string; level: string; effect: string; n: number }[]>`
    SELECT "control", "level", "effect", sum("n")::float8 AS "n" FROM "control_hour"
    WHERE "use_case_id" = ${useCaseId}::uuid AND "hour" >= ${from} AND "hour" < ${to}
      AND "control" <> ${CANARY} AND ${asked}
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`;
  const strata = Map.groupBy(rows, ({ control, level }) => `${control} ${level}`);
  return [...strata.values()].flatMap((parts) => {
    const [first] = parts;
    if (first === undefined) return [];
    return {
      control: first.control,
      level: first.level,
      fired: parts.reduce((total, { n }) => total + n, 0),
      effects: Object.fromEntries(parts.map(({ effect, n }) => [effect, n])),
    };
  });
}
