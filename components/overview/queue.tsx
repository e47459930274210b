"use client";

import { Anchor, Table, Text, VisuallyHidden } from "@mantine/core";
import Link from "next/link";
import { Panel } from "@/components/telemetry/panel";
import { numberText } from "@/components/telemetry/words";
import { TableRegion } from "@/components/ui/table-region";
import { Time } from "@/components/ui/time";
import { WordBadge } from "@/components/vocabulary/badges";
import type { QueueItem, QueueKind } from "@/lib/telemetry/views";
import classes from "./queue.module.css";

/** What is to be done, and what the date beside it means. */
const KINDS: Record<QueueKind, { todo: string; due: string }> = {
  change_approval: { todo: "Approve change", due: "" },
  change_acceptance: { todo: "Accept readiness of", due: "" },
  change_apply: { todo: "Apply change", due: "" },
  change_rebase: { todo: "Rebase change", due: "" },
  change_look: { todo: "Look at change", due: "" },
  change_review: { todo: "Review broken glass", due: "steps back" },
  exception_approval: { todo: "Decide exception", due: "starts" },
  exception_review: { todo: "Review exception", due: "review due" },
  held_request: { todo: "Decide held request", due: "expires" },
  appeal: { todo: "Answer appeal", due: "" },
  drift: { todo: "Answer drift", due: "" },
  exception_reassignment: { todo: "Reassign exception", due: "ends" },
  campaign_item: { todo: "Recertify", due: "due" },
  exception_expiring: { todo: "Exception expires", due: "ends" },
};

/** Due within hours: the day alone would say too little. */
const WITHIN_HOURS: readonly QueueKind[] = ["held_request", "change_review"];

/** Everything that waits on the person who is signed in, the soonest due first. */
export function Queue({ queue, of }: { queue: readonly QueueItem[]; of: number }) {
  const aside = of === 0 ? null : `${numberText(queue.length)} of ${numberText(of)}`;
  return (
    <Panel title="Waiting on you" aside={aside}>
      {queue.length === 0 ? (
        <Text size="sm" c="dimmed">
          Nothing waits on you. Held requests, changes to approve, exceptions to decide, review or renew will
          stand here.
        </Text>
      ) : (
        <TableRegion label="Table of what waits on you">
          <Table verticalSpacing={4} horizontalSpacing={6} fz="sm" withRowBorders={false} highlightOnHover>
            <VisuallyHidden component="caption">What waits on you</VisuallyHidden>
            <Table.Tbody>
              {queue.map((item) => (
                <Item key={`${item.kind} ${item.id}`} item={item} />
              ))}
            </Table.Tbody>
          </Table>
        </TableRegion>
      )}
    </Panel>
  );
}

function Item({ item }: { item: QueueItem }) {
  const { todo, due } = KINDS[item.kind];
  const when = (
    <>
      {item.dueAt ? due : "since"}{" "}
      <Time at={item.dueAt ?? item.since} dateOnly={!WITHIN_HOURS.includes(item.kind)} />
    </>
  );
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={600} style={{ whiteSpace: "nowrap" }}>
        <Anchor component={Link} href={item.href} size="sm">
          {todo} {item.ref}
        </Anchor>
        <Text size="xs" c="dimmed" hiddenFrom="sm" truncate maw={170}>
          {item.useCase?.name ?? "Organisation"}
        </Text>
        <Text size="xs" hiddenFrom="sm">
          {item.direction && `${item.direction}, `}
          {when}
        </Text>
      </Table.Th>
      <Table.Td visibleFrom="sm" w="100%" maw={0}>
        <div className={classes["about"]} title={`${item.summary} (asked by ${item.requestedBy})`}>
          <span>{item.useCase?.name ?? "Organisation"}</span>
          {item.direction && <WordBadge word={item.direction} />}
          <Text size="sm" c="dimmed" truncate>
            {item.summary}
          </Text>
        </div>
      </Table.Td>
      <Table.Td visibleFrom="sm" ta="right" style={{ whiteSpace: "nowrap" }}>
        {when}
      </Table.Td>
    </Table.Tr>
  );
}
