import { PageTabs } from "@/components/ui/page-tabs";

/** The pages of the catalogue. */
export function ControlTabs({ here }: { here: string }) {
  return (
    <PageTabs
      label="Catalogue"
      here={here}
      pages={[
        { href: "/controls", label: "Controls" },
        { href: "/controls/templates", label: "Templates" },
      ]}
    />
  );
}
