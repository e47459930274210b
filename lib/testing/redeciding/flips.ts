import type { Answer } from "@/lib/pdp/answer";
import { OUTCOMES, type Outcome } from "@/lib/policy/vocabulary";
import { floorHour } from "@/lib/telemetry/rules";
import type { ImpactView } from "@/lib/telemetry/views";
import type { Decided } from "./passes";

/** What an impact says of traffic, every list in the order of its keys. */
type Shown = Pick<
  ImpactView,
  | "decisions"
  | "same"
  | "stricter"
  | "looser"
  | "flips"
  | "byControl"
  | "byWorkload"
  | "byTool"
  | "byModel"
  | "byHour"
>;

/** A request as it was decided, and as it was decided again under another policy. */
export interface Pair {
  was: Decided;
  is: Decided;
}

/** What makes an answer's outcome, as the caller was told. */
const DECIDES: Partial<Record<Outcome, string>> = {
  redact: "redacted",
  require_approval: "needs_approval",
  block: "blocked",
};

function decidingControls({ outcome, findings }: Answer): string[] {
  const effect = DECIDES[outcome];
  return findings
    .filter((finding) => effect === undefined || finding.effect === effect)
    .map(({ control }) => control);
}

/** The part of an impact that is compared, in the order of its keys. */
export function shownBy(impact: ImpactView): Shown {
  const { decisions, same, stricter, looser, byControl, byWorkload, byTool, byModel, byHour } = impact;
  const ordered = (counts: ImpactView["byTool"]) => counts.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  return {
    decisions,
    same,
    stricter,
    looser,
    flips: impact.flips.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)),
    byControl: ordered(byControl),
    byWorkload: ordered(byWorkload),
    byTool: ordered(byTool),
    byModel: ordered(byModel),
    byHour: ordered(byHour),
  };
}

const nameOf = ({ from, to }: { from: string; to: string }) => `${from}>${to}`;

/** The same, counted one by one from what the decision point answered before and after. */
export function flipsOf(pairs: readonly Pair[]): Shown {
  const step = ({ was, is }: Pair) =>
    Math.sign(OUTCOMES.indexOf(is.answer.outcome) - OUTCOMES.indexOf(was.answer.outcome));
  const flipped = pairs.filter((pair) => step(pair) !== 0);
  const by = (keysOf: (pair: Pair) => (string | undefined)[]) => {
    const counts: Record<string, { key: string; stricter: number; looser: number }> = {};
    for (const pair of flipped) {
      for (const key of keysOf(pair)) {
        if (key === undefined) continue;
        counts[key] ??= { key, stricter: 0, looser: 0 };
        counts[key][step(pair) > 0 ? "stricter" : "looser"] += 1;
      }
    }
    return Object.values(counts).toSorted((a, b) => (a.key < b.key ? -1 : 1));
  };
  const flips: Record<string, Shown["flips"][number]> = {};
  for (const pair of flipped) {
    const flip = {
      from: pair.was.answer.outcome,
      to: pair.is.answer.outcome,
      stricter: step(pair) > 0,
      n: 0,
    };
    flips[nameOf(flip)] = { ...flip, n: (flips[nameOf(flip)]?.n ?? 0) + 1 };
  }
  return {
    decisions: pairs.length,
    same: pairs.length - flipped.length,
    stricter: flipped.filter((pair) => step(pair) > 0).length,
    looser: flipped.filter((pair) => step(pair) < 0).length,
    flips: Object.values(flips).toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)),
    byControl: by((pair) => decidingControls(step(pair) > 0 ? pair.is.answer : pair.was.answer)),
    byWorkload: by(({ was }) => [was.workload]),
    byTool: by(({ was }) => [was.request.tool?.name]),
    byModel: by(({ was }) => [was.request.model]),
    byHour: by(({ was }) => [floorHour(was.at).toISOString()]),
  };
}
