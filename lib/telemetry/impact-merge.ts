import type { CompiledPolicy } from "@/lib/policy/compile";
import type { PolicyDocument } from "@/lib/policy/document";
import type { PolicyExceptionTerms } from "@/lib/policy/exception";
import type { Facts } from "@/lib/policy/facts";
import { type Flip, type FlipCount, type ReplayResult, replay } from "@/lib/policy/replay";
import { OUTCOMES } from "@/lib/policy/vocabulary";
import type { Cell } from "./impact-read";

export interface ReplayPlan {
  cells: readonly Cell[];
  facts: ReadonlyMap<string, Facts>;
  before: CompiledPolicy;
  after: CompiledPolicy;
  exceptions: readonly PolicyExceptionTerms[];
  /** Documents of the policy versions, by number. */
  recorded: ReadonlyMap<number, PolicyDocument>;
}

/**
 * Replays the cells, together those whose recorded policies looked for the same custom phrases and patterns: what was
 * not looked for then cannot be known now. In the results, `byHour` is keyed by cell.
 */
export function replayByVersion({
  cells,
  facts,
  before,
  after,
  exceptions,
  recorded,
}: ReplayPlan): ReplayResult[] {
  const groups = new Map<string, { document: PolicyDocument; cells: Cell[] }>();
  for (const cell of cells) {
    const document = recorded.get(cell.version) ?? before.document;
    const sought = soughtIn(document);
    const group = groups.get(sought) ?? { document, cells: [] };
    group.cells.push(cell);
    groups.set(sought, group);
  }
  return [...groups.values()].map((group) =>
    replay({
      facts,
      cells: group.cells.map(({ key, fact, from, to, n }) => ({ fact, from, to, hour: key, n })),
      before,
      after,
      exceptions,
      recorded: group.document,
    }),
  );
}

/** One text for all documents that look for the same in content; a control that is off looks for nothing. */
function soughtIn(document: PolicyDocument): string {
  const sought = Object.entries(document.controls)
    .filter(([, { mode, phrases, patterns }]) => mode !== "off" && (phrases?.length || patterns?.length))
    .map(([id, { phrases = [], patterns = [] }]) => [id, [...phrases].sort(), [...patterns].sort()] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(sought);
}

/** The results of disjoint cells as one; every list sorted, so that equal results have equal text. */
export function mergeResults(results: readonly ReplayResult[]): Omit<ReplayResult, "examples"> {
  const sum = (pick: (result: ReplayResult) => number) =>
    results.reduce((total, result) => total + pick(result), 0);
  const counts = (pick: (result: ReplayResult) => readonly FlipCount[]) => mergeCounts(results.flatMap(pick));
  return {
    total: sum(({ total }) => total),
    same: sum(({ same }) => same),
    stricter: sum(({ stricter }) => stricter),
    looser: sum(({ looser }) => looser),
    flips: mergeFlips(results.flatMap(({ flips }) => flips)),
    byControl: counts(({ byControl }) => byControl),
    byWorkload: counts(({ byWorkload }) => byWorkload),
    byHour: counts(({ byHour }) => byHour),
    byTool: counts(({ byTool }) => byTool),
    byModel: counts(({ byModel }) => byModel),
    notReplayable: mergeReasons(results.flatMap(({ notReplayable }) => notReplayable)),
  };
}

function mergeCounts(counts: readonly FlipCount[]): FlipCount[] {
  const byKey = new Map<string, FlipCount>();
  for (const { key, stricter, looser } of counts) {
    const known = byKey.get(key) ?? { key, stricter: 0, looser: 0 };
    byKey.set(key, { key, stricter: known.stricter + stricter, looser: known.looser + looser });
  }
  return [...byKey.values()].sort(
    (a, b) => b.stricter + b.looser - (a.stricter + a.looser) || (a.key < b.key ? -1 : 1),
  );
}

function mergeFlips(flips: readonly Flip[]): Flip[] {
  const byKind = new Map<string, Flip>();
  for (const flip of flips) {
    const kind = `${flip.from}>${flip.to}`;
    byKind.set(kind, { ...flip, n: flip.n + (byKind.get(kind)?.n ?? 0) });
  }
  const rank = ({ from, to }: Flip) => OUTCOMES.indexOf(to) * OUTCOMES.length - OUTCOMES.indexOf(from);
  return [...byKind.values()].sort((a, b) => rank(b) - rank(a));
}

function mergeReasons(reasons: ReplayResult["notReplayable"]): ReplayResult["notReplayable"] {
  const byReason = new Map<ReplayResult["notReplayable"][number]["reason"], number>();
  for (const { reason, n } of reasons) byReason.set(reason, n + (byReason.get(reason) ?? 0));
  return [...byReason].map(([reason, n]) => ({ reason, n }));
}
