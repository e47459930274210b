import type { Metadata } from "next";
import { pageContext } from "@/app/page-context";
import { ChangePage } from "@/components/changes/change-page";
import { getChange } from "@/lib/changes/queries";
import { orNotFound } from "../../or-not-found";

interface PageProps {
  params: Promise<{ ref: string }>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  return { title: (await params).ref.slice(0, 40) };
}

export default async function Page({ params }: PageProps) {
  const ctx = await pageContext();
  const { ref } = await params;
  return <ChangePage initial={await orNotFound(getChange(ctx, { id: ref }))} />;
}
