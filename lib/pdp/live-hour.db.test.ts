import { beforeEach, describe, expect, it } from "vitest";
import { buildUseCase } from "@/lib/testing/builders";
import { useTestDatabase } from "@/lib/testing/database";
import { Known } from "./commit";
import type { Decision } from "./decision";
import { ingest, type LateItem } from "./ingest";
import { createRecorder } from "./record";
import { someDecision } from "./testing";

const database = useTestDatabase();
const HOUR_MS = 3_600_000;
const NOW = new Date("2026-03-02T09:20:00.000Z");
const ago = (hours: number) => new Date(NOW.getTime() - hours * HOUR_MS);
let useCaseId: string;

beforeEach(async () => {
  useCaseId = (await buildUseCase(database.db)).id;
});

const decisionAt = (at: Date, different: Partial<Decision> = {}): Decision =>
  someDecision({ useCaseId, decidedAt: at, ...different });
const observationAt = (at: Date, different: Partial<Decision> = {}) =>
  decisionAt(at, { kind: "observation", ...different });

let writers = 0;
function recorder(now = () => NOW) {
  writers += 1;
  return createRecorder(database.pool, { shard: `writer-${writers}`, now, timeoutMs: 30_000 });
}

async function liveHours(): Promise<string[]> {
  const { rows } = await database.pool.query<{ hour: Date }>(
    "SELECT hour FROM live_hour WHERE use_case_id = $1 ORDER BY hour",
    [useCaseId],
  );
  return rows.map(({ hour }) => hour.toISOString().slice(0, 16));
}

async function countedHours(): Promise<number> {
  const { rows } = await database.pool.query<{ n: number }>(
    "SELECT count(DISTINCT hour)::int AS n FROM series_hour WHERE use_case_id = $1",
    [useCaseId],
  );
  return rows[0]?.n ?? 0;
}

describe("live hours", () => {
  it("come of decisions at any time, and of observations told within a day", async () => {
    await recorder().recordAll([
      decisionAt(ago(0)),
      decisionAt(ago(200)),
      observationAt(ago(3)),
      observationAt(ago(24)),
      observationAt(new Date(ago(24).getTime() - 1 - 20 * 60_000)),
      observationAt(ago(2), { synthetic: ["observedAt"] }),
      observationAt(ago(9_000)),
    ]);
    expect(await liveHours()).toEqual([
      "2026-02-22T01:00",
      "2026-03-01T09:00",
      "2026-03-02T06:00",
      "2026-03-02T09:00",
    ]);
    expect(await countedHours()).toBe(7);
  });

  it("end exactly 24 hours back", async () => {
    const edge = ago(24).getTime();
    await recorder().recordAll([observationAt(new Date(edge - 1))]);
    expect(await liveHours()).toEqual([]);
    await recorder().recordAll([observationAt(new Date(edge))]);
    expect(await liveHours()).toEqual(["2026-03-01T09:00"]);
  });

  it("are written once, and known from then on", async () => {
    const one = recorder();
    await one.record(observationAt(ago(1)));
    await database.pool.query("DELETE FROM live_hour WHERE use_case_id = $1", [useCaseId]);
    await one.record(observationAt(ago(1)));
    expect(await liveHours()).toEqual([]);
    await recorder().record(observationAt(ago(1)));
    expect(await liveHours()).toEqual(["2026-03-02T08:00"]);
  });

  it("are not taken for written when their transaction failed", async () => {
    const one = recorder();
    const bad = observationAt(ago(1), { policyVersion: 2 ** 40 });
    await expect(one.record(bad)).rejects.toThrow();
    expect(await liveHours()).toEqual([]);
    await one.record(observationAt(ago(1)));
    expect(await liveHours()).toEqual(["2026-03-02T08:00"]);
  });

  it("of many writers at once stand once each, and keep nobody out", async () => {
    const hours = Array.from({ length: 20 }, (_, at) => at);
    await Promise.all(
      [hours, hours.toReversed(), hours, hours.toReversed()].map((order) =>
        recorder().recordAll(order.map((hour) => observationAt(ago(hour)))),
      ),
    );
    expect(await liveHours()).toHaveLength(20);
    const { rows } = await database.pool.query(
      "SELECT sum(n)::int AS n FROM series_hour WHERE use_case_id = $1",
      [useCaseId],
    );
    expect(rows).toEqual([{ n: 80 }]);
  });

  it("of the spool are those of its decisions, and of observations that were told when they happened", async () => {
    const outage = { id: "0199c0de-0000-7000-8000-0000000000aa", since: ago(400) };
    const late = (decision: Decision, toldAt: Date): LateItem => ({
      decision: { ...decision, late: true },
      claim: null,
      at: toldAt,
      outage,
    });
    const items = [
      late(decisionAt(ago(400)), ago(400)),
      late(observationAt(ago(330)), ago(320)),
      late(observationAt(ago(330 + 24)), ago(320)),
    ];
    const options = { decisionPoint: "late", known: new Known(), timeoutMs: 30_000 };
    const setAside = async () => expect.unreachable();
    expect(await ingest(database.pool, items, { ...options, setAside })).toMatchObject({ written: 3 });
    expect(await liveHours()).toEqual(
      [ago(400), ago(330)].map((at) => `${at.toISOString().slice(0, 13)}:00`),
    );
  });
});
