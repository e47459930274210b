import type { Metadata } from "next";
import { pageContext } from "@/app/page-context";
import { PeopleRegister } from "@/components/people/people-register";
import { PageHeader } from "@/components/ui/page-header";
import { couldEver } from "@/lib/access/permissions";
import { listPeople } from "@/lib/people/queries";
import { listPeopleSchema } from "@/lib/people/schema";
import { type PageQuery, queryText } from "../query-text";
import { PeopleTabs } from "./tabs";

export const metadata: Metadata = { title: "People" };

export default async function PeoplePage({ searchParams }: { searchParams: PageQuery }) {
  const ctx = await pageContext();
  const query = await queryText(searchParams);
  const asked = listPeopleSchema.safeParse(Object.fromEntries(query));
  const initial = await listPeople(ctx, asked.data ?? { limit: 50 });
  return (
    <>
      <PageHeader title="People" description="Who can do what." />
      <PeopleTabs here="/people" />
      <PeopleRegister
        initial={initial}
        initialQuery={asked.success ? query.toString() : ""}
        manages={couldEver(ctx.actor.roles, "people:manage")}
      />
    </>
  );
}
