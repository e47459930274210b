import { type Ctx, inTransaction } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { type Db, Prisma } from "@/lib/db/prisma";
import type { Safeguard } from "@/lib/policy/document";
import { CANARY } from "@/lib/policy/evaluate";
import { getVersion } from "@/lib/use-cases/policy-in-force";
import { eachAlone } from "./each-alone";
import { applyEmergency } from "./emergency-change";
import { measureAhead } from "./measure-ahead";
import { CHANGE } from "./row";
import { steppedDown } from "./rules";
import { policySubject } from "./subjects/policy";

type JobCtx = Pick<Ctx, "actor" | "db" | "now" | "requestId">;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * Lowers the stage of every policy whose own safeguard is passed: more blocks in the last hour, or more appeals in the
 * last day, than it says, counted since its version came in force. Safe to run twice or beside another.
 */
export async function stepDownGuarded(ctx: JobCtx): Promise<void> {
  await eachAlone(await listGuarded(ctx.db), ({ id }) => stepDown(ctx, id));
}

/** Use cases whose policy in force has a safeguard and acts at all. */
function listGuarded(db: Db): Promise<{ id: string }[]> {
  return db.$queryRaw<{ id: string }[]>`
    SELECT "use_case_id" AS "id" FROM (
      SELECT DISTINCT ON ("use_case_id") "use_case_id", "document" FROM "policy_version"
      ORDER BY "use_case_id", "number" DESC) newest
    WHERE "document" ? 'safeguard' AND "document"->>'stage' <> 'logging'`;
}

/** Where somebody else's version comes first, nothing steps down: the next turn counts from there. */
async function stepDown(ctx: JobCtx, useCaseId: string): Promise<void> {
  const { db, now } = ctx;
  const { document, effectiveFrom, number } = await getVersion(db, useCaseId);
  if (document.safeguard === undefined) return;
  const passed = await whatPassed(db, {
    useCaseId,
    safeguard: document.safeguard,
    since: effectiveFrom,
    now,
  });
  const proposal = passed && steppedDown(document);
  if (!passed || !proposal) return;
  const useCase = await db.useCase.findUniqueOrThrow({ where: { id: useCaseId }, ...CHANGE.include.useCase });
  const subject = policySubject(useCase);
  const ahead = await measureAhead(ctx, async () => ({
    subject,
    baseVersion: number,
    base: document,
    proposal,
    requesterId: null,
  }));
  const reason = `${passed.text} The stage steps down from ${document.stage} to ${proposal.stage}.`;
  await inTransaction(ctx, async (tx) => {
    const entry = await applyEmergency(tx, ctx, {
      subject,
      baseVersion: number,
      proposal,
      ahead,
      kind: "step_down",
      reason,
      personId: null,
      detail: passed.detail,
    });
    await recordEntry(tx, ctx, entry);
  });
}

interface Guarded {
  useCaseId: string;
  safeguard: Safeguard;
  /** When the version in force began. */
  since: Date;
  now: Date;
}

async function whatPassed(db: Db, { useCaseId, safeguard, since, now }: Guarded) {
  const { blocksPerHour, appealsPerDay } = safeguard;
  if (blocksPerHour !== null) {
    const blocks = await countBlocks(db, useCaseId, latest(since, now.getTime() - HOUR_MS), now);
    if (blocks > blocksPerHour) {
      return { text: `${blocks} blocks within an hour, more than ${blocksPerHour}.`, detail: { blocks } };
    }
  }
  if (appealsPerDay !== null) {
    const from = latest(since, now.getTime() - DAY_MS);
    const appeals = await countAppeals(db, useCaseId, from, now);
    if (appeals > appealsPerDay) {
      return { text: `${appeals} appeals within a day, more than ${appealsPerDay}.`, detail: { appeals } };
    }
  }
  return null;
}

function latest(since: Date, instant: number): Date {
  return new Date(Math.max(since.getTime(), instant));
}

/**
 * Findings that were appealed in [from, to], each once however often: of what really acted, and neither taken back nor
 * found right by now, or whoever appeals could step a policy down alone.
 */
async function countAppeals(db: Db, useCaseId: string, from: Date, to: Date): Promise<number> {
  const findings = await db.appeal.findMany({
    where: {
      useCaseId,
      openedAt: { gte: from, lte: to },
      status: { in: ["open", "overturned"] },
      effect: { in: ["blocked", "needs_approval", "redacted"] },
    },
    distinct: ["decisionId", "control"],
    select: { id: true },
  });
  return findings.length;
}

/** Decisions that really blocked, in [from, to]: no observation, and no canary, which is blocked at every stage. */
async function countBlocks(db: Db, useCaseId: string, from: Date, to: Date): Promise<number> {
  const rows = await db.$queryRaw<{ n: bigint }[]>(Prisma.sql`
    SELECT count(*) AS "n" FROM "decision"
    WHERE "use_case_id" = ${useCaseId}::uuid AND "decided_at" >= ${from} AND "decided_at" <= ${to}
      AND "kind" = 'decision' AND "outcome" = 'block'
      AND NOT "findings" @> ${JSON.stringify([{ control: CANARY }])}::jsonb`);
  return Number(rows[0]?.n ?? 0n);
}
