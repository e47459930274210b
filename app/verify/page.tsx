import { Code, Container, Text, Title } from "@mantine/core";
import type { Metadata } from "next";
import { VerifyForm } from "@/components/evidence/verify-form";
import { LinkAnchor } from "@/components/ui/links";

export const metadata: Metadata = { title: "Verify an evidence pack" };

export default function VerifyPage() {
  return (
    <Container size={820} py={{ base: 24, sm: 56 }} component="main">
      <Text size="sm" mb="xs">
        <LinkAnchor href="/">Sluice</LinkAnchor>
      </Text>
      <Title order={1} size="h2" mb={4}>
        Verify an evidence pack
      </Title>
      <Text c="dimmed" mb="lg">
        The pack is checked in your browser and is sent nowhere. You need no account, and once this page is
        open, no connection either. <Code>npm run verify-evidence</Code> does the same on the command line.
      </Text>
      <VerifyForm />
    </Container>
  );
}
