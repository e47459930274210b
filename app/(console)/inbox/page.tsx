import type { Metadata } from "next";
import { pageContext } from "@/app/page-context";
import { Inbox } from "@/components/notify/inbox";
import { LinkButton } from "@/components/ui/links";
import { PageHeader } from "@/components/ui/page-header";
import { countNotices, listNotices } from "@/lib/notify/queries";
import { listNoticesSchema } from "@/lib/notify/schema";
import { type PageQuery, queryText } from "../query-text";

export const metadata: Metadata = { title: "Inbox" };

export default async function InboxPage({ searchParams }: { searchParams: PageQuery }) {
  const ctx = await pageContext();
  const query = await queryText(searchParams);
  const asked = listNoticesSchema.safeParse(Object.fromEntries(query));
  const [initial, counts] = await Promise.all([
    listNotices(ctx, asked.data ?? { show: "all", limit: 50 }),
    countNotices(ctx),
  ]);
  return (
    <>
      <PageHeader
        title="Inbox"
        description="What waits on you, and what you are to know."
        actions={
          <LinkButton href="/settings/notifications" variant="default">
            Choose how you are told
          </LinkButton>
        }
      />
      <Inbox initial={initial} initialQuery={asked.success ? query.toString() : ""} counts={counts} />
    </>
  );
}
