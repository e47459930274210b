import { PageTabs } from "@/components/ui/page-tabs";

const PAGES = [
  { href: "/settings/governance", label: "Governance" },
  { href: "/settings/floors", label: "Floors" },
  { href: "/settings/integrations", label: "Integrations" },
  { href: "/settings/detectors", label: "Outside detectors" },
  { href: "/settings/notifications", label: "Notifications" },
  { href: "/settings/mail", label: "Mail" },
  { href: "/settings/webhooks", label: "Webhooks" },
  { href: "/settings/tokens", label: "Access tokens" },
] as const;

export function SettingsTabs({ here }: { here: (typeof PAGES)[number]["href"] }) {
  return <PageTabs label="Settings" here={here} pages={[...PAGES]} />;
}
