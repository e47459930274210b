import type { PersonActor } from "@/lib/access/context";
import type { Relation } from "@/lib/access/permissions";
import { listWaitingFor } from "@/lib/approvals/queries";
import { refOf } from "@/lib/approvals/rules";
import type { AskedView } from "@/lib/approvals/views";
import { listWaitingChanges } from "@/lib/changes/queue-items";
import type { Direction } from "@/lib/changes/rules";
import type { Db } from "@/lib/db/prisma";
import { readDriftItems } from "@/lib/drift/queue-items";
import { STANDING, stakesOf } from "@/lib/exceptions/refs";
import { getControl } from "@/lib/policy/catalogue";
import type { Tier } from "@/lib/policy/vocabulary";
import { readAppealItems } from "@/lib/rulings/queue-items";
import type { UseCaseRef } from "@/lib/use-cases/views";
import {
  type Owned,
  waitsForDecision,
  waitsForOwner,
  waitsForRecertification,
  waitsForReview,
  warnsOfExpiry,
} from "./queue";
import type { QueueItem } from "./views";

const SUMMARY_LENGTH = 160;

const USE_CASE = {
  select: {
    id: true,
    slug: true,
    name: true,
    tier: true,
    riskOwnerId: true,
    members: { select: { personId: true } },
  },
} as const;

interface UseCaseRow {
  id: string;
  slug: string;
  name: string;
  tier: Tier;
  riskOwnerId: string;
  members: { personId: string }[];
}

/**
 * What waits on this person: held requests, changes to decide, accept, apply, rebase or review, exceptions to decide, review or
 * renew.
 */
export async function readQueue(
  db: Db,
  person: PersonActor,
  now: Date,
  { withDrift = true }: { withDrift?: boolean } = {},
): Promise<QueueItem[]> {
  const [held, changes, exceptions, drift, appeals] = await Promise.all([
    heldItems(db, person, now),
    changeItems(db, person, now),
    exceptionItems(db, person, now),
    withDrift ? readDriftItems(db, person, now) : [],
    readAppealItems(db, person),
  ]);
  return [...held, ...changes, ...exceptions, ...drift, ...appeals].sort(
    (a, b) => compareDue(a.dueAt, b.dueAt) || (a.since < b.since ? -1 : a.since > b.since ? 1 : 0),
  );
}

async function heldItems(db: Db, person: PersonActor, now: Date): Promise<QueueItem[]> {
  return (await listWaitingFor(db, person, now)).map((row): QueueItem => {
    const { action, tool, model, destination } = row.asked as AskedView;
    const what = [action?.replaceAll("_", " "), tool ?? destination ?? model].filter(Boolean).join(": ");
    return {
      kind: "held_request",
      id: row.id,
      ref: refOf(row),
      useCase: toRef(row.useCase),
      direction: null,
      summary: beginning(`${what} (${titles(row.controls)})`),
      requestedBy: row.workload.name,
      since: row.createdAt.toISOString(),
      dueAt: row.expiresAt.toISOString(),
      href: `/approvals/${refOf(row)}`,
    };
  });
}

async function changeItems(db: Db, person: PersonActor, now: Date): Promise<QueueItem[]> {
  return (await listWaitingChanges(db, person, now)).map(({ kind, row, title, since, dueAt }): QueueItem => {
    const ref = `CHG-${row.ref}`;
    return {
      kind,
      id: row.id,
      ref,
      useCase: row.useCase && toRef(row.useCase),
      direction: row.direction as Direction,
      summary: beginning(row.useCase ? row.justification : `${title}: ${row.justification}`),
      requestedBy: row.requestedBy?.name ?? "a safeguard",
      since: since.toISOString(),
      dueAt: dueAt?.toISOString() ?? null,
      href: `/changes/${ref}`,
    };
  });
}

async function exceptionItems(db: Db, person: PersonActor, now: Date): Promise<QueueItem[]> {
  const exceptions = await db.policyException.findMany({
    where: { OR: [{ status: "submitted" }, { status: "approved", expiresAt: { gt: now } }] },
    include: {
      useCase: USE_CASE,
      requestedBy: { select: { name: true } },
      riskOwner: { select: { deactivatedAt: true } },
      businessOwner: { select: { deactivatedAt: true } },
      shortenings: { select: { at: true }, orderBy: { revision: "desc" }, take: 1 },
      campaigns: { select: { campaign: { select: { ref: true, startedAt: true, dueAt: true } } } },
      renewals: { where: { status: "approved" }, select: { id: true }, take: 1 },
      ...STANDING,
    },
    orderBy: { ref: "asc" },
  });
  return exceptions.flatMap((exception): QueueItem[] => {
    const parties = { ...exception, before: stakesOf(exception) };
    const named = relationOf(exception.useCase, person.id);
    const relation = { ...named, isRiskOwner: named.isRiskOwner || exception.riskOwnerId === person.id };
    const ref = `EXC-${exception.ref}`;
    const item = (kind: QueueItem["kind"], since: Date, dueAt: Date): QueueItem => ({
      kind,
      id: exception.id,
      ref,
      useCase: toRef(exception.useCase),
      direction: null,
      summary: beginning(`${titles(exception.controls)}: ${exception.justification}`),
      requestedBy: exception.requestedBy.name,
      since: since.toISOString(),
      dueAt: dueAt.toISOString(),
      href: `/exceptions/${ref}`,
    });
    const left = waitsForOwner(person, exception, relation)
      ? [item("exception_reassignment", leftAt(exception) ?? exception.createdAt, exception.expiresAt)]
      : [];
    if (exception.status === "submitted") {
      const since = exception.submittedAt ?? exception.createdAt;
      return waitsForDecision(person, parties, relation)
        ? [...left, item("exception_approval", since, exception.startsAt)]
        : left;
    }
    const terms = {
      ...parties,
      approvedAt: exception.decidedAt ?? exception.createdAt,
      shortenedAt: exception.shortenings[0]?.at ?? null,
    };
    const asked = exception.campaigns
      .map(({ campaign }) => campaign)
      .filter((campaign) => waitsForRecertification(person, terms, campaign, relation, now));
    return [
      ...left,
      ...asked.map((campaign) => ({
        ...item("campaign_item", campaign.startedAt, campaign.dueAt),
        href: `/exceptions/campaigns/CMP-${campaign.ref}`,
      })),
      ...(asked.length === 0 && waitsForReview(person, terms, relation, now)
        ? [item("exception_review", terms.approvedAt, exception.reviewAt)]
        : []),
      ...(exception.renewals.length === 0 && warnsOfExpiry(person, terms, relation, now)
        ? [item("exception_expiring", terms.approvedAt, exception.expiresAt)]
        : []),
    ];
  });
}

/** When the first of its owners was deactivated. */
function leftAt(exception: Owned): Date | null {
  return exception.riskOwner.deactivatedAt ?? exception.businessOwner.deactivatedAt;
}

function relationOf(useCase: UseCaseRow, personId: string): Relation {
  return {
    isRiskOwner: useCase.riskOwnerId === personId,
    isApplicationOwner: useCase.members.some((member) => member.personId === personId),
  };
}

function toRef({ id, slug, name, tier }: UseCaseRef): UseCaseRef {
  return { id, slug, name, tier };
}

function titles(controls: readonly string[]): string {
  return controls.map((id) => getControl(id)?.title ?? id).join(", ");
}

function beginning(text: string): string {
  return text.length <= SUMMARY_LENGTH ? text : `${text.slice(0, SUMMARY_LENGTH - 1).trimEnd()}…`;
}

function compareDue(a: string | null, b: string | null): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return a < b ? -1 : 1;
}
