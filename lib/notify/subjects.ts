import { CHANGE, subjectOf } from "@/lib/changes/row";
import type { Db } from "@/lib/db/prisma";
import { getControl } from "@/lib/policy/catalogue";
import type { Standing } from "./rules";

/** A thing that people are told of: what it is called, where it stands, and who stands to it. */
export interface Subject {
  kind: string;
  id: string;
  /** `EXC-31`, or a slug. */
  ref: string;
  /** What titles call it where the reference is a slug. */
  called?: string;
  /** What it is about, in a few words: names of controls, use cases and dates, never what people or models wrote. */
  about: string;
  /** Slug; null for what belongs to none. */
  useCase: string | null;
  /** A path of the console. */
  href: string;
  standing: Standing;
}

const USE_CASE = {
  select: { slug: true, name: true, riskOwnerId: true, members: { select: { personId: true } } },
} as const;

interface UseCaseRow {
  slug: string;
  name: string;
  riskOwnerId: string;
  members: { personId: string }[];
}

/** What a thing of this kind says of itself; null when there is none, or nobody is told of its kind. */
export async function findSubject(db: Db, kind: string, id: string): Promise<Subject | null> {
  const find = FINDERS[kind];
  return find ? find(db, id) : null;
}

const FINDERS: Record<string, (db: Db, id: string) => Promise<Subject | null>> = {
  change: findChange,
  exception: findException,
  approval: findHeldRequest,
  campaign: findCampaign,
  appeal: findAppeal,
};

function standingIn(useCase: UseCaseRow | null, given: Partial<Standing>): Standing {
  return {
    requesterIds: [],
    businessOwnerId: null,
    riskOwnerIds: useCase ? [useCase.riskOwnerId] : [],
    applicationOwnerIds: useCase?.members.map(({ personId }) => personId) ?? [],
    onWhomItWaits: [],
    namedIds: [],
    ...given,
  };
}

async function findChange(db: Db, id: string): Promise<Subject | null> {
  const row = await db.changeRequest.findUnique({
    where: { id },
    include: { ...CHANGE.include, reverts: { select: { id: true, ref: true, requestedById: true } } },
  });
  if (!row) return null;
  const ref = `CHG-${row.ref}`;
  const of = row.useCase ? row.useCase.name : subjectOf(row).title;
  return {
    kind: "change",
    id,
    ref,
    about: row.direction === "equal" ? of : `${of}, ${row.direction}`,
    useCase: row.useCase?.slug ?? null,
    href: `/changes/${ref}`,
    standing: standingIn(row.useCase, {
      requesterIds: some(row.requestedById, row.brokeGlassById, row.reverts?.requestedById),
    }),
  };
}

async function findException(db: Db, id: string): Promise<Subject | null> {
  const row = await db.policyException.findUnique({ where: { id }, include: { useCase: USE_CASE } });
  if (!row) return null;
  const ref = `EXC-${row.ref}`;
  return {
    kind: "exception",
    id,
    ref,
    about: `${controlNames(row.controls)} for ${row.useCase.name} until ${dayText(row.expiresAt)}`,
    useCase: row.useCase.slug,
    href: `/exceptions/${ref}`,
    standing: standingIn(row.useCase, {
      requesterIds: [row.requestedById],
      riskOwnerIds: [...new Set([row.riskOwnerId, row.useCase.riskOwnerId])],
      businessOwnerId: row.businessOwnerId,
    }),
  };
}

async function findHeldRequest(db: Db, id: string): Promise<Subject | null> {
  const row = await db.approvalRequest.findUnique({
    where: { id },
    include: { useCase: USE_CASE, workload: { select: { slug: true } } },
  });
  if (!row) return null;
  const ref = `APR-${row.ref}`;
  return {
    kind: "approval",
    id,
    ref,
    about: `${controlNames(row.controls)} for ${row.useCase.name}, asked by ${row.workload.slug}`,
    useCase: row.useCase.slug,
    href: `/approvals/${ref}`,
    standing: standingIn(row.useCase, {}),
  };
}

async function findCampaign(db: Db, id: string): Promise<Subject | null> {
  const row = await db.exceptionCampaign.findUnique({
    where: { id },
    include: { items: { include: { exception: { select: { riskOwnerId: true } } } } },
  });
  if (!row) return null;
  const ref = `CMP-${row.ref}`;
  return {
    kind: "campaign",
    id,
    ref,
    about: `${row.items.length === 1 ? "1 exception" : `${row.items.length} exceptions`} to look at again by ${dayText(row.dueAt)}`,
    useCase: null,
    href: `/exceptions/campaigns/${ref}`,
    standing: standingIn(null, {
      requesterIds: [row.startedById],
      riskOwnerIds: [...new Set(row.items.map(({ exception }) => exception.riskOwnerId))],
    }),
  };
}

async function findAppeal(db: Db, id: string): Promise<Subject | null> {
  const row = await db.appeal.findUnique({ where: { id }, include: { useCase: USE_CASE } });
  if (!row) return null;
  const ref = `APL-${row.ref}`;
  return {
    kind: "appeal",
    id,
    ref,
    about: `${controlNames([row.control])} for ${row.useCase.name}${row.status === "open" ? "" : `, ${row.status}`}`,
    useCase: row.useCase.slug,
    href: `/telemetry/appeals/${ref}`,
    standing: standingIn(row.useCase, { requesterIds: [row.openedById] }),
  };
}

function some(...ids: (string | null | undefined)[]): string[] {
  return [...new Set(ids.filter((id) => typeof id === "string"))];
}

const NAMED = 2;

/** `Payment card numbers, Secrets and 3 more`. */
export function controlNames(ids: readonly string[]): string {
  const names = ids.slice(0, NAMED).map((id) => getControl(id)?.title ?? id);
  const rest = ids.length - names.length;
  return rest > 0 ? `${names.join(", ")} and ${rest} more` : names.join(" and ");
}

/** `12 Dec 2026`, in UTC. */
export function dayText(at: Date): string {
  return new Intl.DateTimeFormat("en-GB", {
    day: "numeric",
    month: "short",
    year: "numeric",
    timeZone: "UTC",
  }).format(at);
}
