"use client";

import { Button, Group, Stack, Table, Text, VisuallyHidden } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, fetched } from "@/components/api";
import { EmptyState } from "@/components/ui/empty-state";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { TableRegion } from "@/components/ui/table-region";
import { Time } from "@/components/ui/time";
import { WordBadge } from "@/components/vocabulary/badges";
import { KIND_RULES } from "@/lib/notify/rules";
import type { NewSecretView, WebhookDeliveryView, WebhookView } from "@/lib/notify/views";
import type { Page } from "@/lib/schema";
import { RemoveDialog, RotateDialog } from "./webhook-confirm";
import { WebhookDeliveries } from "./webhook-deliveries";
import { WebhookDialog } from "./webhook-dialog";
import { WebhookSecret } from "./webhook-secret";

interface WebhookRegisterProps {
  initial: WebhookView[];
  deliveries: Page<WebhookDeliveryView>;
  initialQuery: string;
  useCases: { slug: string; name: string }[];
  manages: boolean;
}

type Open =
  | { what: "set" | "rotate" | "remove"; webhook: WebhookView }
  | { what: "set"; webhook: null }
  | { what: "secret"; webhook: NewSecretView };

/** Addresses outside that are told what happens, and what became of each delivery. */
export function WebhookRegister(props: WebhookRegisterProps) {
  const { initial, deliveries, initialQuery, useCases, manages } = props;
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  const { data, error, refetch } = useQuery({
    queryKey: ["webhooks"],
    queryFn: () => fetched(api.webhooks.$get()),
    initialData: initial,
    refetchInterval: 5_000,
  });
  const add = manages && (
    <Button size="xs" onClick={() => setOpen({ what: "set", webhook: null })}>
      Add a webhook
    </Button>
  );
  const showSecret = (webhook: NewSecretView) => setOpen({ what: "secret", webhook });
  return (
    <Stack gap="lg">
      {error && <ProblemAlert error={error} onRetry={() => refetch()} />}
      {data.length === 0 ? (
        <EmptyState title="No webhook is set up" action={add}>
          A chat, a ticket system or a program of your own hears what happens as it happens: signed, tried
          again when it is away, by references and links alone. An admin adds it.
        </EmptyState>
      ) : (
        <section aria-label="Webhooks">
          <Group justify="flex-end" mb="xs" className="no-print">
            {add}
          </Group>
          <TableRegion label="Table of webhooks">
            <Table verticalSpacing={5} horizontalSpacing="xs" fz="sm" miw={900}>
              <VisuallyHidden component="caption">Webhooks</VisuallyHidden>
              <Table.Thead>
                <Table.Tr>
                  {["Address", "State", "Hears of", "Last delivered", "Waiting", "Given up"].map((name) => (
                    <Table.Th key={name} scope="col">
                      {name}
                    </Table.Th>
                  ))}
                  {manages && <Table.Th scope="col">Actions</Table.Th>}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {data.map((webhook) => (
                  <WebhookRow
                    key={webhook.id}
                    webhook={webhook}
                    onOpen={manages ? (what) => setOpen({ what, webhook }) : null}
                  />
                ))}
              </Table.Tbody>
            </Table>
          </TableRegion>
        </section>
      )}
      <WebhookDeliveries initial={deliveries} initialQuery={initialQuery} manages={manages} />
      {open?.what === "set" && (
        <WebhookDialog webhook={open.webhook} useCases={useCases} onClose={close} onAdded={showSecret} />
      )}
      {open?.what === "rotate" && (
        <RotateDialog webhook={open.webhook} onClose={close} onRotated={showSecret} />
      )}
      {open?.what === "remove" && <RemoveDialog webhook={open.webhook} onClose={close} />}
      {open?.what === "secret" && <WebhookSecret webhook={open.webhook} onClose={close} />}
    </Stack>
  );
}

interface WebhookRowProps {
  webhook: WebhookView;
  /** Null for those who only read. */
  onOpen: ((what: "set" | "rotate" | "remove") => void) | null;
}

function WebhookRow({ webhook, onOpen }: WebhookRowProps) {
  const { url, state, kinds, useCases, lastDeliveredAt, waiting, dead } = webhook;
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={600} style={{ overflowWrap: "anywhere" }}>
        {url}
      </Table.Th>
      <Table.Td>
        <Standing webhook={webhook} />
      </Table.Td>
      <Table.Td>
        {kinds.length === 0 ? "Every kind" : kinds.map((kind) => KIND_RULES[kind].title).join(", ")}
        {useCases.length > 0 && (
          <Text size="xs" c="dimmed">
            of {useCases.join(", ")}
          </Text>
        )}
      </Table.Td>
      <Table.Td>{lastDeliveredAt ? <Time at={lastDeliveredAt} /> : "never"}</Table.Td>
      <Table.Td>{waiting.toLocaleString("en-GB")}</Table.Td>
      <Table.Td>{dead.toLocaleString("en-GB")}</Table.Td>
      {onOpen && (
        <Table.Td>
          {state !== "removed" && (
            <Group gap={4}>
              {state === "enabled" && <TestButton webhook={webhook} />}
              {(["set", "rotate", "remove"] as const).map((what) => (
                <Button
                  key={what}
                  size="compact-xs"
                  variant="subtle"
                  {...(what === "remove" ? { color: "red" } : {})}
                  aria-label={`${VERBS[what]} ${url}`}
                  onClick={() => onOpen(what)}
                >
                  {VERBS[what]}
                </Button>
              ))}
            </Group>
          )}
        </Table.Td>
      )}
    </Table.Tr>
  );
}

const VERBS = { set: "Change", rotate: "Rotate secret", remove: "Remove" } as const;

function Standing({ webhook }: { webhook: WebhookView }) {
  const { state, disabledAt, disabledReason, removedAt, previousSecretUntil } = webhook;
  if (state === "removed") {
    return (
      <>
        <WordBadge word="retired">removed</WordBadge> {removedAt && <Time at={removedAt} dateOnly />}
      </>
    );
  }
  if (state === "disabled") {
    return (
      <>
        <WordBadge word="denied">disabled</WordBadge> {disabledAt && <Time at={disabledAt} dateOnly />}
        {disabledReason && <Text size="xs">{disabledReason}</Text>}
      </>
    );
  }
  return (
    <>
      <WordBadge word="in_force">enabled</WordBadge>
      {previousSecretUntil && (
        <Text size="xs">
          Two secrets until <Time at={previousSecretUntil} />
        </Text>
      )}
    </>
  );
}

function TestButton({ webhook: { id, url } }: { webhook: WebhookView }) {
  const client = useQueryClient();
  const test = useMutation({
    mutationFn: () => fetched(api.webhooks[":id"].test.$post({ param: { id } })),
    onSuccess: () => {
      client.invalidateQueries({ queryKey: ["webhook-deliveries"] });
      notifications.show({ message: `A test event to ${url} is on its way.`, color: "green" });
    },
    onError: (error) => notifications.show({ message: error.message, color: "red" }),
  });
  return (
    <Button
      size="compact-xs"
      variant="subtle"
      loading={test.isPending}
      aria-label={`Send a test event to ${url}`}
      onClick={() => test.mutate()}
    >
      Send a test
    </Button>
  );
}
