import { PageTabs } from "@/components/ui/page-tabs";

const PAGES = [
  { href: "/exceptions", label: "Register" },
  { href: "/exceptions/calendar", label: "Calendar" },
  { href: "/exceptions/sprawl", label: "Over time" },
  { href: "/exceptions/campaigns", label: "Campaigns" },
];

/** The pages of what is let pass. */
export function SectionTabs({ here }: { here: string }) {
  return <PageTabs label="Exceptions" here={here} pages={PAGES} />;
}
