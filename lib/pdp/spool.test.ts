import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { claimName } from "./idempotency";
import { ownMark } from "./process-alive";
import { Spool, type SpoolOptions } from "./spool";
import { frameOf } from "./spool-file";
import type { SpoolRecord } from "./spool-segment";
import { someDecision } from "./testing";

const NAME = "127.0.0.1:4300";
const USE_CASE = "00000000-0000-7000-8000-000000000001";
let directory: string;
let folder: string;
let problems: [string, Record<string, string | number>][];

let opened: Spool[] = [];
async function open(different: Partial<SpoolOptions> = {}): Promise<Spool> {
  const onProblem: SpoolOptions["onProblem"] = (...problem) => problems.push(problem);
  const spool = await Spool.open({ directory, name: NAME, maxBytes: 1_000_000, onProblem, ...different });
  opened.push(spool);
  return spool;
}
const claimOf = (key: string) => ({
  useCaseId: USE_CASE,
  workloadId: USE_CASE,
  key,
  requestDigest: "ab".repeat(32),
  answer: { key },
});
const record = (...sessions: string[]): SpoolRecord => ({
  at: new Date("2026-11-21T12:00:00.123Z"),
  outage: { id: USE_CASE, since: new Date("2026-11-21T11:59:00Z") },
  items: sessions.map((sessionId) => ({
    decision: someDecision({ sessionId, late: true }),
    claim: claimOf(sessionId),
  })),
});
const sessionsOf = (records: readonly SpoolRecord[] = []) =>
  records.flatMap(({ items }) => items.map(({ decision }) => decision.sessionId));
async function takeAll(spool: Spool, most = 2): Promise<(string | null)[]> {
  const all: (string | null)[] = [];
  for (let next = await spool.oldest(most); next; next = await spool.oldest(most)) {
    all.push(...sessionsOf(next.records));
    await next.done();
  }
  return all;
}
const files = async () => (await readdir(folder)).sort();
const fileOf = async () => join(folder, (await files())[0] ?? "");

/** As a process leaves it that is killed: nothing is closed, and the files are of another process, which is gone. */
async function leave(...records: SpoolRecord[]): Promise<string> {
  const spool = await open();
  for (const each of records) await spool.append(each);
  const [name = ""] = (await files()).slice(-1);
  const bytes = await readFile(join(folder, name));
  for (const each of await files()) await rm(join(folder, each));
  await spool.close();
  const child = spawn(process.execPath, ["-e", ""]);
  await once(child, "exit");
  const left = join(folder, name.replace(/^(\d+)-\d+-\d+-/, `$1-${child.pid}-1-`));
  await writeFile(left, bytes);
  return left;
}

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "sluice-spool-"));
  folder = join(directory, "127.0.0.1%3A4300");
  problems = [];
});
afterEach(async () => {
  for (const spool of opened) await spool.close();
  opened = [];
  await rm(directory, { recursive: true, force: true });
});

describe("the spool", () => {
  it("gives back what was appended, in order, until it is done", async () => {
    const spool = await open({ fileBytes: 2_500 });
    for (const at of ["a", "b", "c", "d", "e"]) await spool.append(record(`${at}1`, `${at}2`));
    expect(spool.decisions).toBe(10);
    expect((await files()).length).toBeGreaterThan(1);
    const first = await spool.oldest(1);
    expect(first?.records).toEqual(
      [record("a1", "a2")].map((each) => ({ ...each, items: expect.any(Array) })),
    );
    expect(first?.records[0]?.items[0]?.decision.decidedAt).toBeInstanceOf(Date);
    expect(sessionsOf((await spool.oldest(1))?.records)).toEqual(["a1", "a2"]);
    expect(await takeAll(spool)).toEqual(["a", "b", "c", "d", "e"].flatMap((at) => [`${at}1`, `${at}2`]));
    expect(spool).toMatchObject({ bytes: 0, decisions: 0, isWritable: true });
    expect(await files()).toEqual([]);
    await spool.append(record("again"));
    expect(await takeAll(spool)).toEqual(["again"]);
  });

  it("keeps its files to this user", async () => {
    const spool = await open();
    await spool.append(record("a"));
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect((await stat(await fileOf())).mode & 0o777).toBe(0o600);
  });

  it("answers for a key while it holds it", async () => {
    const spool = await open();
    await spool.append(record("a", "b"));
    const name = claimName(claimOf("b"));
    expect(spool.holds(name)).toBe(true);
    expect(await spool.kept(name)).toEqual({
      requestDigest: "ab".repeat(32),
      answer: { key: "b" },
      recordedAt: new Date("2026-11-21T12:00:00.123Z"),
    });
    expect(await spool.kept(claimName(claimOf("c")))).toBeNull();
    await takeAll(spool);
    expect(spool.holds(name)).toBe(false);
  });

  it("takes no more than it may, and says so", async () => {
    const spool = await open({ maxBytes: 2_000 });
    await spool.append(record("a"));
    await expect(spool.append(record("b", "c"))).rejects.toThrow("full");
    expect(spool.isWritable).toBe(false);
    expect(await takeAll(spool)).toEqual(["a"]);
    await spool.append(record("d"));
    expect(spool.isWritable).toBe(true);
  });

  it("fails when its folder is gone, and works when it is there again", async () => {
    const spool = await open();
    await rm(folder, { recursive: true });
    await expect(spool.append(record("a"))).rejects.toThrow("ENOENT");
    expect(spool).toMatchObject({ decisions: 0, bytes: 0, isWritable: false });
    await open();
    await spool.append(record("b"));
    expect(await takeAll(spool)).toEqual(["b"]);
  });

  it("goes on when a file was taken away under it, and says what is lost", async () => {
    const spool = await open({ fileBytes: 1 });
    await spool.append(record("a", "b"));
    await spool.append(record("c"));
    const path = await fileOf();
    await rm(path);
    expect(await takeAll(spool)).toEqual(["c"]);
    expect(spool).toMatchObject({ bytes: 0, decisions: 0 });
    expect(spool.holds(claimName(claimOf("a")))).toBe(false);
    expect(problems).toEqual([
      ["a file of the spool cannot be read", { path, code: "ENOENT", decisions: 2 }],
    ]);
    await spool.append(record("d"));
    expect(await takeAll(spool)).toEqual(["d"]);
  });

  it("puts aside what is refused, where a person can read it", async () => {
    const spool = await open();
    const [item] = record("a").items;
    if (item) await spool.setAside(item, "22P05");
    expect(JSON.parse(await readFile(join(folder, "refused.jsonl"), "utf8"))).toMatchObject({
      reason: "22P05",
      decision: { sessionId: "a" },
    });
  });
});

describe("what a dead process left", () => {
  it("is taken over, oldest first, with its keys", async () => {
    await leave(record("a"), record("b"));
    const spool = await open();
    await spool.append(record("c"));
    expect(spool.decisions).toBe(3);
    expect(spool.holds(claimName(claimOf("a")))).toBe(true);
    expect(await takeAll(spool, 1)).toEqual(["a", "b", "c"]);
    expect(await files()).toEqual([]);
    expect(problems).toEqual([]);
  });

  it.each([1, 7, 8, 9, 300])(
    "loses the %i last bytes of an append that was cut off, and nothing else",
    async (cut) => {
      const path = await leave(record("a"), record("b"));
      const whole = (await stat(path)).size;
      const last = frameOf(Buffer.from(JSON.stringify(record("c"))));
      await appendFile(path, last);
      await truncate(path, whole + last.length - cut);
      const spool = await open();
      expect(problems).toEqual([
        ["an append that was cut off is dropped", { path, bytes: last.length - cut }],
      ]);
      expect(await takeAll(spool)).toEqual(["a", "b"]);
      expect(await files()).toEqual([]);
    },
  );

  it("may end in zeros or in noise, as a file does after a power cut", async () => {
    for (const tail of [Buffer.alloc(4_096), frameOf(Buffer.from("{}")).fill(1, 8)]) {
      await appendFile(await leave(record("a")), tail);
      expect(await takeAll(await open())).toEqual(["a"]);
    }
    expect(problems.map(([what]) => what)).toEqual(
      new Array(2).fill("an append that was cut off is dropped"),
    );
  });

  it("may be damaged in its middle: the rest is taken, and the file is kept for a person", async () => {
    const path = await leave(record("a"), record("b"), record("c"));
    const bytes = await readFile(path);
    bytes.write("X", bytes.indexOf('"b"') + 1);
    await writeFile(path, bytes);
    const spool = await open();
    expect(await takeAll(spool)).toEqual(["a", "c"]);
    expect(problems).toEqual([["the spool is damaged", { path, frames: 1 }]]);
    expect(await files()).toEqual([`${path.slice(folder.length + 1)}.damaged`]);
  });

  it("may be nothing at all", async () => {
    const path = await leave(record("a"));
    for (const size of [15, 3, 0]) {
      await truncate(path, size);
      const spool = await open();
      expect(await spool.oldest(1)).toBeNull();
      await writeFile(path, "");
    }
  });
});

describe("what a living process of the same name writes", () => {
  it("is left to it until it is gone", async () => {
    const old = await open();
    await old.append(record("a"));
    const young = await open();
    expect(await young.oldest(1)).toBeNull();
    expect(await young.adopt()).toBe(true);
    await old.append(record("b"));
    await old.close();
    expect(await young.adopt()).toBe(false);
    expect(await takeAll(young)).toEqual(["a", "b"]);
  });

  it("is left to it although both were opened in one millisecond", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const [old, young] = [await open(), await open()];
    vi.useRealTimers();
    await old.append(record("a"));
    await young.append(record("b"));
    expect(await young.adopt()).toBe(true);
    expect(await takeAll(young)).toEqual(["b"]);
  });

  it("is told from another process that has its number now", async () => {
    const path = await leave(record("a"));
    const { startedAt } = ownMark();
    expect(startedAt).toBeGreaterThan(0);
    const other = path.replace(/-\d+-\d+-(\d+\.spool)$/, `-${process.ppid}-1-$1`);
    await writeFile(other, await readFile(path));
    await rm(path);
    expect(await takeAll(await open())).toEqual(["a"]);
  });
});
