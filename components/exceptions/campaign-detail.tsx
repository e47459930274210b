"use client";

import {
  Alert,
  Button,
  Checkbox,
  Group,
  Paper,
  Stack,
  Table,
  Text,
  Title,
  VisuallyHidden,
} from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, fetched } from "@/components/api";
import { LinkAnchor } from "@/components/ui/links";
import { PageHeader } from "@/components/ui/page-header";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { TableRegion } from "@/components/ui/table-region";
import { Time } from "@/components/ui/time";
import { useLastGood } from "@/components/ui/use-url-filter";
import { WordBadge } from "@/components/vocabulary/badges";
import type { CampaignItemView, CampaignView } from "@/lib/campaigns/views";
import type { ReviewedView } from "@/lib/exceptions/views";
import { CampaignBadge } from "./campaign-register";
import { ExceptionBadges } from "./exception-badges";
import { ProgressLine } from "./progress-line";
import { ReviewManyDialog, type Verdict } from "./review-many-dialog";
import { scopeText } from "./words";

/** One campaign: how far it is, and what is left, to be kept, shortened or revoked together. */
export function CampaignDetail({ initial, now }: { initial: CampaignView; now: string }) {
  const query = useQuery({
    queryKey: ["campaign", initial.ref],
    queryFn: () => fetched(api.campaigns[":id"].$get({ param: { id: initial.id } })),
    initialData: initial,
  });
  const campaign = useLastGood(query.data) ?? initial;
  const { ref, title, note, startedBy, startedAt, dueAt, closedAt, done, of, byOwner } = campaign;
  return (
    <>
      <PageHeader
        title={`${ref}: ${title}`}
        badges={<CampaignBadge campaign={campaign} />}
        description={note || undefined}
      />
      <Stack gap="md">
        {query.error && <ProblemAlert error={query.error} onRetry={() => query.refetch()} />}
        <Text size="sm">
          {startedBy.name} asked on <Time at={startedAt} dateOnly /> for a review of {of}{" "}
          {of === 1 ? "exception" : "exceptions"} until <Time at={dueAt} />.
          {closedAt && (
            <>
              {" "}
              The last was done on <Time at={closedAt} />.
            </>
          )}
        </Text>
        <Paper withBorder p="md" maw={620}>
          <ProgressLine label={ref} done={done} of={of} />
          {byOwner.length > 1 && (
            <Stack gap={4} mt="sm">
              {byOwner.map(({ owner, ...progress }) => (
                <div key={owner.id}>
                  <Text size="xs">{owner.name}</Text>
                  <ProgressLine label={`what ${owner.name} owns`} {...progress} />
                </div>
              ))}
            </Stack>
          )}
        </Paper>
        <Items campaign={campaign} now={now} onDone={() => query.refetch()} />
      </Stack>
    </>
  );
}

interface ItemsProps {
  campaign: CampaignView;
  now: string;
  onDone: () => void;
}

function Items({ campaign: { items, dueAt }, now, onDone }: ItemsProps) {
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const [results, setResults] = useState<readonly ReviewedView[]>([]);
  const open = items.filter(({ state }) => state === "open");
  const mine = open.filter(({ mayKeep, mayRevoke }) => mayKeep || mayRevoke);
  const picked = mine.filter(({ exception }) => chosen.includes(exception.id));
  const failed = results.filter(({ done }) => !done);
  const toggle = (id: string) =>
    setChosen(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]);
  return (
    <section aria-label="Exceptions of the campaign">
      <Group justify="space-between" mb="xs" gap="xs">
        <Title order={2} size="h5">
          {open.length === 0 ? "All done" : `${open.length} left`}
        </Title>
        {mine.length > 0 && (
          <Group gap="xs" className="no-print">
            <Text size="sm" c="dimmed" role="status">
              {picked.length} of {mine.length} chosen
            </Text>
            <Button
              size="xs"
              disabled={!picked.some(({ mayKeep }) => mayKeep)}
              onClick={() => setVerdict("keep")}
            >
              Keep
            </Button>
            <Button
              size="xs"
              variant="default"
              disabled={!picked.some(({ mayKeep }) => mayKeep)}
              onClick={() => setVerdict("shorten")}
            >
              Shorten
            </Button>
            <Button
              size="xs"
              variant="default"
              disabled={!picked.some(({ mayRevoke }) => mayRevoke)}
              onClick={() => setVerdict("revoke")}
            >
              Revoke
            </Button>
          </Group>
        )}
      </Group>
      <div aria-live="polite">
        {results.length > 0 && (
          <Alert
            variant="light"
            color={failed.length > 0 ? "orange" : "green"}
            mb="xs"
            withCloseButton
            closeButtonLabel="Close"
            onClose={() => setResults([])}
            title={`${results.length - failed.length} of ${results.length} done`}
          >
            {failed.map(({ id, ref, why }) => (
              <Text size="sm" key={id}>
                {ref}: {why}
              </Text>
            ))}
          </Alert>
        )}
      </div>
      <TableRegion label="Table of the campaign's exceptions">
        <Table verticalSpacing={4} horizontalSpacing="xs" fz="sm" miw={940} highlightOnHover>
          <VisuallyHidden component="caption">Exceptions of the campaign, open ones first</VisuallyHidden>
          <Table.Thead>
            <Table.Tr>
              {mine.length > 0 && (
                <Table.Th scope="col" w={36}>
                  <Checkbox
                    size="xs"
                    aria-label="Choose all that you may review"
                    checked={picked.length === mine.length}
                    indeterminate={picked.length > 0 && picked.length < mine.length}
                    onChange={() =>
                      setChosen(
                        picked.length === mine.length ? [] : mine.map(({ exception }) => exception.id),
                      )
                    }
                  />
                </Table.Th>
              )}
              {["Exception", "Review", "State", "Use case", "Only for"].map((name) => (
                <Table.Th key={name} scope="col">
                  {name}
                </Table.Th>
              ))}
              <Table.Th scope="col" ta="right">
                Spared
              </Table.Th>
              <Table.Th scope="col">Last used</Table.Th>
              <Table.Th scope="col">Waits for</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {items.map((item) => (
              <Item
                key={item.exception.id}
                item={item}
                choice={mine.length === 0 ? null : mine.includes(item) ? "offered" : "barred"}
                isChosen={chosen.includes(item.exception.id)}
                onToggle={() => toggle(item.exception.id)}
              />
            ))}
          </Table.Tbody>
        </Table>
      </TableRegion>
      {verdict && (
        <ReviewManyDialog
          verdict={verdict}
          items={picked.filter(({ mayKeep, mayRevoke }) => (verdict === "revoke" ? mayRevoke : mayKeep))}
          nextReviewAt={nextReviewAt(dueAt, now)}
          onClose={() => setVerdict(null)}
          onDone={(done) => {
            setVerdict(null);
            setChosen([]);
            setResults(done);
            onDone();
          }}
        />
      )}
    </section>
  );
}

const QUARTER_MS = 90 * 86_400_000;

/** A quarter after the campaign is due, unless that is past; what expires earlier is due at its expiry. */
function nextReviewAt(dueAt: string, now: string): string {
  return new Date(Math.max(Date.parse(dueAt), Date.parse(now)) + QUARTER_MS).toISOString();
}

interface ItemProps {
  item: CampaignItemView;
  /** Null where nothing of the campaign may be chosen. */
  choice: "offered" | "barred" | null;
  isChosen: boolean;
  onToggle: () => void;
}

const BADGES = {
  open: "submitted",
  kept: "approved",
  shortened: "approved",
  revoked: "revoked",
  retired: "retired",
  expired: "expired",
} as const satisfies Record<CampaignItemView["state"], string>;

function Item({
  item: { exception, state, at, by, note, reviewer, why },
  choice,
  isChosen,
  onToggle,
}: ItemProps) {
  const { ref, useCase, scope, used, lastUsedAt } = exception;
  return (
    <Table.Tr>
      {choice && (
        <Table.Td>
          {choice === "offered" && (
            <Checkbox size="xs" aria-label={`Choose ${ref}`} checked={isChosen} onChange={onToggle} />
          )}
        </Table.Td>
      )}
      <Table.Th scope="row" fw={600}>
        <LinkAnchor href={`/exceptions/${ref}`}>{ref}</LinkAnchor>
      </Table.Th>
      <Table.Td>
        <WordBadge word={BADGES[state]}>{state}</WordBadge>
        {at && (
          <Text size="xs" c="dimmed" title={note ?? undefined}>
            {by && `${by.name}, `}
            <Time at={at} dateOnly />
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <Group gap={4}>
          <ExceptionBadges exception={exception} />
        </Group>
      </Table.Td>
      <Table.Td>{useCase.name}</Table.Td>
      <Table.Td>
        <Text size="sm" truncate maw={220} title={scopeText(scope) ?? undefined}>
          {scopeText(scope) ?? "the whole use case"}
        </Text>
      </Table.Td>
      <Table.Td ta="right">{used.toLocaleString("en-GB")}</Table.Td>
      <Table.Td>{lastUsedAt ? <Time at={lastUsedAt} dateOnly /> : "never"}</Table.Td>
      <Table.Td title={why ?? undefined}>
        {state === "open" ? (reviewer?.name ?? "a security lead") : "–"}
      </Table.Td>
    </Table.Tr>
  );
}
