import type { CompiledPolicy } from "@/lib/policy/compile";
import type { PolicyDocument } from "@/lib/policy/document";
import type { PolicyExceptionTerms } from "@/lib/policy/exception";
import type { Facts } from "@/lib/policy/facts";
import {
  type Despite,
  type Flip,
  type FlipCount,
  type Lapses,
  type ReplayResult,
  replay,
} from "@/lib/policy/replay";
import { mostFirst } from "@/lib/policy/replay/tally";
import { OUTCOMES } from "@/lib/policy/vocabulary";
import type { Cell } from "./impact-cells";

export interface ReplayPlan {
  cells: readonly Cell[];
  facts: ReadonlyMap<string, Facts>;
  before: CompiledPolicy;
  after: CompiledPolicy;
  exceptions: readonly PolicyExceptionTerms[];
  /** Documents of the policy versions, by number. */
  recorded: ReadonlyMap<number, PolicyDocument>;
  /** Whose exceptions in force are asked for what would come of their lapse. */
  lapseAt: Date;
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
  lapseAt,
}: ReplayPlan): ReplayResult[] {
  const byVersion = Map.groupBy(cells, ({ version }) => version);
  const groups = new Map<string, { document: PolicyDocument; cells: Cell[] }>();
  for (const [version, ofVersion] of byVersion) {
    const document = recorded.get(version) ?? before.document;
    const sought = soughtIn(document);
    const known = groups.get(sought)?.cells ?? [];
    groups.set(sought, { document, cells: [...known, ...ofVersion] });
  }
  return [...groups.values()].map((group) =>
    replay({
      facts,
      cells: group.cells.map(({ key, fact, from, to, n }) => ({ fact, from, to, hour: key, n })),
      before,
      after,
      exceptions,
      recorded: group.document,
      lapseAt,
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
export function mergeResults(
  results: readonly ReplayResult[],
): Omit<ReplayResult, "examples" | "lapses"> & { lapses: Lapses } {
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
    despite: mergeDespite(results.map(({ despite }) => despite)),
    lapses: mergeLapses(results.flatMap(({ lapses }) => lapses ?? [])),
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

/** Flips of the same kind as one, strictest first. */
export function mergeFlips(flips: readonly Flip[]): Flip[] {
  const byKind = new Map<string, Flip>();
  for (const flip of flips) {
    const kind = `${flip.from}>${flip.to}`;
    byKind.set(kind, { ...flip, n: flip.n + (byKind.get(kind)?.n ?? 0) });
  }
  const rank = ({ from, to }: Flip) => OUTCOMES.indexOf(to) * OUTCOMES.length - OUTCOMES.indexOf(from);
  return [...byKind.values()].sort((a, b) => rank(b) - rank(a));
}

/** What could not be replayed, by reason, in the order of their names. */
export function mergeReasons<R extends string>(
  reasons: readonly { reason: R; n: number }[],
): { reason: R; n: number }[] {
  const byReason = new Map<R, number>();
  for (const { reason, n } of reasons) byReason.set(reason, n + (byReason.get(reason) ?? 0));
  return [...byReason].map(([reason, n]) => ({ reason, n })).sort((a, b) => (a.reason < b.reason ? -1 : 1));
}

function mergeDespite(all: readonly Despite[]): Despite {
  const rows = all.flatMap(({ byException }) => byException);
  const merged = [...Map.groupBy(rows, ({ id }) => id)].map(([id, same]) => ({
    id,
    ref: same[0]?.ref ?? "",
    n: same.reduce((sum, { n }) => sum + n, 0),
    controls: [...new Set(same.flatMap(({ controls }) => controls))].sort(),
  }));
  return { n: all.reduce((sum, { n }) => sum + n, 0), byException: mostFirst(merged) };
}

function mergeLapses(all: readonly Lapses[]): Lapses {
  const rows = Map.groupBy(
    all.flatMap(({ byException }) => byException),
    ({ id }) => id,
  );
  const merged = [...rows.values()].flatMap((same) => {
    const [first] = same;
    return first ? [{ ...first, n: same.reduce((sum, { n }) => sum + n, 0) }] : [];
  });
  return {
    n: all.reduce((sum, { n }) => sum + n, 0),
    byException: mostFirst(merged),
    unknown: all.reduce((sum, { unknown }) => sum + unknown, 0),
  };
}
