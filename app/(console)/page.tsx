import type { Metadata } from "next";
import { pageContext } from "@/app/page-context";
import { OverviewBoard } from "@/components/overview/overview-board";
import { overviewWindow } from "@/components/telemetry/calls";
import { PageHeader } from "@/components/ui/page-header";
import { isSample } from "@/lib/access/installation";
import { couldEver } from "@/lib/access/permissions";
import { getOverview } from "@/lib/telemetry/get-overview";

export const metadata: Metadata = { title: "Overview" };

export default async function OverviewPage() {
  const ctx = await pageContext();
  const { from, to } = overviewWindow(ctx.now);
  const [initial, synthetic] = await Promise.all([
    getOverview(ctx, { from: new Date(from), to: new Date(to) }),
    isSample(ctx.db),
  ]);
  return (
    <>
      <PageHeader title="Overview" description="What needs you, and are we safer than last month?" />
      <OverviewBoard
        initial={initial}
        readAt={ctx.now.toISOString()}
        synthetic={synthetic}
        mayRegister={couldEver(ctx.actor.roles, "use-case:create")}
      />
    </>
  );
}
