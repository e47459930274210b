import { randomUUID } from "node:crypto";
import { PgBoss } from "pg-boss";
import type { Ctx } from "@/lib/access/context";
import { createPool } from "@/lib/db/pool";
import { createDb } from "@/lib/db/prisma";
import { log } from "@/lib/log";
import { buildNextPack } from "./build-next-pack";
import { SCHEDULED_JOBS } from "./jobs";

const IDLE_MS = 1_000;

export interface Worker {
  /** Finishes what is being done and takes nothing new. */
  stop(): Promise<void>;
}

/** Starts the jobs: scheduled ones through pg-boss (one run at a time, however many workers), packs as they are asked for. */
export async function startWorker(url: string, now: () => Date = () => new Date()): Promise<Worker> {
  const db = createDb(url, 4);
  const contextOf = (name: string): Ctx => ({
    actor: { kind: "job", name },
    now: now(),
    requestId: randomUUID(),
    db,
  });
  const boss = new PgBoss({ connectionString: url, max: 3 });
  boss.on("error", (error) => log.error({ err: error }, "job queue"));
  await boss.start();
  for (const { name, cron, run } of SCHEDULED_JOBS) {
    await boss.createQueue(name, { policy: "singleton", retryLimit: 0, expireInSeconds: 300 });
    await boss.schedule(name, cron);
    await boss.work(name, async () => {
      await run(contextOf(name)).catch((error: unknown) =>
        log.error({ job: name, err: error }, "job failed"),
      );
    });
    await run(contextOf(name)).catch((error: unknown) => log.error({ job: name, err: error }, "job failed"));
  }
  const pool = createPool(url, 4);
  const packs = loop(() => buildNextPack(contextOf("build-evidence"), pool));
  return {
    stop: async () => {
      await packs.stop();
      await boss.stop({ graceful: true });
      await pool.end();
      await db.$disconnect();
    },
  };
}

/** Runs `work` again and again; after a turn that found nothing or failed, a pause. */
function loop(work: () => Promise<boolean>): { stop(): Promise<void> } {
  let stopping = false;
  let wake = () => {};
  const running = (async () => {
    while (!stopping) {
      const found = await work().catch((error: unknown) => {
        log.error({ job: "build-evidence", err: error }, "job failed");
        return false;
      });
      if (!found && !stopping) {
        await new Promise<void>((done) => {
          const timer = setTimeout(done, IDLE_MS);
          wake = () => {
            clearTimeout(timer);
            done();
          };
        });
      }
    }
  })();
  return {
    stop: () => {
      stopping = true;
      wake();
      return running;
    },
  };
}
