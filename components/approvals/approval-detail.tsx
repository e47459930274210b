"use client";

import { Alert, Blockquote, Button, Code, Grid, Paper, Stack, Text, Title } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { ChainTable } from "@/components/telemetry/decision/chain-table";
import { FindingsTable } from "@/components/telemetry/decision/findings-table";
import { useRowKeys } from "@/components/telemetry/use-row-keys";
import { madeUpText, plural } from "@/components/telemetry/words";
import { Fact, FactList } from "@/components/ui/facts";
import { LinkAnchor } from "@/components/ui/links";
import { PageHeader } from "@/components/ui/page-header";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { Time } from "@/components/ui/time";
import { WordBadge } from "@/components/vocabulary/badges";
import type { ApprovalAction } from "@/lib/approvals/lifecycle";
import type { ApprovalView } from "@/lib/approvals/views";
import { ApprovalFate } from "./approval-fate";
import { useApproval } from "./calls";
import { VerdictDialog } from "./verdict-dialog";
import { askedSentence, askedText } from "./words";

const VERBS: Record<ApprovalAction, string> = { grant: "Grant", deny: "Deny" };

/** One held request: what is asked and why it is held, what the session did before, and the word of a person. */
export function ApprovalDetail({ initial }: { initial: ApprovalView }) {
  useRowKeys();
  const { data: approval, error, refetch } = useApproval(initial);
  const [open, setOpen] = useState<ApprovalAction | null>(null);
  return (
    <>
      <PageHeader
        title={`${approval.ref}: ${askedText(approval.asked)}`}
        badges={<WordBadge word={approval.status} />}
        description={
          <>
            A held request of {approval.useCase.name}.{" "}
            <LinkAnchor href="/approvals" underline="always">
              All held requests
            </LinkAnchor>
          </>
        }
        actions={<Verbs approval={approval} onOpen={setOpen} />}
      />
      <Stack gap="md">
        {error && <ProblemAlert error={error} onRetry={() => refetch()} />}
        <Section title="How it stands">
          <ApprovalFate approval={approval} />
          <Barred approval={approval} />
        </Section>
        {approval.synthetic.length > 0 && (
          <Alert color="blue" variant="light" title="Synthetic" py="xs">
            Whoever sent this made up: {madeUpText(approval.synthetic)}. It is no record of real traffic.
          </Alert>
        )}
        <Asked approval={approval} />
        <Why approval={approval} />
      </Stack>
      {open !== null && <VerdictDialog approval={approval} action={open} onClose={() => setOpen(null)} />}
    </>
  );
}

function Verbs({ approval, onOpen }: { approval: ApprovalView; onOpen: (action: ApprovalAction) => void }) {
  const allowed = approval.actions.filter((action) => action.allowed);
  if (allowed.length === 0) return null;
  return allowed.map(({ name }) => (
    <Button
      key={name}
      size="sm"
      {...(name === "deny" && { color: "red", variant: "light" })}
      onClick={() => onOpen(name)}
    >
      {VERBS[name]}
    </Button>
  ));
}

/** Why somebody who looks at what waits cannot decide on it. */
function Barred({ approval }: { approval: ApprovalView }) {
  const why = approval.actions.find(({ allowed }) => !allowed)?.why;
  return why ? (
    <Text size="sm" c="dimmed" mt={6}>
      You cannot decide on it. {why}
    </Text>
  ) : null;
}

function Asked({ approval }: { approval: ApprovalView }) {
  const { useCase, workload, asked, excerpt, createdAt, asks, requestDigest } = approval;
  return (
    <Section title="What is asked">
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Text size="sm" fw={600} mb={6}>
            {askedSentence(approval)}
          </Text>
          <Text size="sm" c="dimmed" mb={4}>
            {asked.tool ? "What it would be called with, redacted" : "Excerpt, redacted"}
          </Text>
          {excerpt === null ? (
            <Text size="sm">No content is kept: the policy keeps none, or the request had none.</Text>
          ) : (
            <Blockquote p="xs" m={0} fz="sm" style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap" }}>
              {excerpt}
            </Blockquote>
          )}
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <FactList>
            <Fact name="Workload">
              {workload.name} <Code>{workload.slug}</Code>
            </Fact>
            <Fact name="Use case">
              <LinkAnchor href={`/use-cases/${useCase.slug}`} underline="always">
                {useCase.name}
              </LinkAnchor>
              , {useCase.tier} risk
            </Fact>
            <Fact name="Asked">
              <Time at={createdAt} seconds />
              {asks > 1 && `, ${plural(asks, "time")} in all`}
            </Fact>
            {asked.tool && <Fact name="Tool">{asked.tool}</Fact>}
            {asked.destination && <Fact name="Destination">{asked.destination}</Fact>}
            {asked.model && <Fact name="Model">{asked.model}</Fact>}
            {asked.dataClass && <Fact name="Data class">{asked.dataClass}</Fact>}
            {asked.purpose && <Fact name="Purpose">{asked.purpose}</Fact>}
            <Fact name="Bound to">
              <Code>{requestDigest}</Code>
            </Fact>
          </FactList>
        </Grid.Col>
      </Grid>
    </Section>
  );
}

function Why({ approval }: { approval: ApprovalView }) {
  const { decision, controls, useCase } = approval;
  if (decision === null) {
    return (
      <Section title="Why it was held">
        <Text size="sm">
          Held by {controls.map(({ title }) => title).join(", ")}. The decision itself is no longer kept.
        </Text>
      </Section>
    );
  }
  return (
    <>
      <Section title="Why it is held">
        <Text size="sm" mb={6}>
          By policy version {decision.policyVersion} of {useCase.name}
          {decision.policy && `, which is ${decision.policy.stage}`}.{" "}
          <LinkAnchor href={`/telemetry/decisions/${decision.id}`} underline="always">
            The decision, with the policy as it was
          </LinkAnchor>
        </Text>
        <FindingsTable at={decision.decidedAt} findings={decision.findings} />
      </Section>
      <Section title="The session around it">
        <ChainTable
          current={decision.id}
          chain={decision.chain}
          chainOf={decision.chainOf}
          sessionId={decision.sessionId}
        />
      </Section>
    </>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Paper withBorder p="sm" component="section" aria-label={title}>
      <Title order={2} size="h5" mb={6}>
        {title}
      </Title>
      {children}
    </Paper>
  );
}
