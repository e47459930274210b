import { Container, Text, Title } from "@mantine/core";
import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { SetupForm } from "@/components/people/setup-form";
import { EmptyState } from "@/components/ui/empty-state";
import { sharedDb } from "@/lib/db/shared";
import { needsSetup } from "@/lib/people/setup";

export const metadata: Metadata = { title: "Set up", referrer: "no-referrer" };

interface SetupPageProps {
  searchParams: Promise<{ token?: string | string[] }>;
}

export default async function SetupPage({ searchParams }: SetupPageProps) {
  const { token } = await searchParams;
  if (!(await needsSetup(sharedDb()))) redirect("/sign-in");
  return (
    <Container size={440} py={{ base: 40, sm: 96 }} component="main">
      <Title order={1} size="h2" mb={4}>
        Set up Sluice
      </Title>
      <Text c="dimmed" mb="lg">
        Nobody can sign in yet. Make the first admin, who then adds everybody else.
      </Text>
      {typeof token === "string" && token.length >= 20 ? (
        <SetupForm token={token} />
      ) : (
        <EmptyState title="Open the one-time link">
          It stands in the log of the console, printed when it started, and is good for 24 hours. Start the
          console again for a new one.
        </EmptyState>
      )}
    </Container>
  );
}
