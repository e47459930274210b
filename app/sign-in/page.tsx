import type { Metadata } from "next";
import { SignInForm } from "@/components/shell/sign-in-form";
import { ownPath } from "@/lib/access/rules";

export const metadata: Metadata = { title: "Sign in" };

export default async function SignInPage({
  searchParams,
}: {
  searchParams: Promise<{ callbackUrl?: string | string[] }>;
}) {
  const { callbackUrl } = await searchParams;
  return <SignInForm next={ownPath(callbackUrl)} />;
}
