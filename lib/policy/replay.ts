import { isInForce, type PolicyExceptionTerms } from "./exception";
import { lapsesAt } from "./replay/lapses";
import { Tally, tallied, toDespite, toFlips } from "./replay/tally";
import type { ReplayInput, ReplayResult } from "./replay/types";
import { type Verdict, verdictOn } from "./replay/verdict";

export type {
  Despite,
  DespiteException,
  Flip,
  FlipCount,
  Lapse,
  Lapses,
  NotReplayableReason,
  ReplayCell,
  ReplayInput,
  ReplayResult,
} from "./replay/types";

const MAX_EXAMPLES = 50;
/** Numbers the sets of exceptions in force, so that instants with the same set share their verdicts. */
function segments(exceptions: readonly PolicyExceptionTerms[]) {
  const numberOf = new Map<string, number>();
  const byInstant = new Map<number, number>();
  if (exceptions.length === 0) return () => 0;
  return (from: Date): number => {
    const known = byInstant.get(from.getTime());
    if (known !== undefined) return known;
    const inForce = exceptions.map((terms) => (isInForce(terms, from) ? "1" : "0")).join("");
    const number = numberOf.get(inForce) ?? numberOf.size;
    numberOf.set(inForce, number);
    byInstant.set(from.getTime(), number);
    return number;
  };
}

const sum = (verdicts: readonly Verdict[]) => verdicts.reduce((total, { n }) => total + n, 0);

/**
 * What a change of policy would have done to recorded traffic: each distinct fact is evaluated once under both
 * policies for each set of exceptions that was in force, and multiplied by the counts. Exactly what evaluating every
 * decision one by one gives. What cannot be known is counted by reason and stands in neither `same` nor the flips.
 */
export function replay(input: ReplayInput): ReplayResult {
  const decide = verdictOn(input);
  const segmentAt = segments(input.exceptions);
  const byFact = new Map<string, (Verdict | undefined)[]>();
  const hours = new Tally();
  let missing = 0;
  for (const { fact, from, hour, n } of input.cells) {
    let verdicts = byFact.get(fact);
    if (verdicts === undefined) {
      verdicts = [];
      byFact.set(fact, verdicts);
    }
    const segment = segmentAt(from);
    let verdict = verdicts[segment];
    if (verdict === undefined) {
      const facts = input.facts.get(fact);
      if (facts === undefined) {
        missing += n;
        continue;
      }
      verdict = decide(facts, fact, from);
      verdicts[segment] = verdict;
    }
    verdict.n += n;
    if (verdict.step !== 0 && !verdict.uncertain) hours.add(hour, verdict.step, n);
  }
  const lapses = input.lapseAt ? lapsesAt(input, input.lapseAt, byFact) : null;
  return { ...summarised(byFact, hours, missing), lapses };
}

function summarised(
  byFact: ReadonlyMap<string, readonly (Verdict | undefined)[]>,
  hours: Tally,
  missing: number,
): Omit<ReplayResult, "lapses"> {
  const all = [...byFact.values()].flatMap((verdicts) => verdicts.filter((verdict) => verdict !== undefined));
  const known = all.filter(({ uncertain }) => !uncertain);
  const flipped = known.filter(({ step }) => step !== 0);
  const unrecorded = sum(all) - sum(known);
  const notReplayable: ReplayResult["notReplayable"] = [
    { reason: "content_not_kept", n: unrecorded },
    { reason: "facts_missing", n: missing },
  ];
  return {
    total: sum(all) + missing,
    same: sum(known) - sum(flipped),
    stricter: sum(flipped.filter(({ step }) => step > 0)),
    looser: sum(flipped.filter(({ step }) => step < 0)),
    flips: toFlips(flipped),
    byControl: tallied(flipped, ({ controls }) => controls),
    byWorkload: tallied(flipped, ({ facts }) => [facts.workload]),
    byHour: hours.byKey(),
    byTool: tallied(flipped, ({ facts }) => [facts.tool]),
    byModel: tallied(flipped, ({ facts }) => [facts.model]),
    examples: tallied(flipped, ({ fact }) => [fact])
      .slice(0, MAX_EXAMPLES)
      .map(({ key }) => key),
    notReplayable: notReplayable.filter(({ n }) => n > 0),
    despite: toDespite(flipped),
  };
}
