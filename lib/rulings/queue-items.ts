import type { PersonActor } from "@/lib/access/context";
import type { Db } from "@/lib/db/prisma";
import { getControl } from "@/lib/policy/catalogue";
import type { QueueItem } from "@/lib/telemetry/views";
import { toUseCaseRef } from "@/lib/use-cases/refs";
import { listAppealsWaitingFor } from "./queries";
import { appealRef } from "./rules";

const SUMMARY_LENGTH = 160;

/** Open appeals that this person may answer, as items of their queue. */
export async function readAppealItems(db: Db, person: PersonActor): Promise<QueueItem[]> {
  return (await listAppealsWaitingFor(db, person)).map((row) => ({
    kind: "appeal",
    id: row.id,
    ref: appealRef(row),
    useCase: toUseCaseRef(row.useCase),
    direction: null,
    summary: beginning(`${getControl(row.control)?.title ?? row.control}: ${row.reason}`),
    requestedBy: row.openedBy.name,
    since: row.openedAt.toISOString(),
    dueAt: null,
    href: `/telemetry/appeals/${appealRef(row)}`,
  }));
}

function beginning(text: string): string {
  return text.length <= SUMMARY_LENGTH ? text : `${text.slice(0, SUMMARY_LENGTH - 1).trimEnd()}…`;
}
