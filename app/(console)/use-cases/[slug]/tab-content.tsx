import type { PageCtx } from "@/app/page-context";
import {
  BaselineTab,
  ControlsTab,
  DecisionsTab,
  ExceptionsTab,
  HistoryTab,
  RolloutTab,
  WorkloadsTab,
} from "@/components/use-cases/loaded-tabs";
import type { Tab } from "@/components/use-cases/tabs";
import { isSample } from "@/lib/access/installation";
import { can } from "@/lib/access/permissions";
import { listChanges } from "@/lib/changes/queries";
import { listDrift } from "@/lib/drift/queries";
import { listExceptions } from "@/lib/exceptions/queries";
import { decisionPointUrl } from "@/lib/integrations/decision-point-url";
import { getReadiness } from "@/lib/readiness/get-readiness";
import { getSensitivity } from "@/lib/readiness/get-sensitivity";
import { getSetting } from "@/lib/settings/queries";
import { getBreakdown } from "@/lib/telemetry/get-breakdown";
import { getObserved } from "@/lib/telemetry/get-observed";
import { getSeries } from "@/lib/telemetry/get-series";
import { listDecisions } from "@/lib/telemetry/list-decisions";
import { getPolicy, listPolicyVersions } from "@/lib/use-cases/policy-queries";
import type { UseCaseAction, UseCaseView } from "@/lib/use-cases/views";
import { listWorkloads } from "@/lib/workloads/queries";
import { orNotFound } from "../../or-not-found";

const DAY_MS = 86_400_000;
const OBSERVED_DAYS = 30;
const DRIFT_ROWS = 10;

interface TabContentProps {
  ctx: PageCtx;
  useCase: UseCaseView;
  tab: Tab;
  version: string | null;
}

/** Reads what the tab shows, and nothing else. */
export async function TabContent({ ctx, useCase, tab, version }: TabContentProps) {
  const { slug } = useCase;
  const last = (days: number) => ({ from: new Date(ctx.now.getTime() - days * DAY_MS), to: ctx.now });
  const may = (action: UseCaseAction) =>
    useCase.actions.some(({ name, allowed }) => name === action && allowed);
  switch (tab) {
    case "baseline": {
      const [observed, policy, drift] = await Promise.all([
        getObserved(ctx, { useCase: slug, ...last(OBSERVED_DAYS) }),
        getPolicy(ctx, { slug }),
        listDrift(ctx, { useCase: slug, state: "waiting", days: OBSERVED_DAYS, limit: DRIFT_ROWS }),
      ]);
      return (
        <BaselineTab
          slug={slug}
          observed={observed}
          drift={drift}
          policy={policy}
          mayDraft={may("draft-change")}
        />
      );
    }
    case "controls": {
      const [policy, sensitivity, findings] = await Promise.all([
        getPolicy(ctx, { slug }),
        getSensitivity(ctx, { slug }),
        getBreakdown(ctx, { useCase: slug, dimension: "control", limit: 100, ...last(OBSERVED_DAYS) }),
      ]);
      return (
        <ControlsTab
          slug={slug}
          policy={policy}
          findings={findings}
          sensitivity={sensitivity}
          mayDraft={may("draft-change")}
        />
      );
    }
    case "rollout": {
      const [policy, readiness, open, emergencies] = await Promise.all([
        getPolicy(ctx, { slug }),
        getReadiness(ctx, { slug }),
        listChanges(ctx, { useCase: slug, status: "open", limit: 20 }),
        getSetting(ctx.db, "emergencies", ctx.now),
      ]);
      return (
        <RolloutTab
          slug={slug}
          policy={policy}
          readiness={readiness}
          openChanges={open.items}
          mayDraft={may("draft-change")}
          stepDownHours={can(ctx.actor, "change:break-glass") ? emergencies.value.reviewHours.loosens : null}
        />
      );
    }
    case "workloads":
      return (
        <WorkloadsTab
          slug={slug}
          initial={await listWorkloads(ctx, { useCase: slug, limit: 200 })}
          mayCreate={may("create-workload")}
          decisionPoint={decisionPointUrl()}
        />
      );
    case "decisions": {
      const month = { useCase: slug, ...last(OBSERVED_DAYS) };
      const [series, control, model, tool, list, synthetic] = await Promise.all([
        getSeries(ctx, { ...month, bucket: "day", by: "outcome" }),
        getBreakdown(ctx, { ...month, dimension: "control", limit: 10 }),
        getBreakdown(ctx, { ...month, dimension: "model", limit: 10 }),
        getBreakdown(ctx, { ...month, dimension: "tool", limit: 10 }),
        listDecisions(ctx, { useCase: slug, limit: 50, ...last(7) }),
        isSample(ctx.db),
      ]);
      const breakdowns = [
        { title: "Findings by control", breakdown: control },
        { title: "Decisions by model", breakdown: model },
        { title: "Decisions by tool", breakdown: tool },
      ];
      return (
        <DecisionsTab slug={slug} series={series} breakdowns={breakdowns} list={list} synthetic={synthetic} />
      );
    }
    case "exceptions":
      return (
        <ExceptionsTab
          slug={slug}
          list={await listExceptions(ctx, { useCase: slug, limit: 100 })}
          mayRequest={may("request-exception")}
        />
      );
    case "history": {
      const number = /^[1-9]\d{0,8}$/.test(version ?? "") ? { number: Number(version) } : {};
      const [versions, shown] = await Promise.all([
        listPolicyVersions(ctx, { slug }),
        orNotFound(getPolicy(ctx, { slug, ...number })),
      ]);
      return <HistoryTab slug={slug} versions={versions} shown={shown} />;
    }
  }
}
