import type { Metadata } from "next";
import { pageContext } from "@/app/page-context";
import { CalendarBoard } from "@/components/exceptions/calendar-board";
import { isMonth, windowOf } from "@/components/exceptions/prepare-month";
import { SectionTabs } from "@/components/exceptions/section-tabs";
import { PageHeader } from "@/components/ui/page-header";
import { getCalendar } from "@/lib/exceptions/get-calendar";
import { type PageQuery, queryText } from "../../query-text";

export const metadata: Metadata = { title: "Calendar of exceptions" };

export default async function CalendarPage({ searchParams }: { searchParams: PageQuery }) {
  const ctx = await pageContext();
  const asked = (await queryText(searchParams)).get("month");
  const now = ctx.now.toISOString();
  const month = isMonth(asked) ? asked : now.slice(0, 7);
  return (
    <>
      <PageHeader title="Calendar of exceptions" description="What begins, is due for review, and ends." />
      <SectionTabs here="/exceptions/calendar" />
      <CalendarBoard initial={await getCalendar(ctx, windowOf(month))} initialMonth={month} now={now} />
    </>
  );
}
