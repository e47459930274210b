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
  n: number;
}

/**
 * All decisions of the window as cells. Hours cut by a bound are read decision by decision; `lost` are the decisions that
 * these hours count but of which no row is left.
 */
export async function readCells(
  db: Db | Tx,
  { useCaseId, from, to, turns }: CellInput,
): Promise<{ cells: Cell[]; lost: number }> {
  const bounds = [from, ...turns, to];
  const cut = cutHours(bounds);
  const whole = await readWholeHours(db, useCaseId, bounds, cut);
  const rows = cut.length > 0 ? await readCutHours(db, useCaseId, bounds, cut) : [];
  const toCell = ({ fact, version, part, hour, n }: Row): Cell => {
    const [start = from, end = to] = [bounds[part - 1], bounds[part]];
    const key = `${fact}/${version}/${part}${hour ? `/${hour.toISOString()}` : ""}`;
    return { key, fact, version, from: start, to: end, hour, n };
  };
  return {
    cells: [...whole, ...rows.filter(({ part }) => part >= 1 && part < bounds.length)].map(toCell),
    lost: cut.length > 0 ? await countLost(db, useCaseId, cut, rows) : 0,
  };
}

/** Hours that a bound of time falls into, other than at their start. */
function cutHours(bounds: readonly Date[]): Date[] {
  const hours = bounds.map(floorHour).filter((hour, index) => hour.getTime() !== bounds[index]?.getTime());
  return [...new Set(hours.map(Number))].map((hour) => new Date(hour));
}

function readWholeHours(
  db: Db | Tx,
  useCaseId: string,
  bounds: readonly Date[],
  cut: readonly Date[],
): Promise<Row[]> {
  const [from, to] = [ceilHour(bounds[0] as Date), floorHour(bounds.at(-1) as Date)];
  return db.$queryRaw<Row[]>`
    SELECT encode("fact", 'hex') AS "fact", "policy_version" AS "version",
      width_bucket("hour", ${bounds}::timestamptz[]) AS "part", NULL::timestamptz AS "hour", sum("n")::float8 AS "n"
    FROM "decision_hour"
    WHERE "use_case_id" = ${useCaseId}::uuid AND "hour" >= ${from} AND "hour" < ${to}
      AND "hour" <> ALL (${cut}::timestamptz[])
    GROUP BY "fact", "policy_version", 3 ORDER BY "fact", "policy_version", 3`;
}

function readCutHours(
  db: Db | Tx,
  useCaseId: string,
  bounds: readonly Date[],
  cut: readonly Date[],
): Promise<Row[]> {
  return db.$queryRaw<Row[]>`
    SELECT encode(d."fact", 'hex') AS "fact", d."policy_version" AS "version",
      width_bucket(d."decided_at", ${bounds}::timestamptz[]) AS "part", h."hour", count(*)::float8 AS "n"
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

/** Flips by hour: those of whole hours are summed in the database, for the facts and stretches that flip. */
export async function sumByHour(
  db: Db | Tx,
  { useCaseId, flipped, cells }: SumInput,
): Promise<{ key: string; stricter: number; looser: number }[]> {
  const byKey = new Map(cells.map((cell) => [cell.key, cell]));
  const hours = new Map<number, { stricter: number; looser: number }>();
  const add = (hour: Date, stricter: number, looser: number) => {
    const known = hours.get(hour.getTime()) ?? { stricter: 0, looser: 0 };
    hours.set(hour.getTime(), { stricter: known.stricter + stricter, looser: known.looser + looser });
  };
  const whole: { cell: Cell; isStricter: boolean }[] = [];
  for (const { key, stricter, looser } of flipped) {
    const cell = byKey.get(key);
    if (cell?.hour) add(cell.hour, stricter, looser);
    else if (cell) whole.push({ cell, isStricter: stricter > 0 });
  }
  for (const row of await readFlippedHours(db, useCaseId, whole)) {
    add(row.hour, row.stricter, row.looser);
  }
  return [...hours]
    .sort(([a], [b]) => a - b)
    .map(([hour, counts]) => ({ key: new Date(hour).toISOString(), ...counts }));
}

interface SumInput {
  useCaseId: string;
  flipped: readonly { key: string; stricter: number; looser: number }[];
  cells: readonly Cell[];
}

async function readFlippedHours(
  db: Db | Tx,
  useCaseId: string,
  flipped: readonly { cell: Cell; isStricter: boolean }[],
): Promise<{ hour: Date; stricter: number; looser: number }[]> {
  if (flipped.length === 0) return [];
  const column = <T>(pick: (cell: Cell) => T) => flipped.map(({ cell }) => pick(cell));
  const starts = column(({ from }) => ceilHour(from));
  const ends = column(({ to }) => floorHour(to));
  return db.$queryRaw`
    WITH "flipped" AS MATERIALIZED (
      SELECT decode(f, 'hex') AS "fact", v AS "version", s AS "start", e AS "end", d AS "is_stricter"
      FROM unnest(${column(({ fact }) => fact)}::text[], ${column(({ version }) => version)}::int[],
        ${starts}::timestamptz[], ${ends}::timestamptz[],
        ${flipped.map(({ isStricter }) => isStricter)}::boolean[]) AS x(f, v, s, e, d))
    SELECT h."hour", coalesce(sum(h."n") FILTER (WHERE x."is_stricter"), 0)::float8 AS "stricter",
      coalesce(sum(h."n") FILTER (WHERE NOT x."is_stricter"), 0)::float8 AS "looser"
    FROM "flipped" x JOIN "decision_hour" h ON h."fact" = x."fact" AND h."policy_version" = x."version"
      AND h."hour" >= x."start" AND h."hour" < x."end"
    WHERE h."use_case_id" = ${useCaseId}::uuid AND h."hour" >= ${minimum(starts)} AND h."hour" < ${maximum(ends)}
    GROUP BY 1`;
}

const minimum = (dates: readonly Date[]) => new Date(Math.min(...dates.map(Number)));
const maximum = (dates: readonly Date[]) => new Date(Math.max(...dates.map(Number)));
