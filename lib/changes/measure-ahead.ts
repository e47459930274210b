import type { Ctx } from "@/lib/access/context";
import { Prisma, type Tx } from "@/lib/db/prisma";
import { SluiceError } from "@/lib/errors";
import { log } from "@/lib/log";
import { proposalDigest, type SealedEvidence, sealEvidence } from "./proposal";
import type { Content, Subject } from "./subjects/subject";

/** As long as an emergency waits for its evidence. */
const WAITS_MS = 2_000;

/** What an emergency will put in force, as far as that can be told before it does. */
export interface Expected {
  subject: Subject;
  baseVersion: number;
  base: Content;
  proposal: Content;
  /** Null: no person asks. */
  requesterId: string | null;
}

/** Evidence that was measured before an emergency, or why there is none. */
export type Ahead = { of: string; sealed: SealedEvidence } | { why: string };

/**
 * Measures what an emergency is about to put in force, on a connection of its own and for two seconds at most, so that
 * neither a failure nor the length of it can stop the emergency: it never throws. What `expect` finds it will put in
 * force (null: nothing) is held against what it then does by `evidenceFrom`.
 */
export async function measureAhead(
  ctx: Pick<Ctx, "db" | "now" | "requestId">,
  expect: (tx: Tx) => Promise<Expected | null>,
): Promise<Ahead> {
  try {
    return await withinTime(measureExpected(ctx, expect));
  } catch (error) {
    if (error instanceof TooLong) return { why: `Measuring it took longer than ${WAITS_MS / 1000} seconds.` };
    if (!(error instanceof SluiceError)) {
      log.error({ requestId: ctx.requestId, err: error }, "an emergency was not measured");
    }
    return { why: `Measuring it failed. The log says more, under ${ctx.requestId}.` };
  }
}

/** The evidence of what an emergency puts in force: that of the same proposal, or that and why it was not measured. */
export function evidenceFrom(ahead: Ahead, digest: string): SealedEvidence {
  if ("of" in ahead && ahead.of === digest) return ahead.sealed;
  const why = "why" in ahead ? ahead.why : "It moved at the instant of the emergency.";
  return sealEvidence({ impact: null, floorImpact: null, readiness: null, notMeasured: why });
}

async function measureExpected(
  { db, now }: Pick<Ctx, "db" | "now">,
  expect: (tx: Tx) => Promise<Expected | null>,
): Promise<Ahead> {
  return db.$transaction(
    async (tx) => {
      await tx.$executeRaw`SELECT set_config('statement_timeout', ${String(WAITS_MS)}, true)`;
      const expected = await expect(tx);
      if (expected === null) return { why: "There was nothing to measure." };
      const { subject, baseVersion, base, proposal, requesterId } = expected;
      const measured = await subject.measure(tx, base, proposal, now, requesterId);
      return {
        of: proposalDigest(subject, baseVersion, proposal),
        sealed: sealEvidence({ measuredAt: now.toISOString(), ...measured }),
      };
    },
    { maxWait: WAITS_MS, timeout: WAITS_MS, isolationLevel: Prisma.TransactionIsolationLevel.RepeatableRead },
  );
}

class TooLong extends Error {}

/** What is left undone ends by the time limits of its transaction and statements, and nobody waits for it. */
function withinTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TooLong()), WAITS_MS);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
