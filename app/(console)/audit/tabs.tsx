import { PageTabs } from "@/components/ui/page-tabs";

const PAGES = [
  { href: "/audit", label: "Entries" },
  { href: "/audit/checkpoints", label: "Checkpoints" },
];

/** The entries, and the signed heads over them. */
export function AuditTabs({ here }: { here: "/audit" | "/audit/checkpoints" }) {
  return <PageTabs label="Audit" here={here} pages={PAGES} />;
}
