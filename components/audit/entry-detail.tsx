"use client";

import { Anchor, Code, Group, Paper, Stack, Text, Title } from "@mantine/core";
import Link from "next/link";
import type { ReactNode } from "react";
import { Fact, FactList } from "@/components/ui/facts";
import { LinkButton } from "@/components/ui/links";
import { PageHeader } from "@/components/ui/page-header";
import { Time } from "@/components/ui/time";
import type { ProvenEntryView } from "@/lib/audit/views";
import { InclusionProof } from "./inclusion-proof";
import { subjectHref, subjectText } from "./words";

/** One audit entry with its place in the log. */
export function EntryDetail({ entry }: { entry: ProvenEntryView }) {
  const href = subjectHref(entry.subject);
  return (
    <>
      <PageHeader
        title={`Entry ${entry.number}`}
        description={`${entry.actor.name}: ${entry.action}`}
        actions={
          <Group gap="xs">
            {entry.number > 1 && (
              <LinkButton href={`/audit/${entry.number - 1}`} variant="default">
                Entry before
              </LinkButton>
            )}
            {entry.inclusion && entry.inclusion.checkpoint.size > entry.number && (
              <LinkButton href={`/audit/${entry.number + 1}`} variant="default">
                Entry after
              </LinkButton>
            )}
            <LinkButton href="/audit" variant="default">
              All entries
            </LinkButton>
          </Group>
        }
      />
      <Stack gap="md" maw={960}>
        <Part title="What happened">
          <FactList>
            <Fact name="Action">
              <Code>{entry.action}</Code>
            </Fact>
            <Fact name="When">
              <Time at={entry.at} /> (<Code>{entry.at}</Code>)
            </Fact>
            <Fact name="Who">
              {entry.actor.name} ({entry.actor.kind})
            </Fact>
            <Fact name="Subject">
              {href ? (
                <Anchor component={Link} href={href} size="sm" underline="always">
                  {subjectText(entry.subject)}
                </Anchor>
              ) : (
                subjectText(entry.subject)
              )}{" "}
              <Text span size="xs" c="dimmed" ff="monospace">
                {entry.subject.id}
              </Text>
            </Fact>
            {entry.useCase && (
              <Fact name="Use case">
                <Anchor component={Link} href={`/use-cases/${entry.useCase}`} size="sm">
                  {entry.useCase}
                </Anchor>
              </Fact>
            )}
            {entry.reason && <Fact name="Reason">{entry.reason}</Fact>}
          </FactList>
          {Object.keys(entry.detail).length > 0 && (
            <Code block mt="sm" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
              {JSON.stringify(entry.detail, null, 2)}
            </Code>
          )}
        </Part>
        <Part title="Its place in the log">
          <InclusionProof entry={entry} />
        </Part>
      </Stack>
    </>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Paper withBorder p="md" component="section">
      <Title order={2} size="h5" mb="sm">
        {title}
      </Title>
      {children}
    </Paper>
  );
}
