import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { pageContext } from "@/app/page-context";
import { ExceptionDetail } from "@/components/exceptions/exception-detail";
import { SluiceError } from "@/lib/errors";
import { getException } from "@/lib/exceptions/queries";

interface ExceptionPageProps {
  params: Promise<{ ref: string }>;
}

export async function generateMetadata({ params }: ExceptionPageProps): Promise<Metadata> {
  return { title: (await params).ref.slice(0, 40) };
}

export default async function ExceptionPage({ params }: ExceptionPageProps) {
  const ctx = await pageContext();
  const { ref } = await params;
  const exception = await getException(ctx, { id: ref }).catch((error: unknown) => {
    if (error instanceof SluiceError && error.code === "not_found") notFound();
    throw error;
  });
  return <ExceptionDetail initial={exception} />;
}
