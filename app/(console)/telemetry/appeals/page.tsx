import type { Metadata } from "next";
import { pageContext } from "@/app/page-context";
import { AppealRegister } from "@/components/rulings/appeal-register";
import { TelemetryPages } from "@/components/telemetry/telemetry-pages";
import { PageHeader } from "@/components/ui/page-header";
import { listAppeals } from "@/lib/rulings/queries";
import { listAppealsSchema } from "@/lib/rulings/schema";
import { rulingChoices } from "../ruling-choices";
import { type Search, toParams } from "../search-params";

export const metadata: Metadata = { title: "Appeals" };

export default async function AppealsPage({ searchParams }: { searchParams: Search }) {
  const ctx = await pageContext();
  const params = toParams(await searchParams);
  const asked = listAppealsSchema.safeParse(Object.fromEntries(params));
  const [initial, choices] = await Promise.all([
    listAppeals(ctx, asked.data ?? { limit: 50 }),
    rulingChoices(ctx),
  ]);
  return (
    <>
      <PageHeader
        title="Appeals"
        description="An application owner says that a finding was wrong; somebody else rules on it, with a reason."
      />
      <TelemetryPages current="/telemetry/appeals" />
      <AppealRegister {...choices} initial={initial} initialQuery={asked.success ? params.toString() : ""} />
    </>
  );
}
