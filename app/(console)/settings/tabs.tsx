import { PageTabs } from "@/components/ui/page-tabs";

const PAGES = [
  { href: "/settings/integrations", label: "Integrations" },
  { href: "/settings/detectors", label: "Outside detectors" },
];

export function SettingsTabs({ here }: { here: "/settings/integrations" | "/settings/detectors" }) {
  return <PageTabs label="Settings" here={here} pages={PAGES} />;
}
