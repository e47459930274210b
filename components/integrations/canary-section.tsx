"use client";

import { Button, Group, List, Stack, Text, Title } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, fetched } from "@/components/api";
import { Copyable } from "@/components/ui/copyable";
import { LinkAnchor } from "@/components/ui/links";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { Time } from "@/components/ui/time";
import { WordBadge } from "@/components/vocabulary/badges";
import { CANARY_CLIENTS, type CanaryClient } from "@/lib/integrations/schema";
import type { Integration } from "@/lib/integrations/snippets";
import type { CanaryDecision, CanaryView } from "@/lib/integrations/views";
import { SendCanary } from "./send-canary";
import { metSince, metText } from "./words";

const POLL_MS = 2000;

interface CanarySectionProps {
  integration: Integration;
  useCase: { slug: string; name: string };
  decisionPoint: string;
  initial: CanaryDecision[];
  maySend: boolean;
}

/** Proves that an installation stops what is blocked: a text that is, and whether it was met. */
export function CanarySection(props: CanarySectionProps) {
  const { integration, useCase, decisionPoint, initial, maySend } = props;
  const make = useMutation({
    mutationFn: (): Promise<CanaryView> =>
      fetched(api["use-cases"][":id"].canary.$post({ param: { id: useCase.slug } })),
  });
  const [sent, setSent] = useState<readonly string[]>([]);
  const client = CANARY_CLIENTS.find((id) => id === integration.id);
  return (
    <Stack gap="sm">
      <Text size="sm" maw={760}>
        A canary is a text that every decision point blocks for {useCase.name} at any stage, whatever its
        policy says, for 15 minutes.{" "}
        {integration.observesOnly
          ? "This client only tells of calls afterwards, so nothing can be blocked here: a canary shows that what it tells arrives."
          : "Send it through your client as a user's message; it must be refused there."}
      </Text>
      {maySend ? (
        <Group>
          <Button size="xs" loading={make.isPending} onClick={() => make.mutate()}>
            {make.data ? "Make another canary" : "Make a canary"}
          </Button>
        </Group>
      ) : (
        <Text size="sm" c="dimmed">
          Its owners, security leads and admins can make one.
        </Text>
      )}
      {make.error && <ProblemAlert error={make.error} />}
      {make.data && (
        <>
          <Copyable label="The canary" what="the canary" text={make.data.text} />
          <Text size="sm">
            It lives until <Time at={make.data.expiresAt} seconds />.
          </Text>
        </>
      )}
      <Met useCase={useCase.slug} initial={initial} madeAt={make.data?.madeAt ?? null} sent={sent} />
      {maySend && client && (
        <SendFrom
          client={client}
          title={integration.title}
          slug={useCase.slug}
          decisionPoint={decisionPoint}
          onSent={(id) => setSent((ids) => [...ids, id])}
        />
      )}
    </Stack>
  );
}

interface SendFromProps {
  client: CanaryClient;
  title: string;
  slug: string;
  decisionPoint: string;
  onSent: (decisionId: string) => void;
}

function SendFrom({ client, title, slug, decisionPoint, onSent }: SendFromProps) {
  return (
    <section aria-label="Send it from here">
      <Title order={3} size="h5">
        Send it from here
      </Title>
      <Text size="sm" maw={760} mb="xs">
        The console sends a canary and an ordinary text to <code>{decisionPoint}</code> as {title} would. This
        tries the credential and the policy, not your own client: only the canary above does that.
      </Text>
      <SendCanary client={client} useCase={slug} onSent={onSent} />
    </section>
  );
}

interface MetProps {
  useCase: string;
  initial: CanaryDecision[];
  /** When the canary on the page was made; null without one. */
  madeAt: string | null;
  /** Ids of decisions on what was sent from this page. */
  sent: readonly string[];
}

/** Looks every two seconds while the page is visible. */
function Met({ useCase, initial, madeAt, sent }: MetProps) {
  const { data, error, refetch } = useQuery({
    queryKey: ["canary", useCase],
    queryFn: () => fetched(api["use-cases"][":id"].canary.$get({ param: { id: useCase } })),
    initialData: { items: initial },
    refetchInterval: POLL_MS,
  });
  const met = metSince(data.items, madeAt);
  const isOurs = ({ id, fromConsole }: CanaryDecision) => fromConsole || sent.includes(id);
  const isAwaited = madeAt !== null && met.every(isOurs);
  return (
    <section aria-label="Where it was met">
      {error && <ProblemAlert error={error} onRetry={() => refetch()} />}
      <div aria-live="polite">
        {isAwaited && (
          <Text size="sm" c="dimmed">
            Waiting for your client to send it …
          </Text>
        )}
        {!isAwaited && met.length === 0 && (
          <Text size="sm" c="dimmed">
            No canary was met in the last 15 minutes.
          </Text>
        )}
        <List size="sm" listStyleType="none" spacing={2}>
          {met.map((decision) => (
            <List.Item key={decision.id}>
              <WordBadge word={decision.kind === "observation" ? "flag" : decision.outcome}>
                {decision.kind === "observation" ? "observed" : decision.outcome.replaceAll("_", " ")}
              </WordBadge>{" "}
              {metText(decision)} at <Time at={decision.decidedAt} seconds />
              {decision.workload && ` (asked by workload ${decision.workload})`}
              {isOurs(decision) && ", sent from the console"}:{" "}
              <LinkAnchor href={`/telemetry/decisions/${decision.id}`} underline="always">
                decision …{decision.id.slice(-8)}
              </LinkAnchor>
            </List.Item>
          ))}
        </List>
      </div>
    </section>
  );
}
