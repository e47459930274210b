import { randomUUID } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createPool } from "@/lib/db/pool";
import { buildDocument, buildPolicyVersion, buildUseCase, buildWorkload } from "@/lib/testing/builders";
import { type CuttableProxy, startProxy } from "@/lib/testing/cuttable-proxy";
import { useTestDatabase } from "@/lib/testing/database";
import { post, startTestPoint } from "@/lib/testing/decision-point";
import { Known } from "./commit";
import { startHeartbeat } from "./heartbeat";
import { ingest, type LateItem } from "./ingest";
import { createRecorder } from "./record";
import type { DecisionPoint, DecisionPointOptions } from "./server";
import { Spool } from "./spool";
import { someDecision } from "./testing";

const database = useTestDatabase();
let directory: string;
let proxy: CuttableProxy;
let point: DecisionPoint;
let credential: string;
let useCaseId: string;
let before: number;

const NAME = "spooling";
const throughProxy = () => {
  const url = new URL(database.url);
  url.port = String(proxy.port);
  return url.href;
};
const start = (different: Partial<DecisionPointOptions> = {}) =>
  startTestPoint(throughProxy(), { name: NAME, spoolDir: directory, ...different });
const ask = (sessionId: string, headers: Record<string, string> = {}, at = point) =>
  post(`${at.url}/v1/decisions`, credential, { action: "prompt", sessionId }, headers);
const askMany = (n: number, name: string) =>
  Promise.all(Array.from({ length: n }, (_, at) => ask(`${name}-${at}`)));
const idsOf = (answers: readonly { body: Record<string, unknown> }[]) =>
  answers.map(({ body }) => String(body["decisionId"]));
const statuses = (answers: readonly { status: number }[]) => [
  ...new Set(answers.map(({ status }) => status)),
];
const ready = async (at = point) => {
  const response = await fetch(`${at.url}/readyz`);
  return { status: response.status, ...((await response.json()) as object) };
};
const metric = async (name: string, at = point) => {
  const text = await (await fetch(`${at.url}/metrics`)).text();
  return Number(
    text
      .split("\n")
      .find((line) => line.startsWith(`${name} `))
      ?.split(" ")
      .at(-1),
  );
};

async function query<T extends object>(sql: string, values: unknown[] = []): Promise<T[]> {
  return (await database.pool.query(sql, values)).rows as T[];
}

const spoolFiles = async () =>
  (await readdir(join(directory, NAME)).catch(() => [])).filter((name) => name.endsWith(".spool"));

/** Everything that was acknowledged is there once, and is counted once in every table of hours. */
async function expectStored(ids: readonly string[], late: boolean | null): Promise<void> {
  await expect.poll(spoolFiles, { timeout: 15_000 }).toEqual([]);
  const rows = await query<{ id: string; late: boolean }>(
    "SELECT id, late FROM decision WHERE id = ANY($1)",
    [ids],
  );
  expect(rows.map(({ id }) => id).sort()).toEqual([...ids].sort());
  if (late !== null) expect(new Set(rows.map((row) => row.late))).toEqual(new Set([late]));
  const [sums] = await query<Record<string, number>>(
    `SELECT (SELECT count(*)::int FROM decision) AS rows, (SELECT sum(n)::int FROM series_hour) AS series,
       (SELECT sum(n)::int FROM decision_hour) AS facts, (SELECT sum(n)::int FROM decision_batch) AS batched,
       (SELECT sum(n)::int FROM dimension_hour WHERE dimension = 'action') AS dimensions`,
  );
  for (const n of Object.values(sums ?? {})) expect(n).toBe(sums?.["rows"]);
}

beforeAll(async () => {
  useCaseId = (await buildUseCase(database.db)).id;
  await buildPolicyVersion(database.db, useCaseId, buildDocument({ "unattributed-actor": { mode: "log" } }));
  ({ credential } = await buildWorkload(database.db, [useCaseId]));
});
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "sluice-spool-"));
  proxy = await startProxy(Number(new URL(database.url).port));
  point = await start();
  before = (await query("SELECT 1 FROM decision")).length;
});
afterEach(async () => {
  proxy.resume();
  await point.stop();
  await proxy.close();
  await rm(directory, { recursive: true, force: true });
});

describe("while the database is away", () => {
  it("decisions are answered and come in late, in order, each once", async () => {
    expect(await ready()).toEqual({ status: "ready" });
    const early = await askMany(5, "early");
    proxy.cut();
    const together = await askMany(40, "together");
    expect(statuses(together)).toEqual([200]);
    const inTurn = [];
    for (let at = 0; at < 20; at++) inTurn.push(await ask(`turn-${at}`));
    const observation = await post(`${point.url}/v1/observations`, credential, {
      action: "prompt",
      observedAt: new Date(Date.now() - 40 * 86_400_000).toISOString(),
    });
    const late = [...together, ...inTurn, observation];
    expect(statuses(late)).toEqual([200]);
    expect(await ready()).toMatchObject({ status: "ready", degraded: expect.stringContaining("spool") });
    expect(await metric("sluice_database_away")).toBe(1);
    expect(await metric("sluice_spool_decisions")).toBe(late.length);
    expect((await query("SELECT 1 FROM decision")).length).toBe(before + 5);
    proxy.resume();
    await expectStored(idsOf(late), true);
    await expectStored(idsOf(early), false);
    const order = await query<{ session_id: string }>(
      `SELECT session_id FROM decision WHERE session_id LIKE 'turn-%' ORDER BY xmin::text::bigint, batch_index`,
    );
    expect(order.map(({ session_id }) => session_id)).toEqual(inTurn.map((_, at) => `turn-${at}`));
    const gaps = await query(
      "SELECT decision_point, late::int AS late, refused::int AS refused, to_at > from_at AS lasted FROM ingest_gap",
    );
    expect(gaps).toEqual([{ decision_point: NAME, late: late.length, refused: 0, lasted: true }]);
    expect((await ask("after")).status).toBe(200);
    expect(await metric("sluice_database_away")).toBe(0);
    await expect.poll(() => ready()).toEqual({ status: "ready" });
  });

  it("a key is answered the same, before and after it is in the database, and 409 for another request", async () => {
    proxy.cut();
    const key = { "idempotency-key": "away" };
    const first = await ask("one", key);
    const twice = await Promise.all([ask("one", key), ask("one", key)]);
    for (const { body } of twice) expect(body).toEqual(first.body);
    expect((await ask("two", key)).status).toBe(409);
    proxy.resume();
    await expectStored(idsOf([first]), true);
    expect((await ask("one", key)).body).toEqual(first.body);
    expect((await query("SELECT 1 FROM decision")).length).toBe(before + 1);
  });

  it("a key that was taken elsewhere meanwhile: both answers were given, both are kept, the key stays with one", async () => {
    const other = await startTestPoint(database.url, { name: "elsewhere" });
    try {
      proxy.cut();
      const key = { "idempotency-key": "twice" };
      const [here, there] = [await ask("one", key), await ask("one", key, other)];
      expect(statuses([here, there])).toEqual([200]);
      proxy.resume();
      await expectStored(idsOf([here, there]), null);
      expect((await ask("one", key)).body).toEqual(there.body);
      expect(await metric("sluice_key_conflicts_total")).toBe(1);
    } finally {
      await other.stop();
    }
  });

  it("what was answered survives a stop, and comes in at the next start of that name", async () => {
    proxy.cut();
    const late = await askMany(10, "stopped");
    await point.stop();
    expect((await query("SELECT 1 FROM decision")).length).toBe(before);
    proxy.resume();
    point = await start({ name: "another" });
    expect((await spoolFiles()).length).toBe(1);
    await point.stop();
    point = await start();
    await expectStored(idsOf(late), true);
  });

  it("credentials and policies of the last snapshot hold for as long as is bearable", async () => {
    await point.stop();
    point = await start({ snapshotMaxAgeMs: 1_500 });
    proxy.cut();
    const [known] = [await ask("known")];
    expect(known.status).toBe(200);
    expect((await post(`${point.url}/v1/decisions`, "slc_unknown", { action: "prompt" })).status).toBe(401);
    await expect.poll(async () => (await ask("old")).status, { timeout: 5_000 }).toBe(503);
    expect(await ready()).toMatchObject({ status: "unready", reason: expect.stringContaining("confirmed") });
  });
});

describe("a commit whose outcome is not known", () => {
  it("is stored once, though it had reached the database and stood in the spool", async () => {
    await ask("warm");
    proxy.swallow();
    const key = { "idempotency-key": "unknown" };
    const answers = await Promise.all([ask("a"), ask("b", key), ask("c")]);
    expect(statuses(answers)).toEqual([200]);
    expect((await query("SELECT 1 FROM decision")).length).toBeGreaterThan(before + 1);
    proxy.resume();
    await expectStored(idsOf(answers), null);
    expect((await query("SELECT 1 FROM decision")).length).toBe(before + 4);
    expect((await ask("b", key)).body).toEqual(answers[1]?.body);
  });

  it("is stored once, though the database gets to it long after it was given up", async () => {
    await ask("warm");
    const client = await database.pool.connect();
    try {
      await client.query("BEGIN; LOCK TABLE decision IN ACCESS EXCLUSIVE MODE");
      const first = await askMany(10, "locked");
      const started = performance.now();
      const second = await askMany(10, "spooled");
      expect(performance.now() - started).toBeLessThan(1_500);
      const late = [...first, ...second];
      expect(statuses(late)).toEqual([200]);
      await client.query("COMMIT");
      await expectStored(idsOf(late), null);
    } finally {
      client.release(true);
    }
  });
});

describe("the ingestion", () => {
  const someLate = (n: number, key: string | null = null): LateItem[] =>
    Array.from({ length: n }, (_, index) => {
      const decidedAt = new Date(Date.now() - 30 * 86_400_000 + index);
      const answer = { decisionId: index };
      return {
        decision: someDecision({ useCaseId, decidedAt, late: true }),
        claim:
          key === null
            ? null
            : { useCaseId, workloadId: useCaseId, key, requestDigest: "ab".repeat(32), answer },
        at: decidedAt,
        outage: { id: randomUUID(), since: decidedAt },
      };
    });
  const options = () => ({
    decisionPoint: "ingesting",
    known: new Known(),
    timeoutMs: 5_000,
    setAside: () => Promise.reject(new Error("Nothing is to be set aside.")),
  });

  it("may be cut off and begun again anywhere: what is there already is neither written nor counted", async () => {
    const items = someLate(30);
    const ids = items.map(({ decision }) => decision.id);
    const none = { present: 0, conflicts: 0, setAside: 0 };
    expect(await ingest(database.pool, items.slice(0, 10), options())).toEqual({ ...none, written: 10 });
    expect(await ingest(database.pool, items, options())).toEqual({ ...none, written: 20, present: 10 });
    expect(await ingest(database.pool, items, options())).toEqual({ ...none, written: 0, present: 30 });
    await expectStored(ids, true);
  });

  it("by two at once writes each once, too", async () => {
    const items = someLate(200);
    const both = await Promise.allSettled([1, 2].map(() => ingest(database.pool, items, options())));
    if (both.some(({ status }) => status === "rejected")) await ingest(database.pool, items, options());
    await expectStored(
      items.map(({ decision }) => decision.id),
      true,
    );
  });

  it("leaves a key with whom it came first, and says of the others that they conflict", async () => {
    const items = someLate(3, "ingested-once");
    expect(await ingest(database.pool, items, options())).toMatchObject({ written: 3, conflicts: 2 });
    const rows = await query("SELECT answer FROM decision_key WHERE key = 'ingested-once'");
    expect(rows).toEqual([{ answer: { decisionId: 0 } }]);
  });
});

describe("the heartbeat", () => {
  it("says afterwards in which hours it could not say anything", async () => {
    const pool = createPool(throughProxy(), 2);
    let now = new Date("2026-03-01T10:10:00Z");
    let failures = 0;
    const heartbeat = startHeartbeat({
      pool,
      name: "beating",
      now: () => now,
      snapshotVersion: () => 1,
      everyMs: 20,
      onFailure: () => (failures += 1),
    });
    const hours = async () =>
      (
        await query<{ hour: Date }>("SELECT hour FROM decision_point_hour WHERE name = 'beating' ORDER BY 1")
      ).map(({ hour }) => hour.getUTCHours());
    await expect.poll(hours).toEqual([10]);
    proxy.cut();
    for (const next of ["11:10", "12:10"]) {
      now = new Date(`2026-03-01T${next}:00Z`);
      const before = failures;
      await expect.poll(() => failures).toBeGreaterThan(before + 1);
    }
    now = new Date("2026-03-01T13:10:00Z");
    proxy.resume();
    await expect.poll(hours).toEqual([10, 11, 12, 13]);
    await heartbeat.stop();
    await pool.end();
  });
});

describe("when neither can be written", () => {
  it("a full spool means 503, and nothing that was refused is stored", async () => {
    await point.stop();
    point = await start({ spoolBytes: 8_000 });
    proxy.cut();
    const answers = [];
    for (let at = 0; at < 40; at++) answers.push(await ask(`full-${at}`));
    expect(statuses(answers).sort()).toEqual([200, 503]);
    expect(answers.at(-1)?.headers.get("retry-after")).toBe("1");
    expect(await ready()).toMatchObject({ status: "unready" });
    const given = answers.filter(({ status }) => status === 200);
    proxy.resume();
    await expectStored(idsOf(given), true);
    const rows = await query("SELECT 1 FROM decision WHERE session_id LIKE 'full-%'");
    expect(rows.length).toBe(given.length);
    const gaps = () =>
      query("SELECT late::int AS late, refused::int AS refused FROM ingest_gap WHERE refused > 0");
    await expect.poll(gaps).toEqual([{ late: given.length, refused: 40 - given.length }]);
    await expect.poll(async () => (await ask("after")).status).toBe(200);
  });

  it("a folder that is gone means 503 too", async () => {
    proxy.cut();
    await rm(directory, { recursive: true });
    const answers = await askMany(5, "gone");
    expect(statuses(answers)).toEqual([503]);
    expect(await ready()).toMatchObject({ status: "unready" });
    proxy.resume();
    await expect.poll(async () => (await ask("after")).status, { timeout: 10_000 }).toBe(200);
    expect((await query("SELECT 1 FROM decision WHERE session_id LIKE 'gone-%'")).length).toBe(0);
  });

  it("what the database would refuse is set aside, and keeps nothing else out", async () => {
    const pool = createPool(throughProxy(), 4);
    const spool = await Spool.open({ directory, name: "recorder", maxBytes: 1_000_000 });
    const recorder = createRecorder(pool, { shard: "recorder", spool });
    const sessions = ["good", "bad \u0000", "fine"];
    proxy.cut();
    const made = sessions.map((sessionId) => someDecision({ useCaseId, decidedAt: new Date(), sessionId }));
    for (const each of made) await recorder.record(each);
    proxy.resume();
    await expect.poll(() => spool.decisions, { timeout: 10_000 }).toBe(0);
    const found = await query<{ session_id: string }>("SELECT session_id FROM decision WHERE id = ANY($1)", [
      made.map(({ id }) => id),
    ]);
    expect(found.map(({ session_id }) => session_id).sort()).toEqual(["fine", "good"]);
    const aside = (await readFile(join(directory, "recorder", "refused.jsonl"), "utf8")).trim().split("\n");
    expect(aside.map((line) => JSON.parse(line).decision.id)).toEqual([made[1]?.id]);
    await recorder.stop();
    await spool.close();
    await pool.end();
  });
});

describe("a database that is slow", () => {
  afterAll(() => query("DROP TRIGGER IF EXISTS slow ON decision_batch"));

  it("is not waited for by more than can be served in time: the rest get 503 at once", async () => {
    await query(
      `CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.2); RETURN NULL; END $$;
       CREATE TRIGGER slow AFTER INSERT ON decision_batch FOR EACH STATEMENT EXECUTE FUNCTION slow()`,
    );
    await point.stop();
    point = await start({ spoolDir: null, recorder: { writers: 1, maxBatch: 8 } });
    const answered: { started: number; ms: number; status: number; id: string; retry: string | null }[] = [];
    const begun = performance.now();
    const client = async (at: number) => {
      for (let n = 0; performance.now() < begun + 7_000; n++) {
        const started = performance.now();
        const { status, body, headers } = await ask(`slow-${at}-${n}`);
        const ms = performance.now() - started;
        const retry = headers.get("retry-after");
        answered.push({ started, ms, status, id: String(body["decisionId"]), retry });
        if (status !== 200) await new Promise((done) => setTimeout(done, 300));
      }
    };
    await Promise.all(Array.from({ length: 200 }, (_, at) => client(at)));
    const accepted = answered.filter(({ status }) => status === 200);
    const refused = answered.filter(({ status }) => status !== 200);
    expect(accepted.length).toBeGreaterThan(20);
    expect(refused.length).toBeGreaterThan(accepted.length);
    expect(new Set(refused.map(({ status, retry }) => `${status} ${retry}`))).toEqual(new Set(["503 1"]));
    // 200 in eights of 200 ms would wait for 5 s. The first to come do: nothing is known of the pace yet.
    const longest = (values: { started: number; ms: number }[]) =>
      Math.max(...values.filter(({ started }) => started > begun + 500).map(({ ms }) => ms));
    expect(longest(accepted)).toBeLessThan(2_500);
    expect(longest(refused)).toBeLessThan(2_000);
    const ids = accepted.map(({ id }) => id);
    expect(await query("SELECT 1 FROM decision WHERE id = ANY($1)", [ids])).toHaveLength(ids.length);
    await query("DROP TRIGGER slow ON decision_batch");
  });
});
