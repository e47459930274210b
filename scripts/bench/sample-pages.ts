import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbedded } from "@/lib/db/embedded";
import { migrate } from "@/lib/db/migrate";
import { createDb } from "@/lib/db/prisma";
import { loadSample } from "@/prisma/sample/load";
import { BENCH_SECRET, benchPages, type PageFigures } from "./overview-page";

/** One of each kind of page: what weighs on it is its script, not the sample's traffic. */
const PAGES = [
  "/",
  "/telemetry",
  "/telemetry/decisions",
  "/telemetry/drift",
  "/telemetry/rulings",
  "/use-cases",
  "/use-cases/payments-agent?tab=controls",
  "/use-cases/payments-agent?tab=rollout",
  "/use-cases/new",
  "/changes",
  "/changes/CHG-13",
  "/changes/new?useCase=payments-agent",
  "/changes/new?setting=seats",
  "/exceptions",
  "/exceptions/EXC-10",
  "/exceptions/new",
  "/inbox",
  "/audit",
  "/evidence",
  "/verify",
] as const;

/** The pages of the sample organisation, each with its script; medians of `runs` warm loads. */
export async function benchSamplePages(runs = 3): Promise<PageFigures[]> {
  // The sample is sealed and signed by it, and the console that is measured opens it with the same.
  process.env["SLUICE_SECRET"] = BENCH_SECRET;
  const directory = await mkdtemp(join(tmpdir(), "sluice-bench-"));
  const cluster = await startEmbedded(join(directory, "postgres"), "bench");
  const db = createDb(cluster.url);
  try {
    await migrate(cluster.url);
    await loadSample({ db, url: cluster.url, now: new Date(), passwords: {}, say: () => {} });
    return await benchPages(db, cluster.url, PAGES, runs);
  } finally {
    await db.$disconnect();
    await cluster.stop();
    await rm(directory, { recursive: true, force: true });
  }
}
