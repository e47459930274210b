import { type Ctx, requirePermission } from "@/lib/access/context";
import { CANARY } from "@/lib/policy/evaluate";
import type { DecisionView } from "@/lib/telemetry/views";
import { getStanding } from "@/lib/use-cases/refs";
import { APPEAL } from "./appeal-row";
import { expectationOf } from "./lifecycle";
import { toAction, whyNotAppeal, whyNotKeep, whyNotRule } from "./may";
import { toAppealView } from "./queries";
import { caseRef } from "./rules";
import { RULING, toRulingViews } from "./ruling-row";
import type { FindingRulings } from "./views";

/** What people said of each finding of a decision, and what this person may add; a canary is no finding. */
export async function getDecisionRulings(
  ctx: Ctx,
  decision: Pick<DecisionView, "id" | "useCase" | "findings" | "facts">,
): Promise<FindingRulings[]> {
  const viewer = requirePermission(ctx, "telemetry:read");
  const where = { decisionId: decision.id };
  const [useCase, ruled, appealed, cases] = await Promise.all([
    getStanding(ctx.db, decision.useCase.slug),
    ctx.db.ruling.findMany({ where, orderBy: { number: "asc" }, ...RULING }),
    ctx.db.appeal.findMany({ where, orderBy: { ref: "desc" }, ...APPEAL }),
    ctx.db.regressionCase.findMany({ where: { ...where, retiredAt: null }, orderBy: { ref: "asc" } }),
  ]);
  const rulings = await toRulingViews(ctx.db, ruled);
  return decision.findings.flatMap(({ control }) => {
    if (control === CANARY) return [];
    const own = rulings.filter((ruling) => ruling.control === control);
    const appeals = appealed.filter((appeal) => appeal.control === control);
    const kept = cases.filter((each) => each.control === control);
    const answer = own.at(-1)?.answer;
    const mayAppeal = answer !== "false_positive" && appeals.every(({ status }) => status !== "open");
    const mayKeep =
      answer !== undefined && expectationOf(answer) !== null && kept.length === 0 && decision.facts !== null;
    return {
      control,
      rulings: own,
      appeals: appeals.map((row) => toAppealView(row, viewer)),
      cases: kept.map((row) => ({ ref: caseRef(row), name: row.name, expected: row.expected })),
      actions: [
        toAction("rule" as const, whyNotRule(viewer, useCase)),
        ...(mayAppeal ? [toAction("appeal" as const, whyNotAppeal(viewer, useCase))] : []),
        ...(mayKeep ? [toAction("keep" as const, whyNotKeep(viewer, useCase))] : []),
      ],
    };
  });
}
