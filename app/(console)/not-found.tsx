import type { Metadata } from "next";
import { EmptyState } from "@/components/ui/empty-state";
import { LinkButton } from "@/components/ui/links";
import { PageHeader } from "@/components/ui/page-header";

export const metadata: Metadata = { title: "Not found" };

export default function NotFound() {
  return (
    <>
      <PageHeader title="There is no such page" />
      <EmptyState
        title="Nothing stands at this address"
        action={<LinkButton href="/">To the overview</LinkButton>}
      >
        It may be mistyped. Nothing of the product is ever deleted, so a reference such as CHG-12 or EXC-31
        that once worked still does.
      </EmptyState>
    </>
  );
}
