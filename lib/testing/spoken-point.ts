import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TEST_SECRET } from "./decision-point";

/** A decision point as a process of its own, with all that it says at the finest level. */
export interface SpokenPoint {
  url: string;
  said(): string;
  stop(): Promise<void>;
}

/** Starts one on a free port. Throws with what it said when it ends before it listens. */
export async function startSpokenPoint(
  databaseUrl: string,
  settings: Record<string, string> = {},
): Promise<SpokenPoint> {
  const directory = await mkdtemp(join(tmpdir(), "sluice-spoken-"));
  const env = {
    ...process.env,
    DATABASE_URL: databaseUrl,
    PDP_PORT: "0",
    PDP_DRAIN_DELAY_MS: "0",
    SLUICE_DATA_DIR: directory,
    SLUICE_SECRET: TEST_SECRET,
    LOG_LEVEL: "trace",
    ...settings,
  };
  const child = spawn(process.execPath, ["--import", "tsx", "scripts/pdp.ts"], { env, stdio: "pipe" });
  const pieces: string[] = [];
  const url = await listening(child, pieces);
  return {
    url,
    said: () => pieces.join(""),
    stop: async () => {
      child.kill("SIGKILL");
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function listening(child: ChildProcess, pieces: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const hear = (data: Buffer) => {
      pieces.push(String(data));
      const url = /"url":"(http[^"]+)"/.exec(pieces.join(""))?.[1];
      if (url !== undefined) {
        resolve(url);
        child.stdout?.off("data", hear).on("data", (more: Buffer) => pieces.push(String(more)));
      }
    };
    child.stdout?.on("data", hear);
    child.stderr?.on("data", (data: Buffer) => pieces.push(String(data)));
    child.on("exit", () => reject(new Error(pieces.join(""))));
  });
}
