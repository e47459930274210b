import { type Ctx, requirePermission } from "@/lib/access/context";
import { OPEN_STATUSES } from "@/lib/changes/lifecycle";
import type { Db } from "@/lib/db/prisma";
import { fieldText, fieldTitle } from "@/lib/policy/labels";
import { compare, NO_FLOOR } from "@/lib/policy/lattice";
import { DATA_CLASSES, type DataClass } from "@/lib/policy/vocabulary";
import { parseDocument } from "@/lib/use-cases/policy-in-force";
import { initialValue, parseSetting, SETTING_KEYS, SETTINGS, type SettingKey } from "./schema";
import type { FloorStateView, SettingView, VersionRef } from "./views";

const VERSION = {
  orderBy: { number: "desc" },
  include: { change: { select: { id: true, ref: true } } },
} as const;

/** Every setting of governance as it stands, with its versions and its open changes. */
export async function listSettings(ctx: Ctx): Promise<SettingView[]> {
  requirePermission(ctx, "use-case:read");
  const versions = await ctx.db.settingVersion.findMany(VERSION);
  const open = await readOpen(ctx.db, "setting");
  return SETTING_KEYS.map((key: SettingKey): SettingView => {
    const own = versions.filter((version) => version.key === key);
    const newest = own[0];
    return {
      key,
      title: SETTINGS[key].title,
      description: SETTINGS[key].description,
      number: newest?.number ?? 0,
      value: newest ? parseSetting(key, newest.value) : initialValue(key),
      versions: own.map(toRef),
      open: open.get(key) ?? [],
    };
  });
}

/** The floor of every data class as it stands, with its versions, its open changes and how many use cases stand on it. */
export async function listFloors(ctx: Ctx): Promise<FloorStateView[]> {
  requirePermission(ctx, "use-case:read");
  const versions = await ctx.db.floorVersion.findMany(VERSION);
  const open = await readOpen(ctx.db, "floor");
  const counts = await ctx.db.useCase.groupBy({ by: ["dataClass"], _count: { _all: true } });
  const countOf = new Map(counts.map(({ dataClass, _count }) => [dataClass as DataClass, _count._all]));
  return DATA_CLASSES.map((dataClass): FloorStateView => {
    const own = versions.filter((version) => version.dataClass === dataClass);
    const newest = own[0];
    return {
      dataClass,
      number: newest?.number ?? 0,
      asks: newest ? asksOf(newest.document) : [],
      useCases: countOf.get(dataClass) ?? 0,
      versions: own.map(toRef),
      open: open.get(dataClass) ?? [],
    };
  });
}

/** What a floor asks for beyond nothing; what has no order asks for nothing. */
function asksOf(document: unknown): string[] {
  return compare(NO_FLOOR, parseDocument(document))
    .moves.filter(({ direction }) => direction !== "neutral")
    .map(({ path, to }) => `${fieldTitle(path).replace(": ", ", ")}: ${fieldText(path, to)}`);
}

function toRef(version: {
  number: number;
  effectiveFrom: Date;
  change: { id: string; ref: number } | null;
}): VersionRef {
  return {
    number: version.number,
    effectiveFrom: version.effectiveFrom.toISOString(),
    change: version.change && { id: version.change.id, ref: `CHG-${version.change.ref}` },
  };
}

async function readOpen(db: Db, subject: "floor" | "setting"): Promise<Map<string, SettingView["open"]>> {
  const rows = await db.changeRequest.findMany({
    where: { subject, status: { in: [...OPEN_STATUSES] } },
    orderBy: { ref: "asc" },
    select: { id: true, ref: true, status: true, subjectKey: true },
  });
  const byKey = Map.groupBy(rows, ({ subjectKey }) => subjectKey ?? "");
  return new Map(
    [...byKey].map(([key, own]) => [
      key,
      own.map(({ id, ref, status }) => ({ id, ref: `CHG-${ref}`, status })),
    ]),
  );
}
