import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "sluice-supervisor-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** A part that writes down its number, and that it was asked to stop. */
const PART = `
  const { writeFileSync } = require("node:fs");
  process.on("SIGTERM", () => { writeFileSync(process.env.MARK + ".stopped", ""); process.exit(0); });
  writeFileSync(process.env.MARK, String(process.pid));
  setInterval(() => {}, 1000);`;
const PARENT = `
  import { Supervisor } from "./scripts/start/supervisor.ts";
  const supervisor = new Supervisor();
  process.on("SIGTERM", () => supervisor.stop());
  for (const name of ["one", "two"])
    supervisor.run(name, ["-e", process.env.PART], { MARK: process.env.MARKS + "/" + name });
  setInterval(() => {}, 1000);`;

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** The numbers of both parts, once they run. */
async function partsOf(marks: string): Promise<number[]> {
  const text = (name: string) => readFile(join(marks, name), "utf8").catch(() => "");
  await expect.poll(() => text("one"), { timeout: 15_000 }).not.toBe("");
  await expect.poll(() => text("two"), { timeout: 15_000 }).not.toBe("");
  const parts = [Number(await text("one")), Number(await text("two"))];
  expect(parts.map(isAlive)).toEqual([true, true]);
  return parts;
}

it("its parts stop in good order when what started it is killed", async () => {
  const marks = await mkdtemp(join(directory, "marks-"));
  const script = `${PARENT}
  supervisor.leaveWithParent();`;
  const starter = spawn("sh", ["-c", '"$NODE" --import tsx --input-type=module -e "$SCRIPT"; exit $?'], {
    env: { ...process.env, PART, MARKS: marks, NODE: process.execPath, SCRIPT: script },
    stdio: "ignore",
  });
  const parts = await partsOf(marks);
  const gone = once(starter, "exit");
  starter.kill("SIGKILL");
  await gone;
  await expect.poll(() => parts.map(isAlive), { timeout: 10_000 }).toEqual([false, false]);
  for (const name of ["one", "two"]) await readFile(join(marks, `${name}.stopped`));
}, 40_000);

it.each(["SIGKILL", "SIGTERM"] as const)(
  "its parts stop in good order when it gets %s",
  async (signal) => {
    const marks = await mkdtemp(join(directory, "marks-"));
    const parent = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", PARENT], {
      env: { ...process.env, PART, MARKS: marks },
      stdio: "ignore",
    });
    const parts = await partsOf(marks);
    const gone = once(parent, "exit");
    parent.kill(signal);
    await gone;
    await expect.poll(() => parts.map(isAlive), { timeout: 10_000 }).toEqual([false, false]);
    for (const name of ["one", "two"]) await readFile(join(marks, `${name}.stopped`));
  },
  40_000,
);
