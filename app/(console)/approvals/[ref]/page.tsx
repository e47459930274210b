import type { Metadata } from "next";
import { pageContext } from "@/app/page-context";
import { ApprovalDetail } from "@/components/approvals/approval-detail";
import { getApproval } from "@/lib/approvals/queries";
import { orNotFound } from "../../or-not-found";

interface ApprovalPageProps {
  params: Promise<{ ref: string }>;
}

export async function generateMetadata({ params }: ApprovalPageProps): Promise<Metadata> {
  return { title: (await params).ref.slice(0, 40) };
}

export default async function ApprovalPage({ params }: ApprovalPageProps) {
  const ctx = await pageContext();
  const { ref } = await params;
  return <ApprovalDetail initial={await orNotFound(getApproval(ctx, { id: ref }))} />;
}
