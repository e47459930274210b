"use client";

import { Alert, Button, Group, Text } from "@mantine/core";
import { PageHeader } from "@/components/ui/page-header";

export interface ErrorPageProps {
  error: Error & { digest?: string };
  retry: () => void;
}

/** Says that a page failed, under which id the log has it, and offers to try again. */
export default function ErrorPage({ error, retry }: ErrorPageProps) {
  return (
    <>
      <PageHeader title="This page could not be shown" />
      <Alert color="red" variant="light" role="alert" title="Something went wrong on our side">
        <Text size="sm">
          Nothing was changed by it. Try again; if it fails again, hand the id to whoever runs this console.
        </Text>
        <Group mt="xs" gap="sm">
          {error.digest && (
            <Text size="xs" c="dimmed">
              Error id {error.digest}
            </Text>
          )}
          <Button size="compact-sm" variant="light" color="red" onClick={retry}>
            Try again
          </Button>
        </Group>
      </Alert>
    </>
  );
}
