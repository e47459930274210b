import { join } from "node:path";
import { dataDirectory } from "@/lib/data-directory";
import { databaseUrl } from "@/lib/db/pool";
import { SluiceError } from "@/lib/errors";
import { log } from "@/lib/log";
import { startDecisionPoint } from "@/lib/pdp/server";

/** A database that does not answer must not keep the process from ending. */
const LONGEST_STOP_MS = 15_000;

/** For a load balancer that looks every second. */
const DRAIN_DELAY_MS = 2_000;

/** A whole number of a variable, at least 0; undefined when it is not set. */
function count(variable: string): number | undefined {
  const text = process.env[variable];
  if (!text) return undefined;
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new SluiceError("invalid", `${variable} must be a whole number, 0 or more.`);
}

function port(): number {
  const value = Number(process.env["PDP_PORT"] || 4000);
  if (Number.isInteger(value) && value >= 0 && value <= 65_535) return value;
  throw new SluiceError("invalid", "PDP_PORT must be a port number.");
}

async function main(): Promise<void> {
  const name = process.env["SLUICE_PDP_NAME"];
  const host = process.env["PDP_HOST"];
  const perMinute = Number(process.env["PDP_CREDENTIAL_PER_MINUTE"] ?? 0);
  const drainDelayMs = count("PDP_DRAIN_DELAY_MS") ?? DRAIN_DELAY_MS;
  const spoolBytes = count("PDP_SPOOL_BYTES");
  const snapshotMaxAge = count("PDP_SNAPSHOT_MAX_AGE_SECONDS");
  const point = await startDecisionPoint({
    url: databaseUrl(),
    secret: process.env["SLUICE_SECRET"] ?? "",
    port: port(),
    ...(host && { host }),
    ...(perMinute && { perMinute }),
    ...(name && { name }),
    drainDelayMs,
    spoolDir: spoolBytes === 0 ? null : join(dataDirectory(), "spool"),
    ...(spoolBytes && { spoolBytes }),
    ...(snapshotMaxAge && { snapshotMaxAgeMs: snapshotMaxAge * 1_000 }),
  });
  log.info({ url: point.url }, "decision point is up");
  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) return;
    stopping = true;
    log.info("decision point is stopping");
    setTimeout(() => process.exit(1), LONGEST_STOP_MS + drainDelayMs).unref();
    await point.stop();
    process.exit(0);
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
}

main().catch((error: unknown) => {
  console.error(error instanceof SluiceError ? error.message : error);
  process.exit(1);
});
