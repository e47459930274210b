import { type Ctx, type PersonActor, requirePermission } from "@/lib/access/context";
import { can, type Permission } from "@/lib/access/permissions";
import { cutPage, decodeCursor } from "@/lib/db/keyset";
import type { Prisma } from "@/lib/db/prisma";
import { getControl } from "@/lib/policy/catalogue";
import type { Page } from "@/lib/schema";
import { getUseCaseRef } from "@/lib/telemetry/scope";
import { toUseCaseRef } from "@/lib/use-cases/refs";
import { findWindow } from "./count-facts";
import { DRIFT_STATES } from "./lifecycle";
import {
  type DriftStanding,
  readDrift,
  readWatched,
  standingOf,
  type UseCaseDrift,
  type Watched,
} from "./read-drift";
import { getIncidentRow, INCIDENT, refOf, toIncidentView } from "./row";
import { DIMENSIONS, keyOf, lastSeenOf } from "./rules";
import type { DriftFilter, ListDriftInput, ListIncidentsInput } from "./schema";
import {
  DRIFT_ANSWERS,
  type DriftAnswer,
  type DriftListView,
  type DriftRow,
  type IncidentView,
} from "./views";

/** What traffic showed and no policy declares: the queue, or what stands in another state; most decisions first. */
export async function listDrift(ctx: Ctx, input: ListDriftInput): Promise<DriftListView> {
  const after = decodeCursor(input.cursor, "string");
  const { rows, drifts, from } = await findDrift(ctx, input);
  const inState = rows.filter(({ state }) => state === input.state);
  const start = after === undefined ? 0 : inState.findIndex((row) => placeOf(row) > after);
  const rest = start < 0 ? [] : inState.slice(start, start + input.limit + 1);
  return {
    ...cutPage(rest, input.limit, placeOf),
    total: inState.length,
    from: from.toISOString(),
    to: ctx.now.toISOString(),
    counts: Object.fromEntries(
      DRIFT_STATES.map((state) => [state, rows.filter((row) => row.state === state).length]),
    ) as DriftListView["counts"],
    notBaselined: drifts
      .filter(({ notBaselined }) => notBaselined.length > 0)
      .map(({ useCase, notBaselined }) => ({ useCase: toUseCaseRef(useCase), dimensions: notBaselined })),
  };
}

/** Every row of a filter but its state, most decisions first. */
export async function findDrift(ctx: Ctx, { useCase, dimension, days }: DriftFilter) {
  const viewer = requirePermission(ctx, "telemetry:read");
  if (useCase) await getUseCaseRef(ctx.db, useCase);
  const window = await findWindow(ctx.db, days, ctx.now);
  const watched = await readWatched(ctx.db, useCase ? { slug: useCase } : {}, ctx.now);
  const drifts = await readDrift(ctx.db, watched, window, ctx.now);
  const rows = drifts
    .flatMap((drift) => drift.values.map((value) => toRow(drift, value, viewer)))
    .filter((row) => dimension === undefined || row.dimension === dimension)
    .sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
  return { rows, drifts, from: window.from };
}

/** Sorts rows as text: most decisions first, then by name. */
function placeOf({ n, key }: DriftRow): string {
  return `${String(Number.MAX_SAFE_INTEGER - n).padStart(16, "0")} ${key}`;
}

/** Incidents, newest first, a page at a time. */
export async function listIncidents(ctx: Ctx, input: ListIncidentsInput): Promise<Page<IncidentView>> {
  const viewer = requirePermission(ctx, "telemetry:read");
  const before = decodeCursor(input.cursor, "number");
  const filter: Prisma.IncidentWhereInput = {
    AND: [
      input.status ? { status: input.status } : {},
      input.useCase ? { useCase: { slug: input.useCase } } : {},
    ],
  };
  const [rows, total] = await Promise.all([
    ctx.db.incident.findMany({
      where: { AND: [filter, before === undefined ? {} : { ref: { lt: before } }] },
      orderBy: { ref: "desc" },
      take: input.limit + 1,
      ...INCIDENT,
    }),
    ctx.db.incident.count({ where: filter }),
  ]);
  const { items, nextCursor } = cutPage(rows, input.limit, ({ ref }) => ref);
  return { items: items.map((row) => toIncidentView(row, viewer)), total, nextCursor };
}

/** One incident by id or reference; `not_found` when there is none. */
export async function getIncident(ctx: Ctx, { id }: { id: string }): Promise<IncidentView> {
  const viewer = requirePermission(ctx, "telemetry:read");
  return toIncidentView(await getIncidentRow(ctx.db, id), viewer);
}

const PERMISSION_OF = {
  declare: "change:create",
  except: "exception:create",
  mark: "drift:mark",
} as const satisfies Record<DriftAnswer, Permission>;

const WHO = {
  declare: "The owners of the use case and security leads propose a change.",
  except: "The owners of the use case ask for an exception.",
  mark: "The owners of the use case and security leads mark an incident.",
} as const satisfies Record<DriftAnswer, string>;

function answersOf(viewer: PersonActor, drift: Watched, value: DriftStanding, floorBars: boolean) {
  return DRIFT_ANSWERS.map((name) => {
    const may = can(viewer, PERMISSION_OF[name], standingOf(viewer, drift));
    const why = may ? barOf(name, value, floorBars) : WHO[name];
    return { name, allowed: why === null, why };
  });
}

function barOf(answer: DriftAnswer, { state }: DriftStanding, floorBars: boolean): string | null {
  if (answer === "declare" && floorBars) {
    return "The organisation's floor excludes it: to declare it here would change nothing.";
  }
  if (answer === "mark" && state === "incident") return "It is an open incident already.";
  if (answer === "mark" && state === "closed") return "It was not seen since its incident was closed.";
  return null;
}

function toRow(drift: UseCaseDrift, value: DriftStanding, viewer: PersonActor): DriftRow {
  const floorBars =
    drift.floor !== null && !DIMENSIONS[value.dimension].admits(drift.floor.baseline, value.value);
  return {
    key: `${drift.useCase.slug} ${keyOf(value)}`,
    useCase: toUseCaseRef(drift.useCase),
    dimension: value.dimension,
    value: value.value,
    controls: value.controls.map((id) => ({ id, title: getControl(id)?.title ?? id })),
    n: value.n,
    covered: value.covered,
    exceptions: value.exceptions.map(({ ref, expiresAt }) => ({ ref, expiresAt: expiresAt.toISOString() })),
    firstSeenAt: value.first.toISOString(),
    lastSeenAt: lastSeenOf(value).toISOString(),
    workloads: value.workloads,
    state: value.state,
    incident: value.incident && {
      ref: refOf(value.incident),
      status: value.incident.status,
      closedAt: value.incident.closedAt?.toISOString() ?? null,
    },
    seenAgain: value.seenAgain,
    floorBars,
    answers: answersOf(viewer, drift, value, floorBars),
  };
}
