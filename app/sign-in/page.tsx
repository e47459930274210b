import type { Metadata } from "next";
import { SignInForm } from "@/components/shell/sign-in-form";

export const metadata: Metadata = { title: "Sign in" };

export default async function SignInPage({
  searchParams,
}: {
  searchParams: Promise<{ callbackUrl?: string }>;
}) {
  const { callbackUrl } = await searchParams;
  return (
    <SignInForm next={callbackUrl?.startsWith("/") && !callbackUrl.startsWith("//") ? callbackUrl : "/"} />
  );
}
