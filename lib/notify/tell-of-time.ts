import type { Ctx } from "@/lib/access/context";
import type { Db, Prisma } from "@/lib/db/prisma";
import { TERMS, toTerms } from "@/lib/exceptions/terms";
import { stateAt } from "@/lib/policy/exception";
import { AHEAD_DAYS } from "@/lib/telemetry/queue";
import { isOverdue, milestoneAt, OVERDUE_DAYS, REVIEW_DUE_MS } from "./rules";
import { dayText, findSubject, type Subject } from "./subjects";
import { type Occasion, prepareTelling, type TellingOptions, takeTurn, tell } from "./tell";

type JobCtx = Pick<Ctx, "db" | "now">;

const DAY_MS = 86_400_000;

/**
 * Tells of what time alone brings: what expires soon, is due, overdue or suspended. Each is told once, by a key that
 * names the date it refers to; a later look finds it told. False when nobody was told of anything new.
 */
export async function tellOfTime(ctx: JobCtx, options: TellingOptions): Promise<boolean> {
  const found = (
    await Promise.all([
      exceptionOccasions(ctx),
      overdueOccasions(ctx),
      reviewOccasions(ctx),
      credentialOccasions(ctx),
    ])
  ).flat();
  return tellInTurn(ctx, found, options);
}

/** Tells of held requests that nobody was told of: they leave no audit entry and wait for minutes only. */
export async function tellOfHeldRequests(ctx: JobCtx, options: TellingOptions): Promise<boolean> {
  const rows = await ctx.db.approvalRequest.findMany({
    where: { verdict: null, expiresAt: { gt: ctx.now } },
    select: { id: true, createdAt: true },
    orderBy: { ref: "asc" },
  });
  if (rows.length === 0) return false;
  const untold = await withoutTold(ctx.db, rows);
  const found: Occasion[] = [];
  for (const { id, createdAt } of untold) {
    const subject = await findSubject(ctx.db, "approval", id);
    if (subject)
      found.push({
        key: "held",
        type: "approval.held",
        topics: ["held_request"],
        subject,
        at: createdAt,
        actorId: null,
      });
  }
  return tellInTurn(ctx, found, options);
}

async function withoutTold<T extends { id: string }>(db: Db, rows: T[]): Promise<T[]> {
  const told = await db.notification.findMany({
    where: { topic: "held_request", subjectId: { in: rows.map(({ id }) => id) } },
    select: { subjectId: true },
    distinct: ["subjectId"],
  });
  const ids = new Set(told.map(({ subjectId }) => subjectId));
  return rows.filter(({ id }) => !ids.has(id));
}

/**
 * Writes them in one transaction, if nobody else is telling now; else the next look finds them again. False when nobody
 * was told of anything new.
 */
export async function tellInTurn(
  ctx: JobCtx,
  occasions: readonly Occasion[],
  options: TellingOptions,
): Promise<boolean> {
  if (occasions.length === 0) return false;
  const telling = await prepareTelling(ctx, occasions);
  return ctx.db.$transaction(
    async (tx) => (await takeTurn(tx)) && (await tell(tx, ctx.now, telling, options)) > 0,
    { maxWait: 5_000, timeout: 60_000 },
  );
}

async function exceptionOccasions(ctx: JobCtx): Promise<Occasion[]> {
  const rows = await ctx.db.policyException.findMany({
    where: { status: "approved", expiresAt: { gt: ctx.now } },
    ...OWNED_TERMS,
  });
  const found: Occasion[] = [];
  for (const row of rows) {
    const goesOn = row.renewals.length > 0;
    const due = [
      ...dueOf(row, ctx.now, row.shortenings[0]?.at).filter(
        ({ type }) => !goesOn || type !== "exception.expiring",
      ),
      ...ownerLeft(row),
    ];
    if (due.length === 0) continue;
    const subject = await findSubject(ctx.db, "exception", row.id);
    if (subject) found.push(...due.map((one) => ({ ...one, subject, actorId: null })));
  }
  return found;
}

type Due = Omit<Occasion, "subject" | "actorId">;

const OWNED_TERMS = {
  select: {
    ...TERMS.select,
    riskOwner: { select: { name: true, deactivatedAt: true } },
    businessOwner: { select: { deactivatedAt: true } },
    shortenings: { select: { at: true }, orderBy: { revision: "desc" }, take: 1 },
    renewals: { where: { status: "approved" }, select: { id: true }, take: 1 },
  },
} as const satisfies Prisma.PolicyExceptionDefaultArgs;

/** An owner who was deactivated leaves it to somebody to name another. */
function ownerLeft(row: Prisma.PolicyExceptionGetPayload<typeof OWNED_TERMS>): Due[] {
  const left = row.riskOwner.deactivatedAt ?? row.businessOwner.deactivatedAt;
  if (left === null) return [];
  const topics = ["exception_reassignment"] as const;
  return [{ key: `owner left, ${left.toISOString()}`, type: "exception.owner_left", topics, at: left }];
}

/** What an approved exception gives reason to say at an instant. `shortenedAt`: since when its end is the one it has. */
export function dueOf(
  row: Prisma.PolicyExceptionGetPayload<typeof TERMS>,
  now: Date,
  shortenedAt?: Date,
): Due[] {
  const terms = toTerms(row);
  const state = terms && stateAt(terms, now);
  if (!terms || state === "expired" || state === "ended") return [];
  const { expiresAt, reviewAt, reviewedAt, approvedAt } = terms;
  const due: Due[] = [];
  const days = milestoneAt({ since: shortenedAt ?? approvedAt, until: expiresAt }, now);
  if (days !== null) {
    due.push({
      key: `expires in ${days} days, ${expiresAt.toISOString()}`,
      type: "exception.expiring",
      topics: ["exception_expiring"],
      at: new Date(expiresAt.getTime() - days * DAY_MS),
      days,
    });
  }
  const isReviewed = reviewedAt !== null && reviewedAt >= reviewAt;
  if (isReviewed || reviewAt >= expiresAt || state === "scheduled") return due;
  const on = reviewAt.toISOString();
  const day = dayText(reviewAt);
  const dueFrom = new Date(Math.max(reviewAt.getTime() - AHEAD_DAYS * DAY_MS, approvedAt.getTime()));
  if (state === "review_overdue") {
    due.push({
      key: `suspended, ${on}`,
      type: "exception.suspended",
      topics: ["exception_suspended"],
      at: new Date(reviewAt.getTime() + 7 * DAY_MS),
    });
  } else if (now >= reviewAt) {
    const topics = ["exception_review_overdue"] as const;
    due.push({ key: `review overdue, ${on}`, type: "exception.review_overdue", topics, at: reviewAt, day });
  } else if (now >= dueFrom) {
    const topics = ["exception_review"] as const;
    due.push({ key: `review due, ${on}`, type: "exception.review_due", topics, at: dueFrom, day });
  }
  return due;
}

async function overdueOccasions(ctx: JobCtx): Promise<Occasion[]> {
  const before = new Date(ctx.now.getTime() - OVERDUE_DAYS * DAY_MS);
  const submittedAt = { lte: before };
  const select = { id: true, submittedAt: true } as const;
  const [changes, exceptions] = await Promise.all([
    ctx.db.changeRequest.findMany({ where: { status: "in_review", submittedAt }, select }),
    ctx.db.policyException.findMany({ where: { status: "submitted", submittedAt }, select }),
  ]);
  const found: Occasion[] = [];
  const add = async (kind: "change" | "exception", row: { id: string; submittedAt: Date | null }) => {
    const subject = await findSubject(ctx.db, kind, row.id);
    if (!subject || row.submittedAt === null || !isOverdue(row.submittedAt, ctx.now)) return;
    found.push(overdueOf(kind, subject, row.submittedAt));
  };
  for (const row of changes) await add("change", row);
  for (const row of exceptions) await add("exception", row);
  return found;
}

/** What broke the glass and steps back within two hours, unless somebody reviews it. */
async function reviewOccasions(ctx: JobCtx): Promise<Occasion[]> {
  const soon = new Date(ctx.now.getTime() + REVIEW_DUE_MS);
  const rows = await ctx.db.changeRequest.findMany({
    where: { emergency: "break_glass", review: null, reviewDueAt: { gt: ctx.now, lte: soon } },
    select: { id: true, reviewDueAt: true },
  });
  const found: Occasion[] = [];
  for (const { id, reviewDueAt } of rows) {
    const subject = await findSubject(ctx.db, "change", id);
    if (!subject || reviewDueAt === null) continue;
    found.push({
      key: `review due, ${reviewDueAt.toISOString()}`,
      type: "change.review_due",
      topics: ["change_review_due"],
      subject,
      at: new Date(reviewDueAt.getTime() - REVIEW_DUE_MS),
      actorId: null,
    });
  }
  return found;
}

function overdueOf(kind: "change" | "exception", subject: Subject, submittedAt: Date): Occasion {
  return {
    key: `overdue, ${submittedAt.toISOString()}`,
    type: `${kind}.overdue`,
    topics: [`${kind}_overdue`],
    subject,
    at: new Date(submittedAt.getTime() + OVERDUE_DAYS * DAY_MS),
    actorId: null,
  };
}

/** Keys that end soon and are the last of their workload: where another outlives it, somebody has rotated it. */
async function credentialOccasions(ctx: JobCtx): Promise<Occasion[]> {
  const rows = await ctx.db.credential.findMany({
    where: {
      revokedAt: null,
      expiresAt: { gt: ctx.now, lte: new Date(ctx.now.getTime() + 14 * DAY_MS) },
      workload: { retiredAt: null },
    },
    include: {
      workload: {
        select: {
          id: true,
          slug: true,
          credentials: { where: { revokedAt: null }, select: { expiresAt: true } },
          useCases: {
            select: {
              useCase: { select: { slug: true, name: true, members: { select: { personId: true } } } },
            },
          },
        },
      },
    },
  });
  return rows.flatMap((row): Occasion[] => {
    const { workload, expiresAt, createdAt } = row;
    const days = milestoneAt({ since: createdAt, until: expiresAt }, ctx.now);
    const isFollowed = workload.credentials.some((other) => other.expiresAt > expiresAt);
    if (days === null || isFollowed) return [];
    return [
      {
        key: `expires in ${days} days, ${expiresAt.toISOString()}`,
        type: "credential.expiring",
        topics: ["credential_expiring"],
        subject: credentialSubject(row.id, expiresAt, workload),
        at: new Date(expiresAt.getTime() - days * DAY_MS),
        actorId: null,
        days,
      },
    ];
  });
}

function credentialSubject(
  id: string,
  expiresAt: Date,
  workload: {
    slug: string;
    useCases: { useCase: { slug: string; name: string; members: { personId: string }[] } }[];
  },
): Subject {
  const useCases = workload.useCases.map(({ useCase }) => useCase);
  return {
    kind: "credential",
    id,
    ref: workload.slug,
    about: `${useCases.map(({ name }) => name).join(", ")}, until ${dayText(expiresAt)}`,
    useCase: useCases.length === 1 ? (useCases[0]?.slug ?? null) : null,
    href: `/people/workloads/${workload.slug}`,
    standing: {
      requesterIds: [],
      riskOwnerIds: [],
      businessOwnerId: null,
      applicationOwnerIds: [
        ...new Set(useCases.flatMap(({ members }) => members.map(({ personId }) => personId))),
      ],
      onWhomItWaits: [],
      namedIds: [],
    },
  };
}
