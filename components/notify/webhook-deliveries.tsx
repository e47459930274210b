"use client";

import { Button, Group, Select, Table, Text, Title, VisuallyHidden } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, fetched } from "@/components/api";
import { PagedList } from "@/components/ui/paged-list";
import { Time } from "@/components/ui/time";
import { useUrlFilter } from "@/components/ui/use-url-filter";
import type { WebhookDeliveryView } from "@/lib/notify/views";
import type { Page } from "@/lib/schema";
import { DELIVERY_STATES, DeliveryState } from "./delivery-state";

const EVERY_MS = 3_000;

interface WebhookDeliveriesProps {
  initial: Page<WebhookDeliveryView>;
  initialQuery: string;
  manages: boolean;
}

/** What was sent to webhooks and what became of it; what was given up can be sent again. */
export function WebhookDeliveries({ initial, initialQuery, manages }: WebhookDeliveriesProps) {
  const [params, change] = useUrlFilter();
  const list = useQuery({
    queryKey: ["webhook-deliveries", params.toString()],
    queryFn: () => fetched(api["webhook-deliveries"].$get({ query: Object.fromEntries(params) })),
    ...(params.toString() === initialQuery ? { initialData: initial } : {}),
    placeholderData: keepPreviousData,
    refetchInterval: EVERY_MS,
  });
  return (
    <section aria-label="Deliveries">
      <Group justify="space-between" align="flex-end" mb={4}>
        <Title order={2} size="h4">
          Deliveries
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
        noun="deliveries"
        page={list.data}
        error={list.error}
        onRetry={() => list.refetch()}
        cursor={params.get("cursor")}
        onCursor={(cursor) => change({ cursor })}
        empty={<Text size="sm">Each event that a webhook wants stands here, with what became of it.</Text>}
      >
        <Table verticalSpacing={5} horizontalSpacing="xs" fz="sm" miw={820}>
          <VisuallyHidden component="caption">Deliveries to webhooks, newest first</VisuallyHidden>
          <Table.Thead>
            <Table.Tr>
              {["Event", "To", "State", "Answer", "Made", ...(manages ? ["Action"] : [])].map((name) => (
                <Table.Th key={name} scope="col">
                  {name}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {list.data?.items.map((delivery) => (
              <Table.Tr key={delivery.id}>
                <Table.Th scope="row" fw={500}>
                  {delivery.type}
                </Table.Th>
                <Table.Td style={{ overflowWrap: "anywhere" }}>{delivery.url}</Table.Td>
                <Table.Td>
                  <DeliveryState delivery={delivery} />
                </Table.Td>
                <Table.Td>{delivery.status ?? "–"}</Table.Td>
                <Table.Td>
                  <Time at={delivery.createdAt} seconds />
                </Table.Td>
                {manages && (
                  <Table.Td>{delivery.state === "dead" && <AgainButton delivery={delivery} />}</Table.Td>
                )}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </PagedList>
    </section>
  );
}

function AgainButton({ delivery: { id, type, url } }: { delivery: WebhookDeliveryView }) {
  const client = useQueryClient();
  const again = useMutation({
    mutationFn: () => fetched(api["webhook-deliveries"][":id"]["send-again"].$post({ param: { id } })),
    onSuccess: () => {
      client.invalidateQueries({ queryKey: ["webhook-deliveries"] });
      notifications.show({ message: `${type} is on its way again.`, color: "green" });
    },
    onError: (error) => notifications.show({ message: error.message, color: "red" }),
  });
  return (
    <Button
      size="compact-xs"
      variant="subtle"
      loading={again.isPending}
      aria-label={`Send again: ${type} to ${url}`}
      onClick={() => again.mutate()}
    >
      Send again
    </Button>
  );
}
