import type { Db, Tx } from "@/lib/db/prisma";
import { compile } from "@/lib/policy/compile";
import type { PolicyDocument } from "@/lib/policy/document";
import { effectiveDocument } from "@/lib/policy/lattice";
import { findExamples } from "./impact-examples";
import { sumByHour } from "./impact-hours";
import { mergeResults, replayByVersion } from "./impact-merge";
import { readCells, readFacts, readRecordedDocuments } from "./impact-read";
import { loadTerms } from "./load-terms";
import { findFloorOf } from "./policy-in-force";
import { turningPoints } from "./turning-points";
import type { ImpactView } from "./views";

export interface ImpactInput {
  useCaseId: string;
  before: PolicyDocument;
  after: PolicyDocument;
  from: Date;
  to: Date;
}

/**
 * What a change would have done to the recorded traffic of a window [from, to): both documents, each joined with the
 * floor in force at its end, replayed over every recorded decision with the exceptions that were in force at its instant. Each distinct
 * fact is evaluated once per set of exceptions, so the cost does not grow with the traffic. Hours in which an exception
 * begins or ends, and hours cut by the window, are read decision by decision; all others from the hours by fact.
 */
export async function measureImpact(db: Db | Tx, input: ImpactInput): Promise<ImpactView> {
  const { useCaseId, from, to } = input;
  const useCase = await db.useCase.findUniqueOrThrow({ where: { id: useCaseId }, select: { slug: true } });
  const floor = await findFloorOf(db, useCaseId, to);
  const before = compile(effectiveDocument(input.before, floor?.document ?? null));
  const after = compile(effectiveDocument(input.after, floor?.document ?? null));
  const exceptions = await loadTerms(db, useCaseId);
  const turns = turningPoints(exceptions, from, to);
  const { cells, lost, cut } = await readCells(db, { useCaseId, from, to, turns });
  const facts = await readFacts(db, useCaseId, cells);
  const recorded = await readRecordedDocuments(db, useCaseId, floor?.document ?? null);
  const replayed = replayByVersion({ cells, facts, before, after, exceptions, recorded });
  const result = mergeResults(replayed);
  const flipped = result.byHour;
  const notReplayable = [
    ...result.notReplayable,
    ...(lost > 0 ? [{ reason: "rows_not_kept", n: lost }] : []),
  ];
  const unknown = notReplayable.reduce((sum, { n }) => sum + n, 0);
  return {
    schema: "sluice.impact/v1",
    useCase: useCase.slug,
    from: from.toISOString(),
    to: to.toISOString(),
    beforeDigest: before.digest,
    afterDigest: after.digest,
    floorDigest: floor?.digest ?? null,
    decisions: result.total + lost,
    replayed: result.total + lost - unknown,
    same: result.same,
    stricter: result.stricter,
    looser: result.looser,
    flips: result.flips,
    byControl: result.byControl,
    byWorkload: result.byWorkload,
    byTool: result.byTool,
    byModel: result.byModel,
    byHour: await sumByHour(db, { useCaseId, flipped, cells, cut }),
    examples: await findExamples(db, { useCaseId, flipped, cells, facts, before, after, exceptions }),
    notReplayable: notReplayable.sort((a, b) => (a.reason < b.reason ? -1 : 1)),
  };
}
