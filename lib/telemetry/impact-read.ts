import type { Db, Tx } from "@/lib/db/prisma";
import { type PolicyDocument, policyDocumentSchema } from "@/lib/policy/document";
import type { Facts } from "@/lib/policy/facts";
import { effectiveDocument } from "@/lib/policy/lattice";
import { ceilHour, floorHour } from "./rules";

/** Recorded decisions on the same facts, under one policy version, while no exception begins or ends. */
export interface Cell {
  /** Names the cell in the result of a replay. */
  key: string;
  /** Hex. */
  fact: string;
  version: number;
  /** The stretch of time between two turning points; the exceptions in force are those of `from`. */
  from: Date;
  to: Date;
  /** The hour, for what was read decision by decision; null for the sum over whole hours. */
  hour: Date | null;
  /** The newest hour that counts any of them. */
  newest: Date;
  n: number;
}

export interface CellInput {
  useCaseId: string;
  from: Date;
  to: Date;
  /** Instants strictly inside the window at which the set of exceptions in force changes, sorted. */
  turns: readonly Date[];
}

interface Row {
  fact: string;
  version: number;
  part: number;
  hour: Date | null;
  newest: Date;
  n: number;
}

/**
 * All decisions of the window as cells. Hours `cut` by a bound are read decision by decision; `lost` are the decisions that
 * these hours count but of which no row is left.
 */
export async function readCells(
  db: Db | Tx,
  { useCaseId, from, to, turns }: CellInput,
): Promise<{ cells: Cell[]; lost: number; cut: Date[] }> {
  const bounds = [from, ...turns, to];
  const cut = cutHours(bounds);
  const whole = await readWholeHours(db, useCaseId, bounds, cut);
  const rows = cut.length > 0 ? await readCutHours(db, useCaseId, bounds, cut) : [];
  const toCell = ({ fact, version, part, hour, newest, n }: Row): Cell => {
    const [start = from, end = to] = [bounds[part - 1], bounds[part]];
    const key = `${fact}/${version}/${part}${hour ? `/${hour.toISOString()}` : ""}`;
    return { key, fact, version, from: start, to: end, hour, newest, n };
  };
  return {
    cells: [...whole, ...rows.filter(({ part }) => part >= 1 && part < bounds.length)].map(toCell),
    lost: cut.length > 0 ? await countLost(db, useCaseId, cut, rows) : 0,
    cut,
  };
}

/** Hours that a bound of time falls into, other than at their start. */
function cutHours(bounds: readonly Date[]): Date[] {
  const hours = bounds.map(floorHour).filter((hour, index) => hour.getTime() !== bounds[index]?.getTime());
  return [...new Set(hours.map(Number))].map((hour) => new Date(hour));
}

/** Sums over whole hours; one row for each fact and version comes over the line, with its stretches as arrays. */
async function readWholeHours(
  db: Db | Tx,
  useCaseId: string,
  bounds: readonly Date[],
  cut: readonly Date[],
): Promise<Row[]> {
  const [from, to] = [ceilHour(bounds[0] as Date), floorHour(bounds.at(-1) as Date)];
  const rows = await db.$queryRaw<SummedRow[]>`
    SELECT encode("fact", 'hex') AS "fact", "version", array_agg("part" ORDER BY "part") AS "parts",
      array_agg("n" ORDER BY "part") AS "counts", array_agg("newest" ORDER BY "part") AS "newest"
    FROM (
      SELECT "fact", "policy_version" AS "version", width_bucket("hour", ${bounds}::timestamptz[]) AS "part",
        sum("n")::float8 AS "n", extract(epoch FROM max("hour"))::float8 AS "newest"
      FROM "decision_hour"
      WHERE "use_case_id" = ${useCaseId}::uuid AND "hour" >= ${from} AND "hour" < ${to}
        AND "hour" <> ALL (${cut}::timestamptz[])
      GROUP BY 1, 2, 3) AS summed
    GROUP BY summed."fact", "version" ORDER BY summed."fact", "version"`;
  return rows.flatMap(({ fact, version, parts, counts, newest }) =>
    parts.map((part, index) => ({
      fact,
      version,
      part,
      hour: null,
      newest: new Date((newest[index] ?? 0) * 1000),
      n: counts[index] ?? 0,
    })),
  );
}

interface SummedRow {
  fact: string;
  version: number;
  parts: number[];
  counts: number[];
  /** Seconds since 1970. */
  newest: number[];
}

function readCutHours(
  db: Db | Tx,
  useCaseId: string,
  bounds: readonly Date[],
  cut: readonly Date[],
): Promise<Row[]> {
  return db.$queryRaw<Row[]>`
    SELECT encode(d."fact", 'hex') AS "fact", d."policy_version" AS "version",
      width_bucket(d."decided_at", ${bounds}::timestamptz[]) AS "part", h."hour", h."hour" AS "newest", count(*)::float8 AS "n"
    FROM unnest(${cut}::timestamptz[]) AS h("hour")
    JOIN "decision" d ON d."use_case_id" = ${useCaseId}::uuid
      AND d."decided_at" >= h."hour" AND d."decided_at" < h."hour" + interval '1 hour'
    GROUP BY d."fact", d."policy_version", 3, h."hour"
    ORDER BY d."fact", d."policy_version", 3, h."hour"`;
}

async function countLost(
  db: Db | Tx,
  useCaseId: string,
  cut: readonly Date[],
  rows: readonly Row[],
): Promise<number> {
  const [counted] = await db.$queryRaw<{ n: number }[]>`
    SELECT coalesce(sum("n"), 0)::float8 AS "n" FROM "decision_hour"
    WHERE "use_case_id" = ${useCaseId}::uuid AND "hour" = ANY (${cut}::timestamptz[])`;
  return Math.max(0, (counted?.n ?? 0) - rows.reduce((sum, { n }) => sum + n, 0));
}

/** The facts of the cells, by digest. */
export async function readFacts(
  db: Db | Tx,
  useCaseId: string,
  cells: readonly Cell[],
): Promise<Map<string, Facts>> {
  const digests = [...new Set(cells.map(({ fact }) => fact))];
  const rows = await db.$queryRaw<{ digest: string; facts: Facts }[]>`
    SELECT encode("digest", 'hex') AS "digest", "facts" FROM "fact"
    WHERE "use_case_id" = ${useCaseId}::uuid
      AND "digest" IN (SELECT decode(d, 'hex') FROM unnest(${digests}::text[]) AS d)`;
  return new Map(rows.map(({ digest, facts }) => [digest, facts]));
}

/** Every version of the use case's policy, joined with the floor, by number: under what decisions were recorded. */
export async function readRecordedDocuments(
  db: Db | Tx,
  useCaseId: string,
  floor: PolicyDocument | null,
): Promise<Map<number, PolicyDocument>> {
  const versions = await db.policyVersion.findMany({
    where: { useCaseId },
    select: { number: true, document: true },
  });
  return new Map(
    versions.map(({ number, document }) => [
      number,
      effectiveDocument(policyDocumentSchema.parse(document), floor),
    ]),
  );
}
