import { uuidv7 } from "uuidv7";
import { beforeEach, describe, expect, it } from "vitest";
import { attemptKeys, countAttempt, forgetAttempts } from "@/lib/access/throttle";
import { useTestDatabase } from "@/lib/testing/database";
import { makeActor } from "@/lib/testing/people";
import { forgetKeys, KEYS_KEPT_MS } from "./forget-keys";
import { forgetTold } from "./forget-told";
import { forgetTraffic } from "./forget-traffic";
import { SCHEDULED_JOBS } from "./jobs";

const database = useTestDatabase();
const NOW = new Date("2026-11-21T12:00:00Z");
const ago = (ms: number) => new Date(NOW.getTime() - ms);
const HOUR_MS = 3_600_000;

async function keys(): Promise<string[]> {
  const { rows } = await database.pool.query<{ key: string }>("SELECT key FROM decision_key ORDER BY key");
  return rows.map(({ key }) => key);
}

async function addKeys(prefix: string, n: number, at: Date): Promise<void> {
  await database.pool.query(
    `INSERT INTO decision_key (use_case_id, workload_id, key, request_digest, answer, at)
     SELECT gen_random_uuid(), gen_random_uuid(), $1 || n, '\\x00', '{}', $3 FROM generate_series(1, $2::int) AS n`,
    [prefix, n, at],
  );
}

beforeEach(() => database.pool.query("TRUNCATE decision_key, sign_in_attempt"));

describe("keys", () => {
  it("are forgotten in batches once they are too old, and not before", async () => {
    await addKeys("old-", 25, ago(KEYS_KEPT_MS + 1));
    await addKeys("kept-", 2, ago(KEYS_KEPT_MS));
    await addKeys("new-", 1, NOW);
    expect(await forgetKeys(database.db, NOW, 10)).toBe(25);
    expect(await keys()).toEqual(["kept-1", "kept-2", "new-1"]);
    expect(await forgetKeys(database.db, NOW, 10)).toBe(0);
  });

  it("are found by their age without reading them all", async () => {
    await addKeys("new-", 3_000, NOW);
    await database.pool.query("ANALYZE decision_key");
    const { rows } = await database.pool.query<{ "QUERY PLAN": string }>(
      "EXPLAIN SELECT key FROM decision_key WHERE at < '2026-11-19' ORDER BY at LIMIT 5000",
    );
    expect(rows.map((row) => row["QUERY PLAN"]).join("\n")).toContain("decision_key_by_time");
  });
});

describe("failed sign-ins", () => {
  it("are forgotten when they count no more", async () => {
    await countAttempt(database.db, attemptKeys("old@example.com", "192.0.2.1"), ago(2 * HOUR_MS));
    await countAttempt(database.db, attemptKeys("new@example.com", "192.0.2.2"), ago(HOUR_MS / 2));
    expect(await forgetAttempts(database.db, NOW)).toBe(2);
    const left = await database.db.signInAttempt.findMany({ select: { key: true } });
    expect(left.map(({ key }) => key).sort()).toEqual(
      Object.values(attemptKeys("new@example.com", "192.0.2.2")).sort(),
    );
  });
});

it("both are forgotten by the hourly job", async () => {
  await addKeys("old-", 1, ago(KEYS_KEPT_MS + 1));
  await countAttempt(database.db, attemptKeys("old@example.com", "192.0.2.1"), ago(2 * HOUR_MS));
  const job = SCHEDULED_JOBS.find(({ name }) => name === "forget-what-is-over");
  await job?.run({ db: database.db, now: NOW, actor: { kind: "job", name: "test" }, requestId: "r" });
  expect(await keys()).toEqual([]);
  expect(await database.db.signInAttempt.count()).toBe(0);
});

describe("traffic", () => {
  it("is forgotten when it counts no more", async () => {
    await database.pool.query(
      `INSERT INTO traffic_told (instance, workload_id, n, at)
       SELECT gen_random_uuid(), gen_random_uuid(), 1, t FROM unnest($1::timestamptz[]) AS t`,
      [[ago(HOUR_MS), ago(60_000)]],
    );
    await database.pool.query(
      `INSERT INTO session_tool_calls (session, n, at, told_at)
       SELECT decode(md5(t::text), 'hex'), 1, t, t FROM unnest($1::timestamptz[]) AS t`,
      [[ago(49 * HOUR_MS), ago(25 * HOUR_MS)]],
    );
    expect(await forgetTraffic(database.db, NOW)).toBe(2);
    expect(await forgetTraffic(database.db, NOW)).toBe(0);
  });
});

describe("what people were told", () => {
  const DAY_MS = 24 * HOUR_MS;

  it("is forgotten when it is old, and no mail of it is sent again", async () => {
    const { id: personId } = await makeActor(database.db, ["security_lead"]);
    const mail = async (days: number, waits: boolean) => {
      const { id } = await database.db.mailDelivery.create({
        data: {
          id: uuidv7(),
          personId,
          kind: "test",
          subject: "EXC-1",
          createdAt: ago(days * DAY_MS),
          ...(waits ? { nextAttemptAt: NOW } : { sentAt: ago(days * DAY_MS) }),
        },
      });
      return id;
    };
    const notice = (key: string, days: number, mailDeliveryId: string | null) =>
      database.db.notification.create({
        data: {
          id: uuidv7(),
          personId,
          key,
          kind: "decided",
          topic: "change",
          subjectKind: "change",
          subjectId: personId,
          ref: "CHG-1",
          title: "CHG-1 is applied",
          href: "/changes/CHG-1",
          at: ago(days * DAY_MS),
          createdAt: ago(days * DAY_MS),
          inInbox: true,
          mail: "at_once",
          mailDeliveryId,
        },
      });
    await notice("ancient", 181, null);
    await notice("sent", 31, await mail(31, false));
    await notice("waits", 31, await mail(31, true));
    await notice("new", 1, await mail(1, false));
    expect(await forgetTold(database.db, NOW)).toBe(2);
    const left = await database.db.notification.findMany({ orderBy: { key: "asc" } });
    expect(left.map(({ key, mail: how, mailDeliveryId }) => [key, how, mailDeliveryId !== null])).toEqual([
      ["new", "at_once", true],
      ["sent", "off", false],
      ["waits", "at_once", true],
    ]);
    expect(await forgetTold(database.db, NOW)).toBe(0);
  });
});
