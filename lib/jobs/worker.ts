import { randomUUID } from "node:crypto";
import { PgBoss } from "pg-boss";
import type { Ctx } from "@/lib/access/context";
import { createPool } from "@/lib/db/pool";
import { createDb } from "@/lib/db/prisma";
import { log } from "@/lib/log";
import { createOutbound, outboundAllowed } from "@/lib/net/outbound";
import { Carrier, tellNext } from "@/lib/notify/run";
import { buildNextPack } from "./build-next-pack";
import { SCHEDULED_JOBS } from "./jobs";
import { keepChanges } from "./keep-changes";
import { loop } from "./loop";

export interface Worker {
  /** Finishes what is being done and takes nothing new. */
  stop(): Promise<void>;
}

/** Starts the jobs: scheduled ones through pg-boss (one run at a time, however many workers), what is asked for or happens as it does. */
export async function startWorker(url: string, now: () => Date = () => new Date()): Promise<Worker> {
  const db = createDb(url, 6);
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
  const carrier = new Carrier(createOutbound(outboundAllowed(process.env["SLUICE_OUTBOUND_ALLOW"])));
  const loops = [
    loop("build-evidence", () => buildNextPack(contextOf("build-evidence"), pool)),
    loop("keep-changes", () => keepChanges(contextOf("keep-changes"))),
    loop("tell", () => tellNext(contextOf("tell"))),
    loop("send-mail", () => carrier.carryMails(contextOf("send-mail"))),
    loop("call-webhooks", () => carrier.carryWebhooks(contextOf("call-webhooks"))),
  ];
  return {
    stop: async () => {
      await Promise.all(loops.map((one) => one.stop()));
      carrier.close();
      await boss.stop({ graceful: true });
      await pool.end();
      await db.$disconnect();
    },
  };
}
