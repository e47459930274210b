import type { Metadata } from "next";
import { pageContext } from "@/app/page-context";
import { ControlRegister } from "@/components/controls/control-register";
import { ControlTabs } from "@/components/controls/control-tabs";
import { PageHeader } from "@/components/ui/page-header";
import { getBreakdown } from "@/lib/telemetry/get-breakdown";
import { listBindings } from "@/lib/use-cases/binding-queries";

export const metadata: Metadata = { title: "Controls" };

const MONTH_MS = 30 * 86_400_000;

export default async function ControlsPage() {
  const ctx = await pageContext();
  const window = { from: new Date(ctx.now.getTime() - MONTH_MS), to: ctx.now };
  const [bindings, findings] = await Promise.all([
    listBindings(ctx),
    getBreakdown(ctx, { dimension: "control", limit: 100, ...window }),
  ]);
  return (
    <>
      <ControlTabs here="/controls" />
      <PageHeader
        title="Controls"
        description="What can be looked for, how sure it is, and which policies in force bind it."
      />
      <ControlRegister bindings={bindings} findings={findings} />
    </>
  );
}
