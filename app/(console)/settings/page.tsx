import { redirect } from "next/navigation";

/** The first of its pages. */
export default function SettingsPage() {
  redirect("/settings/integrations");
}
