import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "@/lib/db/embedded";

export const PASSWORD = "sample people sign in with this";

/**
 * Starts Sluice as a new user would, in a folder and on ports of its own, with the sample organisation. While a journey
 * is written, SLUICE_E2E_CONSOLE, SLUICE_E2E_PDP and SLUICE_E2E_SMTP_PORT may name one that runs already (with the password
 * below, and SLUICE_OUTBOUND_ALLOW=127.0.0.1).
 */
export default async function start(): Promise<() => Promise<void>> {
  if (process.env["SLUICE_E2E_CONSOLE"]) return async () => {};
  const directory = await mkdtemp(join(tmpdir(), "sluice-e2e-"));
  const port = await freePort();
  const pdpPort = await freePort();
  const smtpPort = await freePort();
  const env = {
    PORT: String(port),
    PDP_PORT: String(pdpPort),
    SLUICE_DATA_DIR: directory,
    SLUICE_SAMPLE_PASSWORD: PASSWORD,
    SLUICE_URL: `http://localhost:${port}`,
    SLUICE_MAIL_FROM: "sluice@example.com",
    // Only the journey of notifications listens there; until then mail waits.
    SLUICE_SMTP_URL: `smtp://127.0.0.1:${smtpPort}?insecure`,
    SLUICE_OUTBOUND_ALLOW: "127.0.0.1",
  };
  const { DATABASE_URL: _, SLUICE_SECRET: __, ...inherited } = process.env;
  const child = spawn("npm", ["start"], {
    env: { ...inherited, ...env },
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
  await started(child);
  process.env["SLUICE_E2E_CONSOLE"] = `http://localhost:${port}`;
  process.env["SLUICE_E2E_PDP"] = `http://localhost:${pdpPort}`;
  process.env["SLUICE_E2E_DATA"] = directory;
  process.env["SLUICE_E2E_SMTP_PORT"] = String(smtpPort);
  return async () => {
    await stopped(child);
    await rm(directory, { recursive: true, force: true });
  };
}

function started(child: ChildProcess): Promise<void> {
  return new Promise((done, fail) => {
    let output = "";
    child.stdout?.on("data", (chunk) => {
      output += String(chunk);
      if (output.includes("Stop with Ctrl-C")) done();
    });
    child.once("exit", (code) => fail(new Error(`npm start ended with ${code}:\n${output}`)));
  });
}

/** Ctrl-C, as a terminal sends it: to the whole process group. */
function stopped(child: ChildProcess): Promise<void> {
  return new Promise((done) => {
    child.removeAllListeners("exit");
    child.once("exit", () => done());
    if (child.pid !== undefined) process.kill(-child.pid, "SIGINT");
  });
}
