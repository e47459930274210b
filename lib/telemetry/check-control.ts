import { setImmediate } from "node:timers/promises";
import type { Ctx } from "@/lib/access/context";
import { type Condition, checkCondition, erringText, readyCondition } from "@/lib/policy/condition";
import { getStanding, requireFor } from "@/lib/use-cases/refs";
import { compileOwn } from "./custom-detectors";
import { readMostSeen } from "./read-seen";
import { DAY_MS, wholeHours } from "./rules";
import type { CheckControlInput } from "./schema";
import type { ControlCheckView, ControlProblem, TriedCondition } from "./views";

/** How many of the matching facts are shown. */
const EXAMPLES = 10;
const TRIED_DAYS = 30;
/** Distinct facts that are tried, the most frequent first: a check runs at every pause in typing. */
const MOST_TRIED = 5000;
/** After so many the console answers others: some 10 ms of work. */
const TURN = 250;

/**
 * Judges a custom control while it is written, and tries its condition on what was recorded of the use case in the
 * last 30 days. For those who may request a change of the use case. What is wrong is an answer here, not an error.
 */
export async function checkControl(ctx: Ctx, input: CheckControlInput): Promise<ControlCheckView> {
  const useCase = await getStanding(ctx.db, input.useCase);
  requireFor(ctx, "change:create", useCase);
  const own = compileOwn(input);
  const sought = Array.isArray(own) ? own : [];
  if (input.when.trim() === "") return { problems: sought, warnings: [], tried: null };
  const scope = { useCase: useCase.slug, customIds: [...new Set([...input.customIds, input.id])] };
  const { problems, warnings } = checkCondition(input.when, scope);
  const said = warnings.map(({ message }) => message);
  if (problems.length > 0) {
    const placed = problems.map((problem): ControlProblem => ({ field: "when", ...problem }));
    return { problems: [...placed, ...sought], warnings: [], tried: null };
  }
  const window = wholeHours(new Date(ctx.now.getTime() - TRIED_DAYS * DAY_MS), ctx.now, ctx.now);
  const recorded = await readMostSeen(ctx.db, useCase.id, window, MOST_TRIED);
  const { error, ...tried } = await tryOn(readyCondition(input.when, scope), recorded);
  const failed: ControlProblem[] =
    error === null ? [] : [{ field: "when", message: erringText(error), start: null, end: null }];
  return {
    problems: [...failed, ...sought],
    warnings: [...said, ...recordedWarnings(tried)],
    tried: { from: window.from.toISOString(), to: window.to.toISOString(), ...tried },
  };
}

type Tried = Omit<TriedCondition, "from" | "to">;

type Recorded = Awaited<ReturnType<typeof readMostSeen>>;

async function tryOn(
  condition: Condition,
  { seen, decisions, facts }: Recorded,
): Promise<Tried & { error: string | null }> {
  const sum = (rows: Recorded["seen"]) => rows.reduce((total, { n }) => total + n, 0);
  const matched: Recorded["seen"] = [];
  let error: string | null = null;
  for (const [index, row] of seen.entries()) {
    if (index % TURN === TURN - 1) await setImmediate();
    const holds = condition.on(row.facts);
    if (typeof holds === "object") error ??= holds.error;
    if (holds !== false) matched.push(row);
  }
  return {
    decisions,
    facts,
    triedDecisions: sum(seen),
    triedFacts: seen.length,
    matchedDecisions: sum(matched),
    matchedFacts: matched.length,
    examples: matched.slice(0, EXAMPLES),
    error,
  };
}

function recordedWarnings({ triedDecisions, matchedDecisions }: Tried): string[] {
  if (triedDecisions === 0) return [];
  const all = triedDecisions.toLocaleString("en-GB");
  if (matchedDecisions === 0) return [`It matches none of the ${all} decisions that were recorded.`];
  return matchedDecisions === triedDecisions
    ? [`It matches every one of the ${all} decisions that were recorded.`]
    : [];
}
