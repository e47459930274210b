import type { Db, Tx } from "@/lib/db/prisma";
import type { CompiledPolicy } from "@/lib/policy/compile";
import type { PolicyDocument } from "@/lib/policy/document";
import { steadiness } from "@/lib/policy/replay/steady";
import { decidedTogether } from "@/lib/policy/replay/together";
import { listGapHours } from "./get-series";
import { cutCells, flipsByHour, partCells, steadyCells, waysOf } from "./impact-cells";
import { findExamples } from "./impact-examples";
import { mergeResults, replayByVersion } from "./impact-merge";
import {
  readCutHours,
  readFacts,
  readFlips,
  readParts,
  readRecordedDocuments,
  readTotals,
  spanOf,
} from "./impact-read";
import { loadTerms } from "./load-terms";
import { ceilHour, floorHour, HOUR_MS } from "./rules";
import { turningPoints } from "./turning-points";
import type { ImpactNewBlocks, ImpactView } from "./views";

export interface WindowInput {
  useCaseId: string;
  /** Both as they would be in force: with their floor joined. */
  before: CompiledPolicy;
  after: CompiledPolicy;
  /** The floor under which the traffic was recorded. */
  floor: PolicyDocument | null;
  from: Date;
  to: Date;
}

export type WindowImpact = Omit<ImpactView, "schema" | "useCase" | "floorDigest"> &
  Required<Pick<ImpactView, "newBlocks" | "gaps">>;

/** What is asked in `measureImpact`, of two effective policies of one use case. */
export async function measureWindow(db: Db | Tx, input: WindowInput): Promise<WindowImpact> {
  const { useCaseId, before, floor, from, to } = input;
  const exceptions = await loadTerms(db, useCaseId);
  const span = spanOf(useCaseId, from, to, turningPoints(exceptions, from, to));
  const totals = await readTotals(db, span);
  const { rows, lost } = await readCutHours(db, span);
  const digests = [...totals, ...rows].map(({ fact }) => fact);
  const facts = await readFacts(db, useCaseId, digests);
  const recorded = await readRecordedDocuments(db, useCaseId, floor);
  const after = decidedTogether(before, input.after);
  const turning = exceptions.filter((terms) => turningPoints([terms], from, to).length > 0);
  const isSteady = steadiness({ before, after, turning, recorded: recorded.values() });
  const turns = new Set([...facts].filter(([key, fact]) => !isSteady(fact, key)).map(([key]) => key));
  const steady = totals.filter(({ fact }) => !turns.has(fact));
  const cut = cutCells(rows, span);
  const cells = [
    ...steadyCells(steady, span),
    ...partCells(await readParts(db, span, [...turns]), span),
    ...cut,
  ];
  const replayed = replayByVersion({ cells, facts, before, after, exceptions, recorded, lapseAt: to });
  const result = mergeResults(replayed);
  const flipped = result.byHour;
  const counted = await readFlips(db, span, waysOf(totals, flipped, span));
  const notReplayable = [
    ...result.notReplayable,
    ...(lost > 0 ? [{ reason: "rows_not_kept", n: lost }] : []),
  ];
  const unknown = notReplayable.reduce((sum, { n }) => sum + n, 0);
  return {
    from: from.toISOString(),
    to: to.toISOString(),
    beforeDigest: before.digest,
    afterDigest: after.digest,
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
    byHour: flipsByHour(flipped, cut, counted),
    examples: await findExamples(db, { useCaseId, flipped, cells, facts, before, after, exceptions }),
    notReplayable: notReplayable.sort((a, b) => (a.reason < b.reason ? -1 : 1)),
    newBlocks: newBlocksOf(result, to),
    gaps: stretches(await listGapHours(db, { from: ceilHour(from), to: floorHour(to) })),
  };
}

function newBlocksOf({ despite, lapses }: ReturnType<typeof mergeResults>, at: Date): ImpactNewBlocks {
  const { n, byException, unknown } = lapses;
  const rows = byException.map((row) => ({ ...row, until: new Date(row.until).toISOString() }));
  return { despite, onLapse: { at: at.toISOString(), n, byException: rows, unknown } };
}

/** Hours, in order, as stretches of hours that follow upon each other. */
function stretches(hours: readonly Date[]): { from: string; to: string }[] {
  const found: { from: string; to: string }[] = [];
  for (const hour of hours) {
    const [start, end] = [hour.toISOString(), new Date(hour.getTime() + HOUR_MS).toISOString()];
    const last = found.at(-1);
    if (last?.to === start) last.to = end;
    else found.push({ from: start, to: end });
  }
  return found;
}
