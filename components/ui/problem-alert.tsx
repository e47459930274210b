"use client";

import { Alert, Anchor, Button, Group, Text } from "@mantine/core";
import { ApiProblem } from "@/components/api";

interface ProblemAlertProps {
  error: unknown;
  onRetry?: () => void;
  /** Paths of fields that say themselves what is wrong with them. */
  saidByFields?: readonly string[];
}

/** Says what went wrong, the id that stands in the log, and offers to try again. */
export function ProblemAlert({ error, onRetry, saidByFields = [] }: ProblemAlertProps) {
  const problem = error instanceof ApiProblem ? error : null;
  return (
    <Alert color="red" variant="light" role="alert" title={titleOf(problem)}>
      <Text size="sm">
        {problem?.message ?? "Something went wrong in this page. Reload it and try again."}
      </Text>
      {problem?.code === "unauthenticated" && (
        <Text size="sm">
          What you typed is still here.{" "}
          <Anchor href="/sign-in" target="_blank" size="sm" underline="always">
            Sign in in a new tab
          </Anchor>
          , come back and send it again.
        </Text>
      )}
      {problem?.fields
        .filter(({ path }) => !saidByFields.includes(path))
        .map((field) => (
          <Text size="sm" key={field.path}>
            {field.path}: {field.message}
          </Text>
        ))}
      <Group mt={4} gap="sm">
        {problem?.id && (
          <Text size="xs" c="dimmed">
            Error id {problem.id}
          </Text>
        )}
        {onRetry && (
          <Button size="compact-xs" variant="light" color="red" onClick={onRetry}>
            Try again
          </Button>
        )}
      </Group>
    </Alert>
  );
}

function titleOf(problem: ApiProblem | null): string {
  if (problem?.code === "conflict") return "Someone else was first";
  return problem?.code === "unauthenticated" ? "You are signed out" : "That did not work";
}
