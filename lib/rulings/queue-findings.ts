import type { Ctx } from "@/lib/access/context";
import type { PolicyDocument } from "@/lib/policy/document";
import type { Effect } from "@/lib/policy/evaluate";
import type { Sensitivity } from "@/lib/policy/vocabulary";
import { DECISION_COLUMNS, DECISION_TABLES, type StoredDecision } from "@/lib/telemetry/decision-row";
import { parseDocument } from "@/lib/use-cases/policy-in-force";
import { toUseCaseRef, type UseCaseStanding } from "@/lib/use-cases/refs";
import type { Drawn } from "./draw";
import { appealRef } from "./rules";
import { RULING, toRulingViews } from "./ruling-row";
import type { QueueFinding, RulingView } from "./views";

/** A member of the sample that awaits a ruling. */
export interface Asked extends Drawn {
  /** How many the sample asks for of its control and level. */
  of: number;
  urgency: number;
}

type Stored = StoredDecision & { excerpt: string | null };

/** What one needs to judge these findings, in the order given; one whose decision is gone is left out. */
export async function readQueueFindings(
  ctx: Ctx,
  useCase: UseCaseStanding,
  asked: readonly Asked[],
): Promise<QueueFinding[]> {
  if (asked.length === 0) return [];
  const ids = asked.map(({ decisionId }) => decisionId);
  const [decisions, rulings, appeals] = await Promise.all([
    ctx.db.$queryRaw<Stored[]>`
      SELECT ${DECISION_COLUMNS}, d."excerpt" FROM ${DECISION_TABLES}
      JOIN unnest(${ids}::uuid[], ${asked.map(({ decidedAt }) => decidedAt)}::timestamptz[]) AS a("id", "at")
        ON d."id" = a."id" AND d."decided_at" = a."at"
      WHERE d."use_case_id" = ${useCase.id}::uuid`,
    ctx.db.ruling.findMany({ where: { decisionId: { in: ids } }, orderBy: { number: "asc" }, ...RULING }),
    ctx.db.appeal.findMany({ where: { decisionId: { in: ids }, status: "open" } }),
  ]);
  const byId = new Map(decisions.map((row) => [row.id, row]));
  const policies = await readPolicies(ctx, useCase.id, decisions);
  const views = await toRulingViews(ctx.db, rulings);
  return asked.flatMap((member) => {
    const decision = byId.get(member.decisionId);
    const appeal = appeals.find(
      (each) => each.decisionId === member.decisionId && each.control === member.control,
    );
    return decision
      ? toQueueFinding(member, decision, useCase, policies, views, appeal ? appealRef(appeal) : null)
      : [];
  });
}

async function readPolicies(
  ctx: Ctx,
  useCaseId: string,
  decisions: readonly Stored[],
): Promise<Map<number, PolicyDocument>> {
  const numbers = [...new Set(decisions.map((row) => row.policy_version))];
  const versions = await ctx.db.policyVersion.findMany({
    where: { useCaseId, number: { in: numbers } },
    select: { number: true, document: true },
  });
  return new Map(versions.map(({ number, document }) => [number, parseDocument(document)]));
}

function toQueueFinding(
  member: Asked,
  decision: Stored,
  useCase: UseCaseStanding,
  policies: ReadonlyMap<number, PolicyDocument>,
  rulings: readonly RulingView[],
  openAppeal: string | null,
): QueueFinding[] {
  const finding = decision.findings.find(({ control }) => control === member.control);
  if (!finding) return [];
  const document = policies.get(decision.policy_version);
  return [
    {
      decisionId: decision.id,
      decidedAt: decision.decided_at.toISOString(),
      useCase: toUseCaseRef(useCase),
      control: member.control,
      level: (member.level || null) as Sensitivity | null,
      effect: finding.effect satisfies Effect,
      rank: member.rank,
      of: member.of,
      mode: finding.mode,
      outcome: decision.outcome,
      wouldBe: decision.would_be,
      facts: decision.facts,
      excerpt: decision.excerpt,
      policy: document
        ? {
            version: decision.policy_version,
            stage: document.stage,
            sensitivity: document.controls[member.control]?.sensitivity ?? null,
          }
        : null,
      rulings: rulings.filter(
        ({ decisionId, control }) => decisionId === decision.id && control === member.control,
      ),
      openAppeal,
    },
  ];
}
