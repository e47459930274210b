import type { Ctx } from "@/lib/access/context";
import { anchorBatches } from "@/lib/audit/anchor";
import { signCheckpoint } from "@/lib/audit/checkpoint";

type JobCtx = Pick<Ctx, "actor" | "db" | "now" | "requestId">;

interface ScheduledJob {
  name: string;
  /** Five fields, UTC. */
  cron: string;
  run: (ctx: JobCtx) => Promise<unknown>;
}

const EVERY_MINUTE = "* * * * *";

/** What runs by itself, and when. Each is safe to run twice, late, or beside another. */
export const SCHEDULED_JOBS: readonly ScheduledJob[] = [
  {
    name: "anchor-decisions",
    cron: EVERY_MINUTE,
    run: async (ctx) => {
      await anchorBatches(ctx);
      await signCheckpoint(ctx);
    },
  },
  {
    name: "prepare-partitions",
    cron: "17 * * * *",
    run: ({ db, now }) =>
      db.$executeRaw`SELECT ensure_decision_partition((${now} AT TIME ZONE 'UTC')::date + ahead) FROM generate_series(0, 2) AS ahead`,
  },
];
