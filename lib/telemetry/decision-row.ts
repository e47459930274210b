import type { Prisma as P } from "@/lib/db/prisma";
import { Prisma } from "@/lib/db/prisma";
import type { Facts } from "@/lib/policy/facts";
import type { Outcome, Tier } from "@/lib/policy/vocabulary";
import type { DecisionRow, FindingView } from "./views";

/** What `DECISION_COLUMNS` reads. */
export interface StoredDecision {
  id: string;
  use_case_id: string;
  slug: string;
  name: string;
  tier: Tier;
  decided_at: Date;
  kind: "decision" | "observation";
  outcome: Outcome;
  would_be: Outcome;
  findings: FindingView[];
  session_id: string | null;
  policy_version: number;
  late: boolean;
  synthetic: string[];
  facts: Facts | null;
}

export const DECISION_COLUMNS: P.Sql = Prisma.sql`
  d."id"::text, d."use_case_id"::text, u."slug", u."name", u."tier"::text, d."decided_at", d."kind", d."outcome", d."would_be",
  d."findings", d."session_id", d."policy_version", d."late", d."synthetic", f."facts"`;

export const DECISION_TABLES: P.Sql = Prisma.sql`
  "decision" d JOIN "use_case" u ON u."id" = d."use_case_id"
  LEFT JOIN "fact" f ON f."use_case_id" = d."use_case_id" AND f."digest" = d."fact"`;

/** A line of the explorer. A decision whose facts are lost still stands, with what is left of it. */
export function toDecisionRow(stored: StoredDecision): DecisionRow {
  const { facts } = stored;
  return {
    id: stored.id,
    decidedAt: stored.decided_at.toISOString(),
    kind: stored.kind,
    useCase: { id: stored.use_case_id, slug: stored.slug, name: stored.name, tier: stored.tier },
    outcome: stored.outcome,
    wouldBe: stored.would_be,
    action: facts?.action ?? null,
    workload: facts?.workload ?? null,
    model: facts?.model ?? null,
    tool: facts?.tool ?? null,
    dataClass: facts?.dataClass ?? null,
    destination: facts?.destination ?? null,
    findings: stored.findings,
    sessionId: stored.session_id,
    policyVersion: stored.policy_version,
    late: stored.late,
    synthetic: stored.synthetic,
  };
}
