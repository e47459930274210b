import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createDatabase, startEmbedded } from "@/lib/db/embedded";
import { migrate } from "@/lib/db/migrate";

/** One PostgreSQL for the whole run, with a migrated template that every test file clones. */
export default async function setup(): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), "sluice-test-"));
  const cluster = await startEmbedded(join(directory, "postgres"), "test");
  const template = cluster.url.replace(/\/sluice$/, "/sluice_template");
  await createDatabase(cluster.url, "sluice_template");
  await migrate(template);
  process.env["SLUICE_TEST_CLUSTER"] = cluster.url;
  return async () => {
    await cluster.stop();
    await rm(directory, { recursive: true, force: true });
  };
}
