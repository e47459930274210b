"use client";

import { Alert, Grid, Paper, Stack, Text, Timeline, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { api, fetched } from "@/components/api";
import { PageHeader } from "@/components/ui/page-header";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { Time } from "@/components/ui/time";
import { useLastGood } from "@/components/ui/use-url-filter";
import { WordBadge } from "@/components/vocabulary/badges";
import type { ExceptionView } from "@/lib/exceptions/views";
import { ExceptionActions } from "./exception-actions";
import { ExceptionFacts } from "./exception-facts";
import { PermissionSentence } from "./permission-sentence";
import { standingText } from "./words";

/** One exception: what it permits and what stands in its way, then everything about it. */
export function ExceptionDetail({ initial }: { initial: ExceptionView }) {
  const query = useQuery({
    queryKey: ["exception", initial.ref],
    queryFn: () => fetched(api.exceptions[":id"].$get({ param: { id: initial.id } })),
    initialData: initial,
  });
  const exception = useLastGood(query.data) ?? initial;
  const standing = standingText(exception);
  return (
    <>
      <PageHeader
        title={exception.ref}
        badges={
          <>
            <WordBadge word={exception.state} />
            {exception.broad && <WordBadge word="mixed">broad</WordBadge>}
          </>
        }
        actions={<ExceptionActions exception={exception} />}
      />
      <Stack gap="md">
        {query.error && <ProblemAlert error={query.error} onRetry={() => query.refetch()} />}
        <PermissionSentence exception={exception} />
        {standing && (
          <Alert role="note" variant="light" color={exception.state === "review_overdue" ? "orange" : "gray"}>
            {standing}
          </Alert>
        )}
        <Grid gap="lg">
          <Grid.Col span={{ base: 12, lg: 7 }}>
            <Stack gap="lg">
              <Prose title="Justification" text={exception.justification} />
              <Prose title="Compensating controls" text={exception.compensatingControls} />
              <Reviews exception={exception} />
              <History exception={exception} />
            </Stack>
          </Grid.Col>
          <Grid.Col span={{ base: 12, lg: 5 }}>
            <ExceptionFacts exception={exception} />
          </Grid.Col>
        </Grid>
      </Stack>
    </>
  );
}

function Prose({ title, text }: { title: string; text: string }) {
  return (
    <section>
      <Title order={2} size="h5" mb={4}>
        {title}
      </Title>
      <Text size="sm" maw={760} style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
        {text}
      </Text>
    </section>
  );
}

function Reviews({ exception }: { exception: ExceptionView }) {
  if (exception.reviews.length === 0) return null;
  return (
    <section>
      <Title order={2} size="h5" mb={4}>
        Reviews
      </Title>
      <Stack gap="xs">
        {exception.reviews.map(({ at, by, note, nextReviewAt }) => (
          <Paper key={at} withBorder p="xs">
            <Text size="sm">{note}</Text>
            <Text size="xs" c="dimmed">
              {by.name}, <Time at={at} />; next due <Time at={nextReviewAt} dateOnly />
            </Text>
          </Paper>
        ))}
      </Stack>
    </section>
  );
}

function History({ exception }: { exception: ExceptionView }) {
  return (
    <section>
      <Title order={2} size="h5" mb="xs">
        Timeline
      </Title>
      <Timeline bulletSize={12} lineWidth={2} active={exception.timeline.length}>
        {exception.timeline.map(({ at, action, person, text }) => (
          <Timeline.Item key={`${at} ${action}`}>
            <Text size="sm">
              <b>{action.replace(/^exception\./, "").replaceAll("_", " ")}</b> by {person}
            </Text>
            {text && (
              <Text size="sm" maw={700}>
                “{text}”
              </Text>
            )}
            <Text size="xs" c="dimmed">
              <Time at={at} />
            </Text>
          </Timeline.Item>
        ))}
      </Timeline>
    </section>
  );
}
