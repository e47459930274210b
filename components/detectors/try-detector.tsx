"use client";

import { Box, Button, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { api, fetched } from "@/components/api";
import { WordBadge } from "@/components/vocabulary/badges";
import type { DetectorTrial } from "@/lib/detectors/views";
import { trialText } from "./words";

/** Asks a detector once, on a harmless text, and says what came of it. */
export function TryDetector({ name }: { name: string }) {
  const attempt = useMutation({
    mutationFn: (): Promise<DetectorTrial> => fetched(api.detectors[":name"].try.$post({ param: { name } })),
  });
  return (
    <Box maw={280}>
      <Button
        size="compact-xs"
        variant="light"
        aria-label={`Try ${name}`}
        loading={attempt.isPending}
        onClick={() => attempt.mutate()}
      >
        Try
      </Button>
      <div aria-live="polite">
        {attempt.error && <Text size="xs">{attempt.error.message}</Text>}
        {attempt.data && (
          <Text component="div" size="xs" mt={4} style={{ overflowWrap: "anywhere" }}>
            <WordBadge word={attempt.data.isAvailable ? "in_force" : "rejected"}>
              {attempt.data.isAvailable ? "answers" : "does not answer"}
            </WordBadge>{" "}
            {trialText(attempt.data)}
          </Text>
        )}
      </div>
    </Box>
  );
}
