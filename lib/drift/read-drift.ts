import type { PersonActor } from "@/lib/access/context";
import type { Relation } from "@/lib/access/permissions";
import type { Db, Prisma, Tx } from "@/lib/db/prisma";
import { TERMS, toTerms } from "@/lib/exceptions/terms";
import type { PolicyDocument } from "@/lib/policy/document";
import type { PolicyExceptionTerms } from "@/lib/policy/exception";
import { effectiveDocument } from "@/lib/policy/lattice";
import { findFloor, parseDocument } from "@/lib/use-cases/policy-in-force";
import { relationIn, USE_CASE_REF } from "@/lib/use-cases/refs";
import { countFacts, type DriftWindow, seeFacts } from "./count-facts";
import { type DriftState, driftState } from "./lifecycle";
import { factKey, readFacts } from "./read-facts";
import { type DriftDimension, type DriftValue, departuresOf, foldDrift, keyOf, notBaselined } from "./rules";

const HOUR_MS = 3_600_000;

const WATCHED = {
  select: {
    ...USE_CASE_REF.select,
    dataClass: true,
    riskOwnerId: true,
    members: { select: { personId: true } },
    versions: { select: { document: true }, orderBy: { number: "desc" }, take: 1 },
  },
} as const satisfies Prisma.UseCaseDefaultArgs;

type WatchedRow = Prisma.UseCaseGetPayload<typeof WATCHED>;

/** A use case with what is declared of it: the policy in force, the floor joined. */
export interface Watched {
  useCase: WatchedRow;
  effective: PolicyDocument;
  floor: PolicyDocument | null;
}

/** A drifting value with its newest incident and where it stands. */
export interface DriftStanding extends DriftValue {
  incident: { ref: number; status: "open" | "closed"; closedAt: Date | null } | null;
  seenAgain: boolean;
  state: DriftState;
}

export interface UseCaseDrift extends Watched {
  values: DriftStanding[];
  notBaselined: DriftDimension[];
}

/** How a person stands to a watched use case. */
export function standingOf(viewer: PersonActor, { useCase }: Watched): Relation {
  return relationIn(useCase, viewer.id);
}

/** The use cases with a policy, by slug, with what each declares at `now`. */
export async function readWatched(
  db: Db | Tx,
  where: Prisma.UseCaseWhereInput,
  now: Date,
): Promise<Watched[]> {
  const useCases = await db.useCase.findMany({ where, orderBy: { slug: "asc" }, ...WATCHED });
  const classes = [...new Set(useCases.map(({ dataClass }) => dataClass))];
  const floors = new Map<string, PolicyDocument | null>();
  for (const dataClass of classes)
    floors.set(dataClass, (await findFloor(db, dataClass, now))?.document ?? null);
  return useCases.flatMap((useCase): Watched[] => {
    const version = useCase.versions[0];
    if (!version) return [];
    const floor = floors.get(useCase.dataClass) ?? null;
    return [{ useCase, floor, effective: effectiveDocument(parseDocument(version.document), floor) }];
  });
}

/**
 * What each use case's traffic showed in a window that its policy does not declare. All facts are looked at (there are
 * thousands, however much traffic), the hours of those only that depart. With `seen`, `n` counts distinct facts and not
 * decisions, which spares reading but the newest hour of each.
 */
export async function readDrift(
  db: Db | Tx,
  watched: readonly Watched[],
  window: DriftWindow,
  now: Date,
  how: "counted" | "seen" = "counted",
): Promise<UseCaseDrift[]> {
  if (watched.length === 0) return [];
  const ids = watched.map(({ useCase }) => useCase.id);
  const facts = await readFacts(db, ids);
  const exceptions = await readExceptions(db, ids);
  const incidents = await readIncidents(db, ids);
  const departing = watched.flatMap(({ useCase, effective }) =>
    (facts.get(useCase.id) ?? []).filter((one) => departuresOf(one.facts, effective.baseline).length > 0),
  );
  const read = how === "counted" ? countFacts : seeFacts;
  const counted = departing.length > 0 ? await read(db, departing, window) : [];
  const counts = new Map(counted.map((row) => [factKey(row), row]));
  const drifts: UseCaseDrift[] = [];
  for (const one of watched) {
    const { id } = one.useCase;
    const { baseline } = one.effective;
    const all = facts.get(id) ?? [];
    const met = all.flatMap((fact) => {
      const count = counts.get(factKey(fact));
      if (!count) return [];
      const { n, last } = count;
      return [{ ...fact, n, last, first: firstOf(fact.first, count.first) }];
    });
    const values: DriftStanding[] = [];
    for (const value of foldDrift(met, baseline, exceptions.get(id) ?? [], now)) {
      values.push(await standValue(db, id, value, incidents.get(`${id} ${keyOf(value)}`) ?? null));
    }
    drifts.push({ ...one, values, notBaselined: notBaselined(all, baseline) });
  }
  return drifts;
}

/** What is told late may have been met in an hour before the one that first told of it. */
function firstOf(told: Date, hour: Date): Date {
  return hour.getTime() + HOUR_MS <= told.getTime() ? hour : told;
}

async function readExceptions(
  db: Db | Tx,
  useCaseIds: readonly string[],
): Promise<Map<string, PolicyExceptionTerms[]>> {
  const rows = await db.policyException.findMany({
    where: { useCaseId: { in: [...useCaseIds] }, status: "approved" },
    ...TERMS,
  });
  const byUseCase = Map.groupBy(rows, ({ useCaseId }) => useCaseId);
  return new Map([...byUseCase].map(([id, some]) => [id, some.flatMap((row) => toTerms(row) ?? [])]));
}

/** The newest incident of each value, by use case and key. */
async function readIncidents(
  db: Db | Tx,
  useCaseIds: readonly string[],
): Promise<Map<string, NonNullable<DriftStanding["incident"]>>> {
  const rows = await db.incident.findMany({
    where: { useCaseId: { in: [...useCaseIds] } },
    select: { ref: true, useCaseId: true, dimension: true, value: true, status: true, closedAt: true },
    orderBy: { ref: "asc" },
  });
  return new Map(
    rows.map(({ useCaseId, dimension, value, ...incident }) => [
      `${useCaseId} ${dimension}:${value}`,
      incident,
    ]),
  );
}

async function standValue(
  db: Db | Tx,
  useCaseId: string,
  value: DriftValue,
  incident: DriftStanding["incident"],
): Promise<DriftStanding> {
  const closedAt = incident?.closedAt ?? null;
  const seenAgain = closedAt !== null && (await wasMetAfter(db, useCaseId, value, closedAt));
  const isCovered = value.covered === value.n;
  return {
    ...value,
    incident,
    seenAgain,
    state: driftState({ incident: incident?.status ?? null, seenAgain, isCovered }),
  };
}

/** Hours answer it, but for the one in which the instant falls: that one is looked up decision by decision. */
async function wasMetAfter(
  db: Db | Tx,
  useCaseId: string,
  { facts, last }: DriftValue,
  at: Date,
): Promise<boolean> {
  if (last >= at) return true;
  const end = new Date(last.getTime() + HOUR_MS);
  if (end <= at) return false;
  const rows = await db.$queryRaw<{ met: boolean }[]>`
    SELECT EXISTS (SELECT FROM "decision" WHERE "use_case_id" = ${useCaseId}::uuid AND "decided_at" > ${at}
      AND "decided_at" < ${end} AND "fact" = ANY(SELECT decode(f, 'hex') FROM unnest(${facts}::text[]) AS f)) AS "met"`;
  return rows[0]?.met ?? false;
}
