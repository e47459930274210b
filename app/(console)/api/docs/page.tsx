import { Anchor } from "@mantine/core";
import type { Metadata } from "next";
import { ApiReference } from "@/components/api-docs/api-reference";
import { type GroupView, prepareReference } from "@/components/api-docs/prepare";
import { LinkAnchor } from "@/components/ui/links";
import { PageHeader } from "@/components/ui/page-header";
import { apiDescription } from "@/lib/api/app";

export const metadata: Metadata = { title: "API" };

let groups: GroupView[] | undefined;

export default function ApiDocsPage() {
  groups ??= prepareReference(apiDescription());
  return (
    <>
      <PageHeader
        title="API"
        description={
          <>
            Every route of the console, with the rules that its pages have. Programs call it with a{" "}
            <LinkAnchor underline="always" href="/settings/tokens">
              personal access token
            </LinkAnchor>
            ; repositories by{" "}
            <Anchor underline="always" size="sm" href="/sluice.mjs">
              sluice.mjs
            </Anchor>
            . The same for machines:{" "}
            <Anchor underline="always" size="sm" href="/api/v1/openapi.json">
              openapi.json
            </Anchor>{" "}
            (OpenAPI 3.1).
          </>
        }
      />
      <ApiReference groups={groups} />
    </>
  );
}
