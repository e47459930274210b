import { expect } from "vitest";
import { acceptConditions } from "@/lib/changes/accept-conditions";
import { applyChange } from "@/lib/changes/apply-change";
import { approveChange } from "@/lib/changes/approve-change";
import { draftChange } from "@/lib/changes/draft-change";
import { getChange } from "@/lib/changes/queries";
import { draftChangeSchema } from "@/lib/changes/schema";
import { submitChange } from "@/lib/changes/submit-change";
import type { ChangeView } from "@/lib/changes/views";
import type { PolicyDocument } from "@/lib/policy/document";
import type { Facts } from "@/lib/policy/facts";
import type { ImpactView } from "@/lib/telemetry/views";
import { getVersion } from "@/lib/use-cases/policy-in-force";
import { as } from "../people";
import { flipsOf, type Pair, shownBy } from "./flips";
import { type Decided, type Lab, type Pass, sendAll } from "./passes";
import type { Run } from "./traffic";

export interface ChainPlan {
  runs: readonly Run[];
  startsAt: Date;
  roundMs: number;
  /** From the start of one pass to that of the next. */
  gapMs: number;
  /** How often the policies change; the traffic is sent once more than that. */
  steps: number;
  /** The next policy of a use case. */
  propose: (given: { useCase: string; step: number; base: PolicyDocument; facts: Facts[] }) => PolicyDocument;
  /** What people do before a round; its times must lie alike in each pass. */
  before?: (at: Date, round: number, startsAt: Date) => Promise<void>;
  /**
   * Changes whose effect the evidence cannot know for all of the traffic, since it was not looked for in content before.
   * Where there are such, custom signals come and go, and facts with them.
   */
  unknowable?: (step: number) => boolean;
  /** Says how to repeat it; printed with what failed. */
  hint: string;
}

/** A change that was applied, and what became of the traffic. */
export interface Step {
  change: ChangeView;
  /** The requests of the window of its evidence, as decided then, and as decided again under the change. */
  pairs: Pair[];
}

/**
 * Sends the traffic, changes each policy through draft, submission, approval and application, sends the same traffic
 * again, and so on. Expects of each change that what its page showed is what the decision point then did.
 */
export async function proveChain(lab: Lab, plan: ChainPlan): Promise<Step[]> {
  const passes: Pass[] = [];
  const proved: Step[] = [];
  let changes: ChangeView[] = [];
  for (let step = 0; step <= plan.steps; step++) {
    const shown = changes;
    changes = [];
    const startsAt = new Date(plan.startsAt.getTime() + step * plan.gapMs);
    const pass = await sendAll(lab, {
      runs: plan.runs,
      startsAt,
      roundMs: plan.roundMs,
      before: async (round, at) => plan.before?.(at, round, startsAt),
      after: async (ended) => {
        if (step === plan.steps) return;
        for (const useCase of lab.useCases) changes.push(await change(lab, plan, useCase, step, ended));
      },
    });
    for (const one of shown) proved.push({ change: one, pairs: prove(one, passes, pass, plan) });
    passes.push(pass);
  }
  return proved;
}

/** One change, from draft to application, as its people do it on its page. */
async function change(
  lab: Lab,
  { propose, hint }: ChainPlan,
  useCase: string,
  step: number,
  { endedAt: now }: Pass,
): Promise<ChangeView> {
  const { db } = lab.database;
  const { owner, lead, risk } = lab.cast;
  const { id: useCaseId } = await db.useCase.findUniqueOrThrow({ where: { slug: useCase } });
  const base = await getVersion(db, useCaseId);
  const rows = await db.$queryRaw<{ facts: Facts }[]>`
    SELECT "facts" FROM "fact" WHERE "use_case_id" = ${useCaseId}::uuid ORDER BY "digest"`;
  const facts = rows.map((row) => row.facts);
  const input = draftChangeSchema.parse({
    useCase,
    baseVersion: base.number,
    proposal: propose({ useCase, step, base: base.document, facts }),
    justification: `Step ${step} of a generated chain.`,
  });
  const { id } = await draftChange(as(db, owner, now), input);
  const submitted = await submitChange(as(db, owner, now), { id });
  const seen = {
    proposalDigest: submitted.proposalDigest,
    evidenceDigest: submitted.evidenceDigest ?? "",
  };
  if (submitted.unaccepted.length > 0)
    await acceptConditions(as(db, risk, now), {
      id,
      conditions: submitted.unaccepted,
      reason: "Generated traffic is not ruled on.",
      evidenceDigest: seen.evidenceDigest,
    });
  for (const { seat } of submitted.seats)
    await approveChange(as(db, seat === "risk_owner" ? risk : lead, now), { id, ...seen });
  await applyChange(as(db, owner, now), { id });
  const applied = await getChange(as(db, risk, now), { id });
  expect(applied, hint).toMatchObject({ status: "applied", evidenceDigest: submitted.evidenceDigest });
  return applied;
}

/** Compares what a change's page showed with what was decided before and after it. */
function prove(
  change: ChangeView,
  passes: readonly Pass[],
  after: Pass,
  { hint, unknowable }: ChainPlan,
): Pair[] {
  const evidence = change.evidence?.impact ?? null;
  const slug = change.subject.key;
  const what = `${hint}; ${change.ref} of ${slug}, step ${change.baseVersion}: ${change.moves
    .map(({ label }) => label)
    .join("; ")}`;
  if (evidence === null) throw new Error(`${what} has no evidence.`);
  const [from, to] = [new Date(evidence.from), new Date(evidence.to)];
  const base = passes.at(-1)?.decided ?? [];
  const isOurs = ({ answer }: Decided) => answer.policy.useCase === slug;
  const pairs = passes.flatMap(({ decided }) =>
    decided.flatMap((recorded, index): Pair[] => {
      const [was, is] = [base[index], after.decided[index]];
      if (!was || !is || !isOurs(recorded) || recorded.at < from || recorded.at >= to) return [];
      if (!unknowable)
        expect([was.fact, is.fact], `${what}: facts repeat`).toEqual([recorded.fact, recorded.fact]);
      expect(is.answer.policy.version, what).toBe(change.appliedVersion);
      return [{ was: { ...was, at: recorded.at }, is }];
    }),
  );
  if (unknowable?.(change.baseVersion - 1)) {
    proveBounds(evidence, pairs, what);
    return pairs;
  }
  expect(shownBy(evidence), what).toEqual(flipsOf(pairs));
  expect(evidence.notReplayable, what).toEqual([]);
  expect(evidence.replayed, what).toBe(pairs.length);
  proveExamples(change, passes, after, what);
  return pairs;
}

/** What is shown is true, and what is not shown is within what is said not to be known. */
function proveBounds(evidence: ImpactView, pairs: readonly Pair[], what: string): void {
  const shown = shownBy(evidence);
  const actual = flipsOf(pairs);
  const unknown = evidence.notReplayable.reduce((sum, { n }) => sum + n, 0);
  for (const { from, to, n } of shown.flips) {
    const made = actual.flips.find((flip) => flip.from === from && flip.to === to)?.n ?? 0;
    expect(n, `${what}: ${from} to ${to}`).toBeLessThanOrEqual(made);
  }
  const missed = actual.stricter + actual.looser - shown.stricter - shown.looser;
  expect(missed, `${what}: there is something that cannot be known`).toBeGreaterThan(0);
  expect(missed, `${what}: flips that were not shown`).toBeLessThanOrEqual(unknown);
  expect(evidence.decisions, what).toBe(pairs.length);
  expect(evidence.replayed, what).toBe(pairs.length - unknown);
}

/** Each example is a decision that was made, and then was made as the page said. */
function proveExamples({ evidence }: ChangeView, passes: readonly Pass[], after: Pass, what: string): void {
  const base = passes.at(-1)?.decided ?? [];
  const indexOf = new Map(
    passes.flatMap(({ decided }) => decided.map(({ answer }, index) => [answer.decisionId, index] as const)),
  );
  for (const { decisionId, from, to } of evidence?.impact?.examples ?? []) {
    const index = indexOf.get(decisionId) ?? -1;
    const outcomes = [base[index]?.answer.outcome, after.decided[index]?.answer.outcome];
    expect(outcomes, `${what}: example`).toEqual([from, to]);
  }
  const flips = (evidence?.impact?.stricter ?? 0) + (evidence?.impact?.looser ?? 0);
  expect((evidence?.impact?.examples.length ?? 0) > 0, `${what}: examples`).toBe(flips > 0);
}
