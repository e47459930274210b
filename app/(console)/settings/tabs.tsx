import { pageContext } from "@/app/page-context";
import { PageTabs } from "@/components/ui/page-tabs";
import { can, type Permission } from "@/lib/access/permissions";

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

type Address = (typeof PAGES)[number]["href"];

/** What opens a page of the settings; the others are everybody's. */
const NEEDS: Partial<Record<Address, Permission>> = {
  "/settings/detectors": "detector:read",
  "/settings/mail": "delivery:read",
  "/settings/webhooks": "delivery:read",
};

/** The pages of the settings that the reader may open, and the one that is open. */
export async function SettingsTabs({ here }: { here: Address }) {
  const { actor } = await pageContext();
  const mayOpen = (href: Address) => NEEDS[href] === undefined || can(actor, NEEDS[href]);
  return (
    <PageTabs
      label="Settings"
      here={here}
      pages={PAGES.filter(({ href }) => href === here || mayOpen(href))}
    />
  );
}
