import { databaseUrl } from "@/lib/db/pool";
import { SluiceError } from "@/lib/errors";
import { startWorker } from "@/lib/jobs/worker";
import { log } from "@/lib/log";

try {
  const worker = await startWorker(databaseUrl());
  log.info("jobs are running");
  const stop = async () => {
    await worker.stop();
    process.exit(0);
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
} catch (error) {
  console.error(error instanceof SluiceError ? error.message : error);
  process.exit(1);
}
