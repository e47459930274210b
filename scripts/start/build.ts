import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { SluiceError } from "@/lib/errors";
import { say } from "./console-words";

const run = promisify(execFile);
const SOURCES = [
  "app",
  "components",
  "lib",
  "prisma",
  "public",
  "next.config.ts",
  "proxy.ts",
  "instrumentation.ts",
  "package-lock.json",
];

/** Makes the Prisma client unless it is there and newer than its schema. Needs no engine binary. */
export async function generateClient(): Promise<void> {
  const client = "lib/db/generated/client.ts";
  const newest = Math.max(...(await modifiedTimes("prisma/schema")));
  if (existsSync(client) && (await stat(client)).mtimeMs > newest) return;
  say("Generating the database client …");
  await run(process.execPath, ["node_modules/prisma/build/index.js", "generate"], {
    env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: "/bin/true", PRISMA_HIDE_UPDATE_MESSAGE: "1" },
  });
}

/** Builds the console when its sources are not the ones of the last build. */
export async function buildConsole(): Promise<void> {
  const digest = await sourceDigest();
  const output = process.env["SLUICE_DIST_DIR"] ?? ".next";
  const mark = join(output, "sluice-sources");
  const built = await readFile(mark, "utf8").catch(() => null);
  if (built === digest) return;
  say("Building the console (about a minute, once) …");
  const next = "node_modules/next/dist/bin/next";
  await run(process.execPath, [next, "build"], {
    env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
    maxBuffer: 64 * 1024 * 1024,
  }).catch((error: { stdout?: string; stderr?: string }) => {
    const lines = `${error.stdout ?? ""}\n${error.stderr ?? ""}`.trim().split("\n").slice(-25).join("\n");
    throw new SluiceError("unavailable", `the console could not be built.\n${lines}`);
  });
  await writeFile(mark, digest);
}

async function sourceDigest(): Promise<string> {
  const hash = createHash("sha256");
  for (const source of SOURCES) {
    for (const file of await filesUnder(source))
      hash
        .update(file)
        .update("\0")
        .update(await readFile(file))
        .update("\0");
  }
  return hash.digest("hex");
}

async function modifiedTimes(directory: string): Promise<number[]> {
  return Promise.all((await filesUnder(directory)).map(async (file) => (await stat(file)).mtimeMs));
}

async function filesUnder(path: string): Promise<string[]> {
  const info = await stat(path);
  if (info.isFile()) return [path];
  const entries = await readdir(path, { withFileTypes: true, recursive: true });
  return entries
    .filter(
      (entry) =>
        entry.isFile() && !/\.test\.tsx?$/.test(entry.name) && !entry.parentPath.includes("generated"),
    )
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
