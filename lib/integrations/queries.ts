import { CANARY_LIFE_MS } from "@/lib/access/canary";
import { type Ctx, requirePermission } from "@/lib/access/context";
import {
  DECISION_COLUMNS,
  DECISION_TABLES,
  type StoredDecision,
  toDecisionRow,
} from "@/lib/telemetry/decision-row";
import { getStanding } from "@/lib/use-cases/refs";
import { CONSOLE_SESSION } from "./canary-request";
import type { CanaryDecision } from "./views";

/** How many are shown. */
const MOST = 20;

/** Decisions of a use case that met a canary which may still live, newest first. */
export async function listCanaryDecisions(ctx: Ctx, { slug }: { slug: string }): Promise<CanaryDecision[]> {
  requirePermission(ctx, "telemetry:read");
  const { id } = await getStanding(ctx.db, slug);
  const since = new Date(ctx.now.getTime() - CANARY_LIFE_MS);
  const rows = await ctx.db.$queryRaw<StoredDecision[]>`
    SELECT ${DECISION_COLUMNS} FROM ${DECISION_TABLES}
    WHERE d."use_case_id" = ${id}::uuid AND d."decided_at" > ${since} AND d."would_be" = 'block'
      AND f."facts" ? 'canary'
    ORDER BY d."decided_at" DESC, d."id" DESC LIMIT ${MOST}`;
  return rows.map((stored) => {
    const { id: decision, decidedAt, kind, outcome, workload, sessionId } = toDecisionRow(stored);
    const fromConsole = sessionId === CONSOLE_SESSION;
    return { id: decision, decidedAt, kind, outcome, workload, fromConsole };
  });
}
