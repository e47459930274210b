import { isMainThread } from "node:worker_threads";

/**
 * Loaded before each part that the supervisor runs: when the supervisor is gone without having stopped its parts
 * (kill -9), nobody would end them. A part then ends itself as if it had been asked to.
 */
const EVERY_MS = 500;
const GRACE_MS = 15_000;
const supervisor = Number(process.env.SLUICE_SUPERVISOR_PID);
// What a part starts itself is the part's own business.
delete process.env.SLUICE_SUPERVISOR_PID;

if (isMainThread && supervisor > 0) {
  const look = setInterval(() => {
    if (process.ppid === supervisor) return;
    clearInterval(look);
    setTimeout(() => process.kill(process.pid, "SIGKILL"), GRACE_MS).unref();
    process.kill(process.pid, "SIGTERM");
  }, EVERY_MS);
  look.unref();
}
