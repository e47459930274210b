import { type Evaluation, evaluate } from "../evaluate";
import { isInForce, type PolicyExceptionTerms } from "../exception";
import type { Facts } from "../facts";
import { mostFirst } from "./tally";
import type { Lapses, ReplayInput } from "./types";
import { bothWays, unrecordedControls, type Verdict } from "./verdict";

/** What would be blocked of one fact: were none of the exceptions there, and the ids of those that alone keep it. */
interface Kept {
  byAny: boolean;
  ids: string[];
}

const NOT_KEPT: Kept = { byAny: false, ids: [] };

/**
 * What the policy after would block of the given traffic were it not for the exceptions in force at an instant:
 * were they all gone, and were each gone by itself.
 */
export function lapsesAt(
  { after, before, recorded, exceptions, by = "outcome" }: ReplayInput,
  at: Date,
  byFact: ReadonlyMap<string, readonly (Verdict | undefined)[]>,
): Lapses {
  const inForce = exceptions.filter((terms) => isInForce(terms, at));
  const keptOf = keeper(inForce, (facts, terms, key) => evaluate(facts, after, terms, at, key), by);
  const unrecorded = unrecordedControls(recorded ?? before.document, after.document);
  const byId = new Map(inForce.map(({ id, ref, expiresAt }) => [id, { id, ref, until: +expiresAt, n: 0 }]));
  let [n, unknown] = [0, 0];
  if (inForce.length === 0) return { n, byException: [], unknown };
  for (const [fact, verdicts] of byFact) {
    const seen = verdicts.filter((verdict) => verdict !== undefined);
    const [first] = seen;
    if (first === undefined) continue;
    const decisions = seen.reduce((sum, verdict) => sum + verdict.n, 0);
    const kept = keptOf(first.facts, fact);
    if (unrecorded.length > 0 && differs(bothWays(unrecorded, first.facts).map((facts) => keptOf(facts)))) {
      unknown += decisions;
      continue;
    }
    if (kept.byAny) n += decisions;
    for (const id of kept.ids) {
      const lapse = byId.get(id);
      if (lapse) lapse.n += decisions;
    }
  }
  return { n, byException: mostFirst(byId.values()), unknown };
}

type Decide = (facts: Facts, exceptions: readonly PolicyExceptionTerms[], key?: string) => Evaluation;

function keeper(inForce: readonly PolicyExceptionTerms[], decide: Decide, by: "outcome" | "wouldBe") {
  const none: PolicyExceptionTerms[] = [];
  const others = new Map(inForce.map(({ id }) => [id, inForce.filter((terms) => terms.id !== id)]));
  return (facts: Facts, key?: string): Kept => {
    if (decide(facts, none, key)[by] !== "block") return NOT_KEPT;
    const spared = decide(facts, inForce, key);
    if (spared[by] === "block") return NOT_KEPT;
    /** One that spares no finding is not missed: another covers all that it covers here. */
    const named = new Set(spared.findings.flatMap(({ exception }) => exception?.id ?? []));
    const ids = [...named].filter((id) => decide(facts, others.get(id) ?? none, key)[by] === "block");
    return { byAny: true, ids };
  };
}

function differs(kept: readonly Kept[]): boolean {
  return new Set(kept.map((one) => JSON.stringify(one))).size > 1;
}
