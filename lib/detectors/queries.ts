import { type Ctx, requirePermission } from "@/lib/access/context";
import type { Db, Tx } from "@/lib/db/prisma";
import { OUTSIDE_ADAPTERS, type OutsideKind } from "@/lib/detect/outside/adapters";
import { SluiceError } from "@/lib/errors";
import type { DetectorView } from "./views";

type Row = NonNullable<Awaited<ReturnType<Db["outsideDetector"]["findUnique"]>>>;

/** Every outside detector that was ever set up, those in use first, by name. */
export async function listDetectors(ctx: Ctx): Promise<DetectorView[]> {
  requirePermission(ctx, "detector:read");
  const [rows, askers] = await Promise.all([
    ctx.db.outsideDetector.findMany({
      orderBy: [{ retiredAt: { sort: "asc", nulls: "first" } }, { name: "asc" }],
    }),
    findAskers(ctx.db),
  ]);
  return rows.map((row) => toView(row, askers.get(row.name) ?? []));
}

/** One of them; `not_found` otherwise. */
export async function getDetector(ctx: Ctx, name: string): Promise<DetectorView> {
  requirePermission(ctx, "detector:read");
  const row = await getDetectorRow(ctx.db, name);
  return toView(row, (await findAskers(ctx.db)).get(name) ?? []);
}

/** As it is stored; `not_found` otherwise. */
export async function getDetectorRow(db: Db | Tx, name: string): Promise<Row> {
  const row = await db.outsideDetector.findUnique({ where: { name } });
  if (!row) throw new SluiceError("not_found", "There is no such outside detector.");
  return row;
}

/** Slugs of the use cases whose policy in force, or whose floor, names a detector. */
async function findAskers(db: Db): Promise<Map<string, string[]>> {
  const rows = await db.$queryRaw<{ name: string; slugs: string[] }[]>`
    SELECT n.name, array_agg(DISTINCT u.slug ORDER BY u.slug) AS slugs
    FROM use_case u
    CROSS JOIN LATERAL (
      (SELECT v.document FROM policy_version v WHERE v.use_case_id = u.id AND v.effective_from <= now()
       ORDER BY v.number DESC LIMIT 1)
      UNION ALL
      (SELECT f.document FROM floor_version f WHERE f.data_class = u.data_class AND f.effective_from <= now()
       ORDER BY f.number DESC LIMIT 1)
    ) AS d
    CROSS JOIN LATERAL jsonb_array_elements_text(coalesce(d.document->'detectors', '[]')) AS n(name)
    GROUP BY n.name`;
  return new Map(rows.map(({ name, slugs }) => [name, slugs]));
}

function toView(row: Row, askedBy: string[]): DetectorView {
  const kind = row.kind as OutsideKind;
  const { title, gives } = OUTSIDE_ADAPTERS[kind];
  return {
    name: row.name,
    kind,
    title,
    url: row.url,
    hasSecret: row.secret !== null,
    timeoutMs: row.timeoutMs,
    options: row.options as Record<string, unknown>,
    createdAt: row.createdAt.toISOString(),
    retiredAt: row.retiredAt?.toISOString() ?? null,
    gives: [...gives],
    askedBy,
  };
}
