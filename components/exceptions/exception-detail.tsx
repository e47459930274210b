"use client";

import { Alert, Grid, Paper, Stack, Text, Timeline, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { api, fetched } from "@/components/api";
import { PageHeader } from "@/components/ui/page-header";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { Time } from "@/components/ui/time";
import { useLastGood } from "@/components/ui/use-url-filter";
import type { ExceptionView } from "@/lib/exceptions/views";
import { usePreview, useUsage } from "./calls";
import { ExceptionActions } from "./exception-actions";
import { ExceptionBadges } from "./exception-badges";
import { ExceptionFacts } from "./exception-facts";
import { PermissionSentence } from "./permission-sentence";
import { SparedPanel } from "./spared-panel";
import { UsePanel } from "./use-panel";
import { either, standingText } from "./words";

/** One exception: what it permits and what stands in its way, then everything about it. */
export function ExceptionDetail({ initial }: { initial: ExceptionView }) {
  const query = useQuery({
    queryKey: ["exception", initial.ref],
    queryFn: () => fetched(api.exceptions[":id"].$get({ param: { id: initial.id } })),
    initialData: initial,
  });
  const exception = useLastGood(query.data) ?? initial;
  return (
    <>
      <PageHeader
        title={exception.ref}
        badges={<ExceptionBadges exception={exception} />}
        actions={<ExceptionActions exception={exception} />}
      />
      <Stack gap="md">
        {query.error && <ProblemAlert error={query.error} onRetry={() => query.refetch()} />}
        <Brief exception={exception} />
        <Grid gap="lg">
          <Grid.Col span={{ base: 12, lg: 7 }}>
            <Stack gap="lg">
              {!isAsked(exception) && <Reasons exception={exception} />}
              <Reviews exception={exception} />
              <Shortenings exception={exception} />
              <Reassignments exception={exception} />
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

/** Everything that a decision needs: what it permits, who asks, what stands in its way, and its measured effect. */
function Brief({ exception }: { exception: ExceptionView }) {
  const standing = standingText(exception);
  const asked = isAsked(exception);
  const isApproved = exception.decidedAt !== null && exception.status !== "rejected";
  const preview = usePreview(exception, asked);
  const usage = useUsage(exception, isApproved);
  return (
    <Stack gap="xs">
      <PermissionSentence exception={exception} />
      {exception.broad && asked && (
        <Text size="sm">
          <b>It is broad:</b> nothing limits it, so it spares every request of {exception.useCase.name} from
          these controls.
        </Text>
      )}
      {asked && (
        <Grid gap="lg">
          <Grid.Col span={{ base: 12, lg: 7 }}>
            <SparedPanel spared={preview.data} error={preview.error} onRetry={() => preview.refetch()} />
          </Grid.Col>
          <Grid.Col span={{ base: 12, lg: 5 }}>
            <Stack gap="xs">
              <Reasons exception={exception} />
            </Stack>
          </Grid.Col>
        </Grid>
      )}
      {standing && (
        <Alert
          role="note"
          variant="light"
          color={exception.state === "review_overdue" ? "orange" : "gray"}
          py="xs"
        >
          {standing}
          {exception.suspendedSince && (
            <>
              {" "}
              Suspended since <Time at={exception.suspendedSince} />.
            </>
          )}
        </Alert>
      )}
      {exception.reassign && (
        <Alert role="note" variant="light" color="orange" py="xs">
          {leftText(exception)} can no longer sign in. It is up for reassignment, and cannot be renewed until
          that is done.
        </Alert>
      )}
      {exception.unused && (
        <Alert role="note" variant="light" color="gray" py="xs">
          It has spared nothing for so long that it counts as unused. If nobody needs it any more, retire it.
        </Alert>
      )}
      {isApproved && <UsePanel usage={usage.data} error={usage.error} onRetry={() => usage.refetch()} />}
    </Stack>
  );
}

function isAsked({ status }: ExceptionView): boolean {
  return status === "draft" || status === "submitted";
}

/** Why it is asked for, and what is done instead. */
function Reasons({ exception }: { exception: ExceptionView }) {
  return (
    <>
      <Prose title="Justification" text={exception.justification} />
      <Prose title="Compensating controls" text={exception.compensatingControls} />
    </>
  );
}

function leftText({ riskOwner, businessOwner }: ExceptionView): string {
  const left = [riskOwner, businessOwner].filter(({ active }) => !active).map(({ name }) => name);
  return either([...new Set(left)], "and");
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

function Shortenings({ exception }: { exception: ExceptionView }) {
  if (exception.shortenings.length === 0) return null;
  return (
    <section>
      <Title order={2} size="h5" mb={4}>
        Shortened
      </Title>
      <Stack gap="xs">
        {exception.shortenings.map(({ at, by, from, to, reason }) => (
          <Paper key={at} withBorder p="xs">
            <Text size="sm">
              Until <Time at={to} />, no longer until <Time at={from} />. “{reason}”
            </Text>
            <Text size="xs" c="dimmed">
              {by.name}, <Time at={at} />
            </Text>
          </Paper>
        ))}
      </Stack>
    </section>
  );
}

function Reassignments({ exception }: { exception: ExceptionView }) {
  if (exception.reassignments.length === 0) return null;
  return (
    <section>
      <Title order={2} size="h5" mb={4}>
        Owners before
      </Title>
      <Stack gap="xs">
        {exception.reassignments.map(({ at, owner, from, to, by, reason }) => (
          <Paper key={at} withBorder p="xs">
            <Text size="sm">
              {owner === "risk_owner" ? "Risk owner" : "Business owner"}: {from.name}, then {to.name}. “
              {reason}”
            </Text>
            <Text size="xs" c="dimmed">
              {by.name}, <Time at={at} />
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
