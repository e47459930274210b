import { type Ctx, requirePermission } from "@/lib/access/context";
import { SUBMITTED_STATUSES } from "@/lib/changes/lifecycle";
import type { Db } from "@/lib/db/prisma";
import { CANARY } from "@/lib/policy/evaluate";
import { getStanding, toUseCaseRef, USE_CASE_REF, type UseCaseStanding } from "@/lib/use-cases/refs";
import type { UseCaseRef } from "@/lib/use-cases/views";
import { estimatesOf, type RulingEstimate } from "./estimates";
import { readStanding, type Standing } from "./finding-standing";
import { whyNotRule } from "./may";
import { type Asked, readQueueFindings } from "./queue-findings";
import { estimateFalsePositives, rulingWindow, type Verdicts } from "./rules";
import { drawSample, type SampledStratum, sampleTarget } from "./sample";
import type { QueueInput } from "./schema";
import type { ControlProgress, RulingQueueView } from "./views";

/** How many findings the queue hands out at once: enough that the next one is there when one is ruled. */
export const HANDED_OUT = 20;

/** What is looked at first: what acts, or would. */
const URGENCY = [
  "blocked",
  "would_block",
  "needs_approval",
  "would_require_approval",
  "redacted",
  "would_redact",
];

/**
 * The findings of one use case that await a ruling: the random sample of the last days less what was ruled from it, in
 * the order of the draw, one of each control and level after the other. What was ruled by who asks for an open change
 * does not count for it, and is asked again of others. Without a use case, that with the most findings; `not_found` for
 * one that there is not.
 */
export async function getRulingQueue(ctx: Ctx, input: QueueInput): Promise<RulingQueueView> {
  const viewer = requirePermission(ctx, "telemetry:read");
  const window = rulingWindow(ctx.now);
  const useCases = await readUseCases(ctx.db, window);
  const slug = input.useCase ?? useCases[0]?.slug;
  const base = { useCases, from: window.from.toISOString(), to: window.to.toISOString() };
  if (slug === undefined) {
    const mayRule = { allowed: false, why: "Nothing has fired in the window." };
    return { ...base, useCase: null, target: 0, mayRule, controls: [], items: [], awaiting: 0 };
  }
  const useCase = await getStanding(ctx.db, slug);
  const target = await sampleTarget(ctx.db, useCase.id, ctx.now);
  const sample = await drawSample(ctx.db, { useCaseId: useCase.id, ...window }, target);
  const standing = await readStanding(ctx.db, useCase.id, window);
  const others = (await readRequesters(ctx.db, useCase.id)).filter((id) => id !== viewer.id);
  const counted = others.length > 0 ? await readStanding(ctx.db, useCase.id, window, others) : standing;
  const kept = await keptMembers(ctx, useCase, sample, counted);
  const asked = kept.filter(({ control }) => input.control === undefined || control === input.control);
  const why = whyNotRule(viewer, useCase);
  return {
    ...base,
    useCase: toUseCaseRef(useCase),
    target,
    mayRule: { allowed: why === null, why },
    controls: await readProgress(ctx, useCase, { sample, standing, awaiting: kept }),
    items: await readQueueFindings(ctx, useCase, asked.slice(0, HANDED_OUT)),
    awaiting: asked.length,
  };
}

async function readUseCases(
  db: Db,
  { from, to }: { from: Date; to: Date },
): Promise<(UseCaseRef & { fired: number })[]> {
  const rows = await db.$queryRaw<{ id: string; fired: number }[]>`
    SELECT "use_case_id"::text AS "id", sum("n")::float8 AS "fired" FROM "control_hour"
    WHERE "hour" >= ${from} AND "hour" < ${to} AND "control" <> ${CANARY} GROUP BY 1`;
  const fired = new Map(rows.map((row) => [row.id, row.fired]));
  const useCases = await db.useCase.findMany({ where: { id: { in: [...fired.keys()] } }, ...USE_CASE_REF });
  return useCases
    .map((useCase) => ({ ...useCase, fired: fired.get(useCase.id) ?? 0 }))
    .sort((a, b) => b.fired - a.fired || (a.slug < b.slug ? -1 : 1));
}

/** Who asks for open changes of a use case that wait on its readiness. */
async function readRequesters(db: Db, useCaseId: string): Promise<string[]> {
  const rows = await db.changeRequest.findMany({
    where: {
      useCaseId,
      status: { in: [...SUBMITTED_STATUSES] },
      evidence: { path: ["readiness", "asked"], equals: true },
    },
    select: { requestedById: true },
  });
  return [...new Set(rows.flatMap(({ requestedById }) => requestedById ?? []))];
}

const urgencyOf = ({ effects }: SampledStratum) => {
  const at = URGENCY.findIndex((effect) => (effects[effect] ?? 0) > 0);
  return at === -1 ? URGENCY.length : at;
};

/** Members that were not ruled from the queue and are still recorded, in the order in which they are asked. */
async function keptMembers(
  ctx: Ctx,
  useCase: UseCaseStanding,
  sample: readonly SampledStratum[],
  standing: ReadonlyMap<string, Standing>,
): Promise<Asked[]> {
  const awaiting = sample.flatMap((stratum) =>
    stratum.members
      .filter(({ decisionId, control }) => !standing.get(`${decisionId} ${control}`)?.isSampled)
      .map((member) => ({
        ...member,
        of: stratum.members.length,
        urgency: urgencyOf(stratum),
      })),
  );
  const recorded = await ctx.db.$queryRaw<{ id: string }[]>`
    SELECT d."id"::text AS "id" FROM "decision" d
    JOIN unnest(${awaiting.map(({ decisionId }) => decisionId)}::uuid[], ${awaiting.map(({ decidedAt }) => decidedAt)}::timestamptz[]) AS a("id", "at")
      ON d."id" = a."id" AND d."decided_at" = a."at"
    WHERE d."use_case_id" = ${useCase.id}::uuid`;
  const ids = new Set(recorded.map(({ id }) => id));
  return awaiting
    .filter(({ decisionId }) => ids.has(decisionId))
    .sort(
      (a, b) =>
        a.rank - b.rank ||
        a.urgency - b.urgency ||
        compare(a.control, b.control) ||
        compare(a.level, b.level),
    );
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

interface Known {
  sample: readonly SampledStratum[];
  standing: ReadonlyMap<string, Standing>;
  awaiting: readonly Asked[];
}

async function readProgress(ctx: Ctx, useCase: UseCaseStanding, known: Known): Promise<ControlProgress[]> {
  const open = await ctx.db.appeal.groupBy({
    by: ["control"],
    where: { useCaseId: useCase.id, status: "open" },
    _count: true,
  });
  const appeals = new Map(open.map((row) => [row.control, row._count]));
  const estimates = Map.groupBy(estimatesOf(known.sample, known.standing), ({ control }) => control);
  const strata = Map.groupBy(known.sample, ({ control }) => control);
  return [...strata]
    .sort(([a, left], [b, right]) => urgency(left) - urgency(right) || compare(a, b))
    .map(([control, own]) => {
      const progress = toProgress(control, own, estimates.get(control) ?? [], known);
      return { ...progress, openAppeals: appeals.get(control) ?? 0 };
    });
}

const urgency = (strata: readonly SampledStratum[]) => Math.min(...strata.map(urgencyOf));

function toProgress(
  control: string,
  strata: readonly SampledStratum[],
  estimates: readonly RulingEstimate[],
  { standing, awaiting }: Known,
): Omit<ControlProgress, "openAppeals"> {
  const isRuled = (decisionId: string) => standing.get(`${decisionId} ${control}`)?.isSampled === true;
  const own = awaiting.filter((member) => member.control === control);
  const asked = strata.flatMap(({ members }) => members);
  const ruled = asked.filter(({ decisionId }) => isRuled(decisionId));
  const unruled = own.filter(({ decisionId }) => !isRuled(decisionId));
  const furthest = new Map(
    strata.map(({ level, members }) => [
      level,
      Math.max(0, ...members.filter(({ decisionId }) => isRuled(decisionId)).map(({ rank }) => rank)),
    ]),
  );
  return {
    control,
    fired: sum(strata.map(({ fired }) => fired)),
    asked: asked.length,
    ruled: ruled.length,
    passedOver: unruled.filter(({ level, rank }) => rank < (furthest.get(level) ?? 0)).length,
    gone: asked.length - ruled.length - unruled.length,
    strata: estimates.map(({ level, fired, asked: of, sampled }) => ({ level, fired, asked: of, sampled })),
    estimate: estimateFalsePositives(estimates),
    besides: besides(estimates),
  };
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, n) => total + n, 0);

function besides(estimates: readonly RulingEstimate[]): Verdicts {
  const of = (answer: keyof Verdicts) =>
    sum(estimates.map(({ all, sampled }) => all[answer] - sampled[answer]));
  return {
    true_positive: of("true_positive"),
    false_positive: of("false_positive"),
    unsure: of("unsure"),
  };
}
