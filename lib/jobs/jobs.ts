import type { Ctx } from "@/lib/access/context";
import { forgetAttempts } from "@/lib/access/throttle";
import { anchorBatches } from "@/lib/audit/anchor";
import { signCheckpoint } from "@/lib/audit/checkpoint";
import { stepDownGuarded } from "@/lib/changes/step-down";
import { refreshCounts } from "@/lib/drift/count-facts";
import { tellingOptions } from "@/lib/notify/run";
import { tellOfDrift } from "@/lib/notify/tell-of-drift";
import { tellOfTime } from "@/lib/notify/tell-of-time";
import { drawAhead } from "@/lib/rulings/draw-ahead";
import { forgetRevokedTokens } from "@/lib/workloads/forget-revoked-tokens";
import { forgetKeys } from "./forget-keys";
import { forgetTold } from "./forget-told";
import { forgetTraffic } from "./forget-traffic";

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
    name: "step-down",
    cron: EVERY_MINUTE,
    run: stepDownGuarded,
  },
  {
    name: "tell-of-time",
    cron: EVERY_MINUTE,
    run: (ctx) => tellOfTime(ctx, tellingOptions()),
  },
  {
    name: "tell-of-drift",
    cron: "7 * * * *",
    run: (ctx) => tellOfDrift(ctx, tellingOptions()),
  },
  {
    name: "forget-revoked-tokens",
    cron: "*/15 * * * *",
    run: forgetRevokedTokens,
  },
  {
    name: "prepare-partitions",
    cron: "17 * * * *",
    run: ({ db, now }) =>
      db.$executeRaw`SELECT ensure_decision_partition((${now} AT TIME ZONE 'UTC')::date + ahead) FROM generate_series(0, 2) AS ahead`,
  },
  {
    name: "forget-what-is-over",
    cron: "37 * * * *",
    run: async ({ db, now }) => {
      await forgetKeys(db, now);
      await forgetAttempts(db, now);
      await forgetTraffic(db, now);
      await forgetTold(db, now);
    },
  },
  {
    name: "count-facts",
    cron: "*/10 * * * *",
    run: refreshCounts,
  },
  {
    name: "draw-findings",
    cron: "*/10 * * * *",
    run: drawAhead,
  },
];
