import type { Metadata } from "next";
import { pageContext } from "@/app/page-context";
import { DetectorRegister } from "@/components/detectors/detector-register";
import { PageHeader } from "@/components/ui/page-header";
import { couldEver } from "@/lib/access/permissions";
import { OUTSIDE_ADAPTERS, OUTSIDE_KINDS } from "@/lib/detect/outside/adapters";
import { listDetectors } from "@/lib/detectors/queries";
import { SettingsTabs } from "../tabs";

export const metadata: Metadata = { title: "Outside detectors" };

export default async function DetectorsPage() {
  const ctx = await pageContext();
  const kinds = OUTSIDE_KINDS.map((kind) => {
    const { title, needsSecret, gives } = OUTSIDE_ADAPTERS[kind];
    return { kind, title, needsSecret, gives: [...gives] };
  });
  return (
    <>
      <PageHeader
        title="Outside detectors"
        description="Services that content is sent to, to be looked at there too. A policy asks them by name, through a change."
      />
      <SettingsTabs here="/settings/detectors" />
      <DetectorRegister
        initial={await listDetectors(ctx)}
        kinds={kinds}
        manages={couldEver(ctx.actor.roles, "detector:manage")}
      />
    </>
  );
}
