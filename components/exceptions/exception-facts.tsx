import { Anchor, List, Paper, Stack, Text, Title } from "@mantine/core";
import Link from "next/link";
import type { ReactNode } from "react";
import { Fact, FactList } from "@/components/ui/facts";
import { Time } from "@/components/ui/time";
import type { ExceptionView, OwnerRef } from "@/lib/exceptions/views";
import { leftText } from "@/lib/policy/time-left";
import { ChainPanel } from "./chain-panel";
import { SCOPE_DIMENSIONS, SCOPE_WORDS } from "./words";

/** Scope, owners, times and use of an exception. */
export function ExceptionFacts({ exception }: { exception: ExceptionView }) {
  return (
    <Stack gap="md">
      <Card title="What it covers">
        <Coverage exception={exception} />
      </Card>
      <Card title="Who">
        <Fact name="Risk owner">{ownerText(exception.riskOwner)}</Fact>
        <Fact name="Business owner">{ownerText(exception.businessOwner)}</Fact>
        <Fact name="Requested by">{exception.requestedBy.name}</Fact>
        {exception.decidedBy && (
          <Fact name="Decided by">
            {exception.decidedBy.name}
            {exception.decidedAt && (
              <>
                , <Time at={exception.decidedAt} />
              </>
            )}
          </Fact>
        )}
        {exception.decisionNote && <Fact name="Note">{exception.decisionNote}</Fact>}
      </Card>
      <Card title="When">
        <Times exception={exception} />
      </Card>
      {!["rejected", "withdrawn"].includes(exception.status) && (
        <Paper withBorder p="md" component="section">
          <Title order={2} size="h6" mb="xs">
            Renewals
          </Title>
          <ChainPanel chain={exception.chain} />
        </Paper>
      )}
      <Card title="Use">
        <Fact name="Spared">
          {exception.used === 1 ? "1 decision" : `${exception.used.toLocaleString("en-GB")} decisions`}
        </Fact>
        {exception.lastUsedAt && (
          <Fact name="Last used">
            in the hour from <Time at={exception.lastUsedAt} />
          </Fact>
        )}
        <Fact name="Category">{exception.category}</Fact>
        <Fact name="Terms">
          <Text span ff="monospace" size="xs" style={{ overflowWrap: "anywhere" }}>
            {exception.termsDigest}
          </Text>
        </Fact>
      </Card>
    </Stack>
  );
}

function ownerText({ name, active }: OwnerRef): string {
  return active ? name : `${name} (left)`;
}

function Card({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Paper withBorder p="md" component="section">
      <Title order={2} size="h6" mb="xs">
        {title}
      </Title>
      <FactList>{children}</FactList>
    </Paper>
  );
}

function Coverage({ exception }: { exception: ExceptionView }) {
  const { useCase, controls, scope, broad } = exception;
  return (
    <>
      <Fact name="Use case">
        <Anchor component={Link} href={`/use-cases/${useCase.slug}`} size="sm" underline="always">
          {useCase.name}
        </Anchor>{" "}
        (tier {useCase.tier})
      </Fact>
      <Fact name={controls.length === 1 ? "Control" : "Controls"}>
        <List size="sm" listStyleType="none">
          {controls.map(({ id, title }) => (
            <List.Item key={id}>
              {title}{" "}
              <Text span size="xs" c="dimmed" ff="monospace">
                {id}
              </Text>
            </List.Item>
          ))}
        </List>
      </Fact>
      {broad && <Fact name="Only for">the whole use case: nothing narrows it down</Fact>}
      {SCOPE_DIMENSIONS.map((dimension) => {
        const list = scope[dimension];
        if (!list?.length) return null;
        return (
          <Fact key={dimension} name={`Only ${SCOPE_WORDS[dimension]}`}>
            {list.join(", ")}
          </Fact>
        );
      })}
    </>
  );
}

function Times({ exception }: { exception: ExceptionView }) {
  const { startsAt, expiresAt, hoursLeft, reviewAt, reviewedAt, endedAt, endedReason } = exception;
  return (
    <>
      <Fact name="Starts">
        <Time at={startsAt} />
      </Fact>
      <Fact name="Expires">
        <Time at={expiresAt} />
        {hoursLeft === null ? "" : ` (${leftText(hoursLeft)} left)`}
      </Fact>
      <Fact name="Review due">
        <Time at={reviewAt} />
      </Fact>
      {reviewedAt && (
        <Fact name="Last reviewed">
          <Time at={reviewedAt} />
        </Fact>
      )}
      {endedAt && (
        <Fact name="Ended">
          <Time at={endedAt} />
          {endedReason ? `: ${endedReason}` : ""}
        </Fact>
      )}
    </>
  );
}
