"use client";

import { Alert, Button, Code, Group, Select, Stack, Table, Text, Title, VisuallyHidden } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, fetched } from "@/components/api";
import { EmptyState } from "@/components/ui/empty-state";
import { Fact, FactList } from "@/components/ui/facts";
import { PagedList } from "@/components/ui/paged-list";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { Time } from "@/components/ui/time";
import { useUrlFilter } from "@/components/ui/use-url-filter";
import { KIND_RULES } from "@/lib/notify/rules";
import type { NoticeKind } from "@/lib/notify/schema";
import type { MailSettingsView, MailView } from "@/lib/notify/views";
import type { Page } from "@/lib/schema";
import { DELIVERY_STATES, DeliveryState } from "./delivery-state";

const EVERY_MS = 3_000;

interface MailPanelProps {
  settings: MailSettingsView;
  mails: Page<MailView>;
  initialQuery: string;
  manages: boolean;
}

/** How mail is sent, a test of it, and what became of each mail. */
export function MailPanel({ settings: initial, mails, initialQuery, manages }: MailPanelProps) {
  const client = useQueryClient();
  const { data: settings } = useQuery({
    queryKey: ["mail"],
    queryFn: () => fetched(api.mail.$get()),
    initialData: initial,
  });
  const test = useMutation({
    mutationFn: () => fetched(api.mail.test.$post()),
    onSuccess: (after) => {
      client.setQueryData(["mail"], after);
      client.invalidateQueries({ queryKey: ["mails"] });
      notifications.show({ message: "A test mail to you is on its way.", color: "green" });
    },
  });
  return (
    <Stack gap="lg">
      <section aria-label="How mail is sent">
        <HowSent settings={settings} />
        {manages && settings.state === "on" && (
          <Group mt="sm">
            <Button size="xs" loading={test.isPending} onClick={() => test.mutate()}>
              Send a test mail to me
            </Button>
          </Group>
        )}
        {test.error && <ProblemAlert error={test.error} />}
      </section>
      <Mails initial={mails} initialQuery={initialQuery} resends={manages && settings.state === "on"} />
    </Stack>
  );
}

function HowSent({ settings }: { settings: MailSettingsView }) {
  if (settings.state === "off") {
    return (
      <Alert role="note" variant="light" color="blue" title="No mail is sent">
        People are told in their inbox alone. To send mail, start console and jobs with{" "}
        <Code>SLUICE_SMTP_URL</Code>, <Code>SLUICE_MAIL_FROM</Code> and <Code>SLUICE_URL</Code>.
      </Alert>
    );
  }
  if (settings.state === "wrong") {
    return (
      <Alert role="note" variant="light" color="orange" title="Mail is not set up rightly">
        {settings.problem}
      </Alert>
    );
  }
  return (
    <FactList>
      <Fact name="Server">{settings.server}</Fact>
      <Fact name="Encryption">
        {settings.encryption === "none" ? "none: a server on this machine" : settings.encryption}
      </Fact>
      <Fact name="From">{settings.from}</Fact>
      <Fact name="Links begin with">{settings.baseUrl}</Fact>
      <Fact name="On their way">{settings.waiting.toLocaleString("en-GB")}</Fact>
      <Fact name="Given up">{settings.dead.toLocaleString("en-GB")}</Fact>
    </FactList>
  );
}

interface MailsProps {
  initial: Page<MailView>;
  initialQuery: string;
  /** May the viewer send again what was given up? */
  resends: boolean;
}

function Mails({ initial, initialQuery, resends }: MailsProps) {
  const [params, change] = useUrlFilter();
  const list = useQuery({
    queryKey: ["mails", params.toString()],
    queryFn: () => fetched(api.mail.deliveries.$get({ query: Object.fromEntries(params) })),
    ...(params.toString() === initialQuery ? { initialData: initial } : {}),
    placeholderData: keepPreviousData,
    refetchInterval: EVERY_MS,
  });
  return (
    <section aria-label="Mails">
      <Group justify="space-between" align="flex-end" mb={4}>
        <Title order={2} size="h4">
          Mails
        </Title>
        <Select
          label="State"
          placeholder="Any"
          size="xs"
          w={150}
          clearable
          data={DELIVERY_STATES}
          value={params.get("state")}
          onChange={(state) => change({ state })}
        />
      </Group>
      <PagedList
        noun="mails"
        page={list.data}
        error={list.error}
        onRetry={() => list.refetch()}
        cursor={params.get("cursor")}
        onCursor={(cursor) => change({ cursor })}
        empty={
          <EmptyState title={params.has("state") ? "No mail is in this state" : "No mail was made yet"}>
            Each mail stands here, with what became of it.
          </EmptyState>
        }
      >
        <Table verticalSpacing={5} horizontalSpacing="xs" fz="sm" miw={820}>
          <VisuallyHidden component="caption">Mails, newest first</VisuallyHidden>
          <Table.Thead>
            <Table.Tr>
              {["Subject", "To", "Kind", "State", "Made", ...(resends ? ["Action"] : [])].map((name) => (
                <Table.Th key={name} scope="col">
                  {name}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {list.data?.items.map((mail) => (
              <Table.Tr key={mail.id}>
                <Table.Th scope="row" fw={500} style={{ overflowWrap: "anywhere" }}>
                  {mail.subject}
                </Table.Th>
                <Table.Td style={{ whiteSpace: "nowrap" }}>{mail.person.name}</Table.Td>
                <Table.Td style={{ whiteSpace: "nowrap" }}>{kindText(mail.kind)}</Table.Td>
                <Table.Td>
                  <DeliveryState delivery={mail} />
                </Table.Td>
                <Table.Td>
                  <Text span size="sm">
                    <Time at={mail.createdAt} />
                  </Text>
                </Table.Td>
                {resends && <Table.Td>{mail.state === "dead" && <AgainButton mail={mail} />}</Table.Td>}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </PagedList>
    </section>
  );
}

function AgainButton({ mail: { id, subject, person } }: { mail: MailView }) {
  const client = useQueryClient();
  const again = useMutation({
    mutationFn: () => fetched(api.mail.deliveries[":id"]["send-again"].$post({ param: { id } })),
    onSuccess: (after) => {
      client.setQueryData(["mail"], after);
      client.invalidateQueries({ queryKey: ["mails"] });
      notifications.show({ message: `The mail to ${person.name} is on its way again.`, color: "green" });
    },
    onError: (error) => notifications.show({ message: error.message, color: "red" }),
  });
  return (
    <Button
      size="compact-xs"
      variant="subtle"
      loading={again.isPending}
      aria-label={`Send again: ${subject} to ${person.name}`}
      onClick={() => again.mutate()}
    >
      Send again
    </Button>
  );
}

function kindText(kind: string): string {
  if (kind === "digest") return "Daily digest";
  return kind === "test" ? "Test" : (KIND_RULES[kind as NoticeKind]?.title ?? kind);
}
