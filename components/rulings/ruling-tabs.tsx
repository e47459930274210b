import { PageTabs } from "@/components/ui/page-tabs";

export const RULING_TABS = ["queue", "given", "cases"] as const;
export type RulingTab = (typeof RULING_TABS)[number];

const LABELS: Record<RulingTab, string> = {
  queue: "Queue",
  given: "Rulings given",
  cases: "Regression cases",
};

const hrefOf = (tab: RulingTab) => (tab === "queue" ? "/telemetry/rulings" : `/telemetry/rulings?tab=${tab}`);

/** What awaits a ruling, what was ruled, and what was kept of it. */
export function RulingTabs({ current }: { current: RulingTab }) {
  const pages = RULING_TABS.map((tab) => ({ href: hrefOf(tab), label: LABELS[tab] }));
  return <PageTabs label="Rulings" here={hrefOf(current)} pages={pages} />;
}
