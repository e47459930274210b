import { type Ctx, requirePermission } from "@/lib/access/context";
import type { Db } from "@/lib/db/prisma";
import { chainSince } from "@/lib/exceptions/rules";
import { isInForce } from "@/lib/policy/exception";
import { readProcess } from "@/lib/process/read-process";
import { readControls, topRows } from "./get-breakdown";
import { listGapHours, toSeriesView } from "./get-series";
import { toOverviewQueue } from "./overview-queue";
import { readHealth } from "./read-health";
import { readLadder } from "./read-ladder";
import { readOutcomes } from "./read-outcomes";
import { readQueue } from "./read-queue";
import { DAY_MS, wholeHours } from "./rules";
import type { BreakdownView, OverviewView } from "./views";

const QUEUE_LIMIT = 20;
const HOURLY_UP_TO_DAYS = 4;
const AGES = [
  { label: "under 7 days", minDays: 0, maxDays: 7 },
  { label: "7 to 29 days", minDays: 7, maxDays: 30 },
  { label: "30 to 89 days", minDays: 30, maxDays: 90 },
  { label: "90 days and more", minDays: 90, maxDays: null },
] as const;

/**
 * What needs this person, and are we safer than before: the first page. Decisions come from the coarse hours of the
 * window, which is widened to whole hours, and of the same length of time just before it.
 */
export async function getOverview(ctx: Ctx, input: { from: Date; to: Date }): Promise<OverviewView> {
  const person = requirePermission(ctx, "telemetry:read");
  const window = wholeHours(input.from, input.to, ctx.now);
  const length = window.to.getTime() - window.from.getTime();
  const before = { from: new Date(window.from.getTime() - length), to: window.from };
  const bucket = length > HOURLY_UP_TO_DAYS * DAY_MS ? "day" : "hour";
  const [queue, ladder, outcomes, gaps, topWouldBlocks, exceptions, health, process] = await Promise.all([
    readQueue(ctx.db, person, ctx.now).then(toOverviewQueue),
    readLadder(ctx.db),
    readOutcomes(ctx.db, before, window, bucket),
    listGapHours(ctx.db, window),
    readWouldBlocks(ctx.db, window),
    readAges(ctx.db, ctx.now),
    readHealth(ctx.db, ctx.now),
    readProcess(ctx.db, ctx.now),
  ]);
  const { cells, now, previous } = outcomes;
  const series = toSeriesView({ window, bucket, by: "outcome", useCase: null }, cells, gaps);
  return {
    from: window.from.toISOString(),
    to: window.to.toISOString(),
    queue: queue.slice(0, QUEUE_LIMIT),
    queueOf: queue.length,
    ...ladder,
    series,
    previous: { from: before.from.toISOString(), to: before.to.toISOString(), ...previous },
    wouldBlock: now.wouldBlock,
    topWouldBlocks,
    ...exceptions,
    process,
    health: { ...health, gapHours: series.gapHours, hours: series.hours },
  };
}

async function readWouldBlocks(db: Db, window: { from: Date; to: Date }): Promise<BreakdownView> {
  return {
    dimension: "control",
    from: window.from.toISOString(),
    to: window.to.toISOString(),
    useCase: null,
    partsBy: "effect",
    ...topRows(await readControls(db, null, window, ["would_block"]), 10),
  };
}

/** Exceptions in force by age in days; a renewal counts from the first of its chain, as in the register. */
async function readAges(
  db: Db,
  now: Date,
): Promise<Pick<OverviewView, "exceptionsByAge" | "exceptionsInForce">> {
  const approved = await db.policyException.findMany({
    where: { status: "approved", startsAt: { lte: now }, expiresAt: { gt: now }, decidedAt: { not: null } },
    select: {
      startsAt: true,
      expiresAt: true,
      reviewAt: true,
      reviewedAt: true,
      endedAt: true,
      decidedAt: true,
      root: { select: { startsAt: true, decidedAt: true } },
    },
  });
  const ages = approved.flatMap(({ decidedAt, root, ...terms }) => {
    const approvedAt = decidedAt ?? now;
    const asked = {
      id: "",
      ref: "",
      useCase: "",
      controls: [],
      scope: {},
      riskOwner: "",
      ...terms,
      approvedAt,
    };
    const since = chainSince(root ?? { startsAt: terms.startsAt, decidedAt });
    return isInForce(asked, now) ? [Math.floor((now.getTime() - since.getTime()) / DAY_MS)] : [];
  });
  return {
    exceptionsByAge: AGES.map((age) => ({
      ...age,
      n: ages.filter((days) => days >= age.minDays && (age.maxDays === null || days < age.maxDays)).length,
    })),
    exceptionsInForce: ages.length,
  };
}
