import { type Ctx, requirePermission } from "@/lib/access/context";
import type { Db, Tx } from "@/lib/db/prisma";
import { compile } from "@/lib/policy/compile";
import type { ExceptionScope } from "@/lib/policy/exception";
import type { Facts } from "@/lib/policy/facts";
import { effectiveDocument } from "@/lib/policy/lattice";
import { unrecordedControls } from "@/lib/policy/replay/verdict";
import { measureSpared, type SparedCell } from "@/lib/policy/spared";
import { readRecordedDocuments } from "@/lib/telemetry/impact-read";
import { loadTerms } from "@/lib/telemetry/load-terms";
import { findFloorOf, findPolicy } from "@/lib/telemetry/policy-in-force";
import { ceilHour, floorHour } from "@/lib/telemetry/rules";
import { getStanding } from "@/lib/use-cases/refs";
import { linksOf } from "./refs";
import { getExceptionRow } from "./row";
import type { PreviewExceptionInput } from "./schema";
import type { SparedView } from "./views";

const DAY_MS = 86_400_000;

/** From how many days of recorded decisions is told what an exception spares. */
export const PREVIEW_DAYS = 30;

/** What an exception would spare, before it is asked for. */
export async function previewException(ctx: Ctx, input: PreviewExceptionInput): Promise<SparedView> {
  requirePermission(ctx, "telemetry:read");
  const { id, slug } = await getStanding(ctx.db, input.useCase);
  const renewed = input.renews ? linksOf(await getExceptionRow(ctx.db, input.renews)) : [];
  const { controls, scope = {} } = input;
  return measure(ctx.db, { useCase: { id, slug }, controls, scope, chain: renewed, now: ctx.now });
}

/** What a stored exception would spare, or spares, as things stand now; its own chain is left out of account. */
export async function getPreview(ctx: Ctx, { id }: { id: string }): Promise<SparedView> {
  requirePermission(ctx, "telemetry:read");
  const row = await getExceptionRow(ctx.db, id);
  const { useCase, controls } = row;
  const scope = row.scope as ExceptionScope;
  return measure(ctx.db, { useCase, controls, scope, chain: linksOf(row), now: ctx.now });
}

interface Asked {
  useCase: { id: string; slug: string };
  controls: readonly string[];
  scope: ExceptionScope;
  chain: readonly { id: string }[];
  now: Date;
}

async function measure(db: Db | Tx, { useCase, controls, scope, chain, now }: Asked): Promise<SparedView> {
  const to = ceilHour(now);
  const from = new Date(floorHour(now).getTime() - PREVIEW_DAYS * DAY_MS);
  const window = { from: from.toISOString(), to: to.toISOString() };
  const [policy, floor, terms, first] = await Promise.all([
    findPolicy(db, useCase.id),
    findFloorOf(db, useCase.id, now),
    loadTerms(db, useCase.id),
    findFirstHour(db, useCase.id, from),
  ]);
  const days = Math.max(1, first ? Math.ceil((now.getTime() - first.getTime()) / DAY_MS) : 1);
  if (!policy) return { ...window, days, ...NOTHING };
  const effective = effectiveDocument(policy.document, floor?.document ?? null);
  const [cells, facts, recorded] = await Promise.all([
    readCells(db, useCase.id, { from, to }),
    readFacts(db, useCase.id, { from, to }),
    readRecordedDocuments(db, useCase.id, floor?.document ?? null),
  ]);
  const result = measureSpared({
    cells,
    facts,
    policy: compile(effective),
    others: terms.filter((one) => !chain.some(({ id }) => id === one.id)),
    candidate: { useCase: useCase.slug, controls, scope },
    now,
    unrecorded: new Map(
      [...recorded].map(([number, document]) => [number, unrecordedControls(document, effective)]),
    ),
  });
  return { ...window, days: Math.min(days, PREVIEW_DAYS), ...result };
}

const NONE = { block: 0, require_approval: 0, redact: 0 };
const NOTHING = {
  decisions: 0,
  spared: 0,
  already: 0,
  unknown: 0,
  stops: NONE,
  wouldStop: NONE,
  byControl: [],
  byWorkload: [],
};

/** The first hour of the window that has decisions of the use case. */
async function findFirstHour(db: Db | Tx, useCaseId: string, from: Date): Promise<Date | null> {
  const [row] = await db.$queryRaw<{ first: Date | null }[]>`
    SELECT min("hour") AS "first" FROM "series_hour" WHERE "use_case_id" = ${useCaseId}::uuid AND "hour" >= ${from}`;
  return row?.first ?? null;
}

interface Window {
  from: Date;
  to: Date;
}

/** How many decisions there are of each fact under each policy version; the window is of whole hours. */
function readCells(db: Db | Tx, useCaseId: string, { from, to }: Window): Promise<SparedCell[]> {
  return db.$queryRaw<SparedCell[]>`
    SELECT encode("fact", 'hex') AS "fact", "policy_version" AS "version", sum("n")::float8 AS "n"
    FROM "decision_hour" WHERE "use_case_id" = ${useCaseId}::uuid AND "hour" >= ${from} AND "hour" < ${to}
    GROUP BY "decision_hour"."fact", "policy_version"`;
}

/** The facts of the decisions of a window, by digest. */
async function readFacts(db: Db | Tx, useCaseId: string, { from, to }: Window): Promise<Map<string, Facts>> {
  const rows = await db.$queryRaw<{ digest: string; facts: Facts }[]>`
    SELECT encode("digest", 'hex') AS "digest", "facts" FROM "fact"
    WHERE "use_case_id" = ${useCaseId}::uuid AND "digest" IN (
      SELECT "fact" FROM "decision_hour" WHERE "use_case_id" = ${useCaseId}::uuid AND "hour" >= ${from} AND "hour" < ${to})`;
  return new Map(rows.map(({ digest, facts }) => [digest, facts]));
}
