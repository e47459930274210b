import type { Metadata } from "next";
import { pageContext } from "@/app/page-context";
import { MailPanel } from "@/components/notify/mail-panel";
import { PageHeader } from "@/components/ui/page-header";
import { can } from "@/lib/access/permissions";
import { getMailSettings, listMails } from "@/lib/notify/delivery-queries";
import { listDeliveriesSchema } from "@/lib/notify/schema";
import { type PageQuery, queryText } from "../../query-text";
import { Refused } from "../../refused";
import { SettingsTabs } from "../tabs";

export const metadata: Metadata = { title: "Mail" };

export default async function MailPage({ searchParams }: { searchParams: PageQuery }) {
  const ctx = await pageContext();
  const query = await queryText(searchParams);
  const asked = listDeliveriesSchema.safeParse(Object.fromEntries(query));
  return (
    <>
      <PageHeader title="Mail" description="How people are written to, and what became of each mail." />
      <SettingsTabs here="/settings/mail" />
      {can(ctx.actor, "delivery:read") ? (
        <MailPanel
          settings={await getMailSettings(ctx)}
          mails={await listMails(ctx, asked.data ?? { limit: 50 })}
          initialQuery={asked.success ? query.toString() : ""}
          manages={can(ctx.actor, "mail:manage")}
        />
      ) : (
        <Refused>Admins, security leads and auditors read how mail is sent.</Refused>
      )}
    </>
  );
}
