"use client";

import { Alert, Blockquote, Code, Grid, Group, Paper, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { ApprovalFate } from "@/components/approvals/approval-fate";
import { FindingRulings } from "@/components/rulings/finding-rulings";
import { Fact, FactList } from "@/components/ui/facts";
import { LinkAnchor } from "@/components/ui/links";
import { Time } from "@/components/ui/time";
import { WordBadge } from "@/components/vocabulary/badges";
import type { ApprovalSummary } from "@/lib/approvals/views";
import type { FindingRulings as FindingRulingsView } from "@/lib/rulings/views";
import type { DecisionView as View } from "@/lib/telemetry/views";
import { useRowKeys } from "../use-row-keys";
import { durationText, madeUpText, numberText } from "../words";
import { ChainTable } from "./chain-table";
import { factLines } from "./fact-lines";
import { FindingsTable } from "./findings-table";
import { outcomeSentence } from "./outcome-sentence";
import { PolicyThen } from "./policy-then";

interface DecisionViewProps {
  decision: View;
  /** The held request that it was answered with. */
  approval: ApprovalSummary | null;
  /** What people said of its findings. */
  rulings: FindingRulingsView[];
}

/** One decision with all that is known of it: what came out and why, the session around it, and its proof. */
export function DecisionView({ decision, approval, rulings }: DecisionViewProps) {
  useRowKeys();
  return (
    <Stack gap="md">
      <Notices decision={decision} />
      <Group gap="lg">
        <Verdict name="Outcome" word={decision.outcome} />
        <Verdict name="Would be, were it enforcing" word={decision.wouldBe} />
        <Text size="sm" maw={620}>
          {outcomeSentence(decision)}
        </Text>
      </Group>
      {decision.outcome === "require_approval" && (
        <Section title="A person's word">
          {approval === null ? (
            <Text size="sm">Nobody was asked: no held request is recorded for it, so it did not pass.</Text>
          ) : (
            <ApprovalFate approval={approval} decisionId={decision.id} />
          )}
        </Section>
      )}
      <Section title="Findings">
        <FindingsTable
          at={decision.decidedAt}
          findings={decision.findings}
          unavailable={decision.facts?.unavailable ?? []}
        />
      </Section>
      {rulings.length > 0 && (
        <Section title="Rulings and appeals">
          <FindingRulings decisionId={decision.id} initial={rulings} />
        </Section>
      )}
      <Section title="Session">
        <ChainTable
          current={decision.id}
          chain={decision.chain}
          chainOf={decision.chainOf}
          sessionId={decision.sessionId}
        />
      </Section>
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Section title="What was asked">
            <Facts decision={decision} />
          </Section>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Stack gap="md">
            <Section title="Policy as it was">
              <PolicyThen decision={decision} />
            </Section>
            <Section title="Record and proof">
              <Proof decision={decision} />
            </Section>
          </Stack>
        </Grid.Col>
      </Grid>
    </Stack>
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

function Verdict({ name, word }: { name: string; word: string }) {
  return (
    <Stack gap={2}>
      <Text size="xs" c="dimmed">
        {name}
      </Text>
      <WordBadge word={word} />
    </Stack>
  );
}

function Notices({ decision }: { decision: View }) {
  const { synthetic, late, kind } = decision;
  return (
    <>
      {synthetic.length > 0 && (
        <Alert color="blue" variant="light" title="Synthetic" py="xs">
          Whoever sent this made up: {madeUpText(synthetic)}. It is no record of real traffic.
        </Alert>
      )}
      {kind === "observation" && (
        <Text size="sm">
          This was observed after the fact. Nothing could be stopped any more, so it says only what would have
          been.
        </Text>
      )}
      {late && (
        <Text size="sm">This was recorded late: the database did not answer when the decision was made.</Text>
      )}
    </>
  );
}

function Facts({ decision }: { decision: View }) {
  return (
    <>
      {decision.facts === null ? (
        <Text size="sm">The facts of this request are no longer kept. What came out still stands above.</Text>
      ) : (
        <FactList>
          {factLines(decision.facts).map(({ name, value }) => (
            <Fact key={name} name={name}>
              {value}
            </Fact>
          ))}
        </FactList>
      )}
      <Text size="sm" fw={600} mt="sm" mb={4}>
        Excerpt, redacted
      </Text>
      {decision.excerpt === null ? (
        <Text size="sm" c="dimmed">
          No content was kept: the policy keeps none, or the request had none.
        </Text>
      ) : (
        <Blockquote p="xs" m={0} fz="sm" style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap" }}>
          {decision.excerpt}
        </Blockquote>
      )}
    </>
  );
}

function Proof({ decision }: { decision: View }) {
  const { batch } = decision;
  return (
    <FactList>
      <Fact name="Decided">
        <Time at={decision.decidedAt} seconds />
      </Fact>
      <Fact name="Evaluated in">{durationText(decision.evaluatedUs)}</Fact>
      <Fact name="Decision">
        <Code>{decision.id}</Code>
      </Fact>
      <Fact name="Batch">
        row {numberText(batch.index + 1)} of <Code>{batch.id}</Code>
      </Fact>
      <Fact name="Anchored">
        {batch.anchoredBy === null ? (
          "not yet: batches are anchored in the audit log every minute"
        ) : (
          <>
            by{" "}
            <LinkAnchor href={`/audit/${batch.anchoredBy}`} underline="always">
              audit entry {numberText(batch.anchoredBy)}
            </LinkAnchor>
          </>
        )}
      </Fact>
      <Id name="Session" value={decision.sessionId} />
      <Id name="Trace" value={decision.traceId} />
      <Id name="Actor (hashed)" value={decision.actorHash} />
      <Id name="Content digest" value={decision.contentDigest && `sha256:${decision.contentDigest}`} />
      <Id name="Facts digest" value={`sha256:${decision.factDigest}`} />
      <Id name="Policy digest" value={decision.policyDigest} />
    </FactList>
  );
}

function Id({ name, value }: { name: string; value: string | null }) {
  return <Fact name={name}>{value === null ? "none" : <Code>{value}</Code>}</Fact>;
}
