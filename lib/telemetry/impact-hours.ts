import type { Db, Tx } from "@/lib/db/prisma";
import type { Cell } from "./impact-read";
import { ceilHour, floorHour } from "./rules";
import type { ImpactBy } from "./views";

interface SumInput {
  useCaseId: string;
  /** Cells that flip, by key. */
  flipped: readonly { key: string; stricter: number; looser: number }[];
  cells: readonly Cell[];
  /** Hours that were read decision by decision. */
  cut: readonly Date[];
}

/** Decisions on one fact that flip one way in the whole hours of a stretch of time. */
interface Stretch {
  fact: string;
  version: number;
  from: Date;
  to: Date;
  isStricter: boolean;
}

/** Flips by hour. Cells of one hour say it themselves; those of whole hours are summed in the database. */
export async function sumByHour(
  db: Db | Tx,
  { useCaseId, flipped, cells, cut }: SumInput,
): Promise<ImpactBy[]> {
  const byKey = new Map(cells.map((cell) => [cell.key, cell]));
  const hours = new Map<number, { stricter: number; looser: number }>();
  const add = (hour: Date, stricter: number, looser: number) => {
    const known = hours.get(hour.getTime()) ?? { stricter: 0, looser: 0 };
    hours.set(hour.getTime(), { stricter: known.stricter + stricter, looser: known.looser + looser });
  };
  const whole: Stretch[] = [];
  for (const { key, stricter, looser } of flipped) {
    const cell = byKey.get(key);
    if (cell?.hour) add(cell.hour, stricter, looser);
    else if (cell) whole.push({ ...cell, isStricter: stricter > 0 });
  }
  for (const row of await readHours(db, useCaseId, joined(whole), cut))
    add(row.hour, row.stricter, row.looser);
  return [...hours]
    .sort(([a], [b]) => a - b)
    .map(([hour, counts]) => ({ key: new Date(hour).toISOString(), ...counts }));
}

/** The same stretches, those of one fact that follow upon each other made one. */
function joined(stretches: readonly Stretch[]): Stretch[] {
  const name = ({ fact, version, isStricter }: Stretch) => `${fact}/${version}/${isStricter}`;
  const ordered = stretches
    .map((stretch) => ({ stretch, name: name(stretch) }))
    .sort((a, b) =>
      a.name === b.name ? a.stretch.from.getTime() - b.stretch.from.getTime() : a.name < b.name ? -1 : 1,
    );
  const found: { stretch: Stretch; name: string }[] = [];
  for (const next of ordered) {
    const last = found.at(-1);
    if (last?.name === next.name && last.stretch.to.getTime() === next.stretch.from.getTime())
      last.stretch = { ...last.stretch, to: next.stretch.to };
    else found.push({ ...next });
  }
  return found.map(({ stretch }) => stretch);
}

async function readHours(
  db: Db | Tx,
  useCaseId: string,
  flipped: readonly Stretch[],
  cut: readonly Date[],
): Promise<{ hour: Date; stricter: number; looser: number }[]> {
  if (flipped.length === 0) return [];
  const starts = flipped.map(({ from }) => ceilHour(from));
  const ends = flipped.map(({ to }) => floorHour(to));
  const first = new Date(Math.min(...starts.map(Number)));
  const last = new Date(Math.max(...ends.map(Number)));
  return db.$queryRaw`
    WITH "flipped" AS MATERIALIZED (
      SELECT decode(f, 'hex') AS "fact", v AS "version", s AS "start", e AS "end", d AS "is_stricter"
      FROM unnest(${flipped.map(({ fact }) => fact)}::text[], ${flipped.map(({ version }) => version)}::int[],
        ${starts}::timestamptz[], ${ends}::timestamptz[],
        ${flipped.map(({ isStricter }) => isStricter)}::boolean[]) AS x(f, v, s, e, d))
    SELECT h."hour", coalesce(sum(h."n") FILTER (WHERE x."is_stricter"), 0)::float8 AS "stricter",
      coalesce(sum(h."n") FILTER (WHERE NOT x."is_stricter"), 0)::float8 AS "looser"
    FROM "flipped" x JOIN "decision_hour" h ON h."fact" = x."fact" AND h."policy_version" = x."version"
      AND h."hour" >= x."start" AND h."hour" < x."end"
    WHERE h."use_case_id" = ${useCaseId}::uuid AND h."hour" >= ${first} AND h."hour" < ${last}
      AND h."hour" <> ALL (${cut}::timestamptz[])
    GROUP BY 1`;
}
