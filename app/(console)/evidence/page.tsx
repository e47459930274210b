import { Stack } from "@mantine/core";
import type { Metadata } from "next";
import { pageContext } from "@/app/page-context";
import { PackForm } from "@/components/evidence/pack-form";
import { PackRegister } from "@/components/evidence/pack-register";
import { PageHeader } from "@/components/ui/page-header";
import { can } from "@/lib/access/permissions";
import { listPacks } from "@/lib/evidence/queries";
import { listPacksSchema } from "@/lib/evidence/schema";
import { listUseCases } from "@/lib/use-cases/queries";
import { type PageQuery, queryText } from "../query-text";
import { Refused } from "../refused";

export const metadata: Metadata = { title: "Evidence" };

export default async function EvidencePage({ searchParams }: { searchParams: PageQuery }) {
  const ctx = await pageContext();
  const header = (
    <PageHeader
      title="Evidence"
      description="Signed, self-contained exports that an outsider verifies with a public key."
    />
  );
  if (!can(ctx.actor.roles, "evidence:export")) {
    return (
      <>
        {header}
        <Refused>Auditors and security leads export evidence.</Refused>
      </>
    );
  }
  const query = await queryText(searchParams);
  const asked = listPacksSchema.safeParse(Object.fromEntries(query));
  const [initial, useCases] = await Promise.all([
    listPacks(ctx, asked.data ?? { limit: 50 }),
    listUseCases(ctx, { limit: 200 }),
  ]);
  return (
    <>
      {header}
      <Stack gap="md">
        <PackForm
          now={ctx.now.toISOString()}
          useCases={useCases.items.map(({ slug, name }) => ({ slug, name }))}
        />
        <PackRegister initial={initial} initialQuery={asked.success ? query.toString() : ""} />
      </Stack>
    </>
  );
}
