"use client";

import { Box, Button, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { api, fetched } from "@/components/api";
import { WordBadge } from "@/components/vocabulary/badges";
import type { IssuerCheckView, IssuerView } from "@/lib/workloads/views";

/** Fetches an issuer's keys as a decision point would, and says what was found or what is in the way. */
export function IssuerCheck({ issuer }: { issuer: IssuerView }) {
  const check = useMutation({
    mutationFn: (): Promise<IssuerCheckView> =>
      fetched(api.issuers[":id"].check.$post({ param: { id: issuer.id } })),
  });
  return (
    <Box maw={320}>
      <Button
        size="compact-xs"
        variant="light"
        aria-label={`Check now: ${issuer.name}`}
        loading={check.isPending}
        onClick={() => check.mutate()}
      >
        Check now
      </Button>
      <div aria-live="polite">
        {check.error && <Text size="xs">{check.error.message}</Text>}
        {check.data && <Found found={check.data} />}
      </div>
    </Box>
  );
}

function Found({ found }: { found: IssuerCheckView }) {
  if (!found.found) {
    return (
      <Text component="div" size="xs" mt={4}>
        <WordBadge word="rejected">no keys</WordBadge> {found.why}
      </Text>
    );
  }
  const { keys, unusable, algorithms, jwksUri } = found;
  return (
    <Text component="div" size="xs" mt={4} style={{ overflowWrap: "anywhere" }}>
      <WordBadge word="in_force">{keys === 1 ? "1 key" : `${keys} keys`}</WordBadge> for{" "}
      {algorithms.join(", ")}, at {jwksUri}
      {unusable > 0 && `; ${unusable} more cannot be used here`}.
    </Text>
  );
}
