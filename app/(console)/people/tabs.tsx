import { PageTabs } from "@/components/ui/page-tabs";

const PAGES = [
  { href: "/people", label: "People" },
  { href: "/people/workloads", label: "Workloads" },
  { href: "/people/issuers", label: "Issuers" },
];

/** People and workloads are kept apart; this leads from the one to the other. */
export function PeopleTabs({ here }: { here: "/people" | "/people/workloads" | "/people/issuers" }) {
  return <PageTabs label="People and workloads" here={here} pages={PAGES} />;
}
