import type { Db, Tx } from "@/lib/db/prisma";
import { type CompiledPolicy, compile } from "@/lib/policy/compile";
import { documentDigest } from "@/lib/policy/digest";
import type { PolicyDocument } from "@/lib/policy/document";
import { compare, effectiveDocument } from "@/lib/policy/lattice";
import type { DataClass } from "@/lib/policy/vocabulary";
import { parseDocument } from "@/lib/use-cases/policy-in-force";
import { mergeFlips, mergeReasons } from "./impact-merge";
import { measureWindow } from "./impact-window";
import { floorHour } from "./rules";
import type { FloorImpactUseCase, FloorImpactView, ImpactTotals } from "./views";

const EXAMPLES = 3;

export interface FloorImpactInput {
  dataClass: DataClass;
  /** The floor in force; null when there is none. */
  before: PolicyDocument | null;
  after: PolicyDocument;
  from: Date;
  to: Date;
}

/**
 * What a change of a floor would have done to the recorded traffic of a window [from, to), for each use case of the data
 * class and in sum: its policy in force at the window's end, joined with the floor before and after, replayed like the
 * impact of a change. One use case after the other, so that the memory is that of the busiest.
 */
export async function measureFloorImpact(db: Db | Tx, input: FloorImpactInput): Promise<FloorImpactView> {
  const { dataClass, before, after, from, to } = input;
  const governed = await listGoverned(db, dataClass, to);
  const busy = await findBusy(db, governed, from, to);
  const compiled = rememberer();
  const useCases: FloorImpactUseCase[] = [];
  for (const useCase of governed)
    useCases.push(
      busy.has(useCase.id)
        ? await measureUseCase(db, useCase, input, compiled)
        : withoutTraffic(useCase, input),
    );
  const flipped = ({ stricter, looser }: ImpactTotals) => stricter + looser;
  return {
    schema: "sluice.floor-impact/v1",
    dataClass,
    from: from.toISOString(),
    to: to.toISOString(),
    beforeDigest: before && documentDigest(before),
    afterDigest: documentDigest(after),
    useCases: useCases.sort((a, b) => flipped(b) - flipped(a) || (a.useCase < b.useCase ? -1 : 1)),
    sum: sumOf(useCases),
  };
}

interface Governed {
  id: string;
  slug: string;
  document: PolicyDocument;
}

/** The use cases of a data class with their policy in force at an instant; one without a policy is left out. */
async function listGoverned(db: Db | Tx, dataClass: DataClass, at: Date): Promise<Governed[]> {
  const rows = await db.useCase.findMany({
    where: { dataClass },
    select: {
      id: true,
      slug: true,
      versions: {
        where: { effectiveFrom: { lte: at } },
        orderBy: { number: "desc" },
        take: 1,
        select: { document: true },
      },
    },
    orderBy: { slug: "asc" },
  });
  return rows.flatMap(({ id, slug, versions: [version] }) =>
    version ? [{ id, slug, document: parseDocument(version.document) }] : [],
  );
}

/** Those of the use cases that have any decision in the hours that the window meets. */
async function findBusy(
  db: Db | Tx,
  governed: readonly Governed[],
  from: Date,
  to: Date,
): Promise<Set<string>> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT u::text AS "id" FROM unnest(${governed.map(({ id }) => id)}::uuid[]) AS u
    WHERE EXISTS (SELECT FROM "decision_hour"
      WHERE "use_case_id" = u AND "hour" >= ${floorHour(from)} AND "hour" < ${to})`;
  return new Set(rows.map(({ id }) => id));
}

/** Use cases that started from one template often have one policy: it is compiled once. */
function rememberer(): (document: PolicyDocument) => CompiledPolicy {
  const known = new Map<string, CompiledPolicy>();
  return (document) => {
    const digest = documentDigest(document);
    const policy = known.get(digest) ?? compile(document);
    known.set(digest, policy);
    return policy;
  };
}

function withoutTraffic({ slug, document }: Governed, input: FloorImpactInput): FloorImpactUseCase {
  const [was, is] = [effectiveDocument(document, input.before), effectiveDocument(document, input.after)];
  return {
    useCase: slug,
    direction: compare(was, is).direction,
    beforeDigest: documentDigest(was),
    afterDigest: documentDigest(is),
    ...sumOf([]),
    byControl: [],
    examples: [],
  };
}

async function measureUseCase(
  db: Db | Tx,
  { id, slug, document }: Governed,
  { before: floor, after, from, to }: FloorImpactInput,
  compiled: (document: PolicyDocument) => CompiledPolicy,
): Promise<FloorImpactUseCase> {
  const [was, is] = [effectiveDocument(document, floor), effectiveDocument(document, after)];
  const found = await measureWindow(db, {
    useCaseId: id,
    before: compiled(was),
    after: compiled(is),
    floor,
    from,
    to,
  });
  const { beforeDigest, afterDigest, decisions, replayed, same, stricter, looser, flips, byControl } = found;
  return {
    useCase: slug,
    direction: compare(was, is).direction,
    beforeDigest,
    afterDigest,
    decisions,
    replayed,
    same,
    stricter,
    looser,
    flips,
    byControl,
    examples: found.examples.slice(0, EXAMPLES),
    notReplayable: found.notReplayable,
    newBlocks: { despite: found.newBlocks.despite.n, onLapse: found.newBlocks.onLapse.n },
  };
}

function sumOf(all: readonly ImpactTotals[]): ImpactTotals {
  const sum = (pick: (one: ImpactTotals) => number) => all.reduce((total, one) => total + pick(one), 0);
  return {
    decisions: sum(({ decisions }) => decisions),
    replayed: sum(({ replayed }) => replayed),
    same: sum(({ same }) => same),
    stricter: sum(({ stricter }) => stricter),
    looser: sum(({ looser }) => looser),
    flips: mergeFlips(all.flatMap(({ flips }) => flips)),
    notReplayable: mergeReasons(all.flatMap(({ notReplayable }) => notReplayable)),
    newBlocks: {
      despite: sum(({ newBlocks }) => newBlocks.despite),
      onLapse: sum(({ newBlocks }) => newBlocks.onLapse),
    },
  };
}
