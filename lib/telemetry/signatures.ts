import type { Ctx } from "@/lib/access/context";
import type { Db, Tx } from "@/lib/db/prisma";
import type { PolicyDocument } from "@/lib/policy/document";
import type { BreakdownInput, DecisionListInput, SeriesInput, WindowInput } from "./schema";
import type * as V from "./views";

/** Which file exports what: `import { getSeries } from "@/lib/telemetry/get-series"`, and so on. */
export interface Signatures {
  /** impact.ts */
  measureImpact(db: Db | Tx, input: ImpactInput): Promise<V.ImpactView>;
  /** get-series.ts */
  getSeries(ctx: Ctx, input: SeriesInput): Promise<V.SeriesView>;
  /** get-breakdown.ts */
  getBreakdown(ctx: Ctx, input: BreakdownInput): Promise<V.BreakdownView>;
  /** get-latency.ts */
  getLatency(ctx: Ctx, input: WindowInput): Promise<V.LatencyView>;
  /** list-decisions.ts */
  listDecisions(ctx: Ctx, input: DecisionListInput): Promise<V.DecisionListView>;
  /** get-decision.ts */
  getDecision(ctx: Ctx, input: { id: string }): Promise<V.DecisionView>;
  /** get-overview.ts */
  getOverview(ctx: Ctx, input: { from: Date; to: Date }): Promise<V.OverviewView>;
  /** get-observed.ts; `useCase` is a slug */
  getObserved(ctx: Ctx, input: { useCase: string; from: Date; to: Date }): Promise<V.ObservedView>;
  /** get-use-case-summaries.ts: the last 7 days of each use case, by id */
  getUseCaseSummaries(ctx: Ctx): Promise<Map<string, V.UseCaseSummary>>;
}

export interface ImpactInput {
  useCaseId: string;
  before: PolicyDocument;
  after: PolicyDocument;
  from: Date;
  to: Date;
}
