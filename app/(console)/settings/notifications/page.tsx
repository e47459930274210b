import type { Metadata } from "next";
import { pageContext } from "@/app/page-context";
import { PreferencesTable } from "@/components/notify/preferences-table";
import { PageHeader } from "@/components/ui/page-header";
import { getPreferences } from "@/lib/notify/queries";
import { SettingsTabs } from "../tabs";

export const metadata: Metadata = { title: "Notifications" };

export default async function NotificationsPage() {
  const ctx = await pageContext();
  return (
    <>
      <PageHeader title="Notifications" description="How you are told, for each kind. Yours alone." />
      <SettingsTabs here="/settings/notifications" />
      <PreferencesTable initial={await getPreferences(ctx)} />
    </>
  );
}
