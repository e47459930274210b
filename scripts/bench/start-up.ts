import { spawn, spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "@/lib/db/embedded";
import { median } from "./statistics";

export interface StartUpFigures {
  /** Seconds: `npm ci` in a fresh clone, with the package cache as it is. */
  install: number;
  /** Seconds from `npm start` to addresses, the first time: build, database, sample. */
  first: number;
  /** Seconds from `npm start` to addresses with everything there; median of `runs`. */
  warm: number;
  runs: number;
}

/** Start-up in a fresh clone of HEAD: install, first start, then warm ones. */
export async function benchStartUp(runs = 5): Promise<StartUpFigures> {
  const directory = await mkdtemp(join(tmpdir(), "sluice-start-"));
  const clone = join(directory, "sluice");
  try {
    command("git", ["clone", "--quiet", process.cwd(), clone], process.cwd());
    const install = command("npm", ["ci", "--silent"], clone);
    const first = await startUp(clone);
    const warm: number[] = [];
    for (let run = 0; run < runs; run++) warm.push(await startUp(clone));
    return { install, first, warm: median(warm), runs };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function command(name: string, args: string[], cwd: string): number {
  const begin = performance.now();
  const { status, stderr } = spawnSync(name, args, {
    cwd,
    encoding: "utf8",
    stdio: ["ignore", "ignore", "pipe"],
  });
  if (status !== 0) throw new Error(`${name} ${args.join(" ")} failed: ${stderr}`);
  return (performance.now() - begin) / 1000;
}

async function startUp(cwd: string): Promise<number> {
  const env = { ...process.env, PORT: String(await freePort()), PDP_PORT: String(await freePort()) };
  const {
    DATABASE_URL: _,
    SLUICE_SECRET: __,
    SLUICE_DATA_DIR: ___,
    ...clean
  } = env as Record<string, string>;
  const begin = performance.now();
  const child = spawn("npm", ["start"], {
    cwd,
    env: clean as NodeJS.ProcessEnv,
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
  const seconds = await new Promise<number>((done, fail) => {
    let output = "";
    child.stdout.on("data", (chunk) => {
      output += String(chunk);
      if (output.includes("Stop with Ctrl-C")) done((performance.now() - begin) / 1000);
    });
    child.once("exit", () => fail(new Error(output)));
  });
  await new Promise<void>((done) => {
    child.once("exit", () => done());
    if (child.pid !== undefined) process.kill(-child.pid, "SIGINT");
  });
  return seconds;
}
