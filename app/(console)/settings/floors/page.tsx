import type { Metadata } from "next";
import { pageContext } from "@/app/page-context";
import { FloorList } from "@/components/settings/governance-list";
import { PageHeader } from "@/components/ui/page-header";
import { can } from "@/lib/access/permissions";
import { listFloors } from "@/lib/settings/list-settings";
import { SettingsTabs } from "../tabs";

export const metadata: Metadata = { title: "Floors" };

export default async function FloorsPage() {
  const ctx = await pageContext();
  return (
    <>
      <PageHeader
        title="Floors"
        description="The least that holds for every policy of a data class, whatever it says itself: the stricter of each field is in force. A floor changes only through change control."
      />
      <SettingsTabs here="/settings/floors" />
      <FloorList floors={await listFloors(ctx)} mayPropose={can(ctx.actor, "governance:propose")} />
    </>
  );
}
