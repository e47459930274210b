import { beforeAll, describe, expect, it } from "vitest";
import { compile } from "@/lib/policy/compile";
import { exampleDocument, someFacts } from "@/lib/policy/testing";
import { addVersion, decide, recordDecisions } from "@/lib/telemetry/testing";
import { useTestDatabase } from "@/lib/testing/database";
import { as, type Cast, makeCast, makeUseCase } from "@/lib/testing/people";
import type { UseCaseView } from "@/lib/use-cases/views";
import { refreshCounts } from "./count-facts";
import { listDrift } from "./queries";
import { listDriftSchema } from "./schema";

const test = useTestDatabase();
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Facts are counted ahead by the database's clock. */
const now = new Date();
const ago = (ms: number) => new Date(now.getTime() - ms);

const baseline = { ...exampleDocument.baseline, tools: [] };
const document = { ...exampleDocument, stage: "logging" as const, baseline };
const policy = compile(document);
let cast: Cast;
let useCase: UseCaseView;

async function record(tool: string, at: readonly Date[]) {
  const facts = someFacts({ useCase: useCase.slug, workload: "gateway", action: "tool_call", tool });
  await recordDecisions(
    test.pool,
    at.map((instant) => decide({ useCase, facts, at: instant, policy })),
  );
}

/** What the queue says of each tool. */
async function tools(days: number, at: Date = now) {
  const input = listDriftSchema.parse({ useCase: useCase.slug, dimension: "tools", days });
  const { items, from } = await listDrift(as(test.db, cast.owner, at), input);
  return { from, tools: Object.fromEntries(items.map(({ value, n }) => [value, n])) };
}

beforeAll(async () => {
  cast = await makeCast(test.db);
  useCase = await makeUseCase(test.db, cast);
  await addVersion(test.db, useCase.id, 2, document, ago(200 * DAY));
  await record("export_all", [ago(80 * DAY), ago(20 * DAY), ago(20 * DAY), ago(2 * DAY), ago(HOUR / 60)]);
  await record("delete_all", [ago(100 * DAY), ago(3 * DAY)]);
});

describe("facts that were counted ahead", () => {
  it("give what the hours give, with what came since", async () => {
    const windows = [7, 30, 90] as const;
    const fromHours = await Promise.all(windows.map((days) => tools(days)));
    expect(fromHours.map((answer) => answer.tools)).toEqual([
      { delete_all: 1, export_all: 2 },
      { delete_all: 1, export_all: 4 },
      { delete_all: 1, export_all: 5 },
    ]);
    await refreshCounts({ db: test.db });
    const ahead = await Promise.all(windows.map((days) => tools(days)));
    expect(ahead.map((answer) => answer.tools)).toEqual(fromHours.map((answer) => answer.tools));
    await record("export_all", [ago(0)]);
    await record("new_tool", [ago(0)]);
    expect((await tools(7)).tools).toEqual({ delete_all: 1, export_all: 3, new_tool: 1 });
  });

  it("take up what is told late when they are counted again", async () => {
    await record("told_late", [ago(5 * DAY), ago(0)]);
    expect((await tools(7)).tools["told_late"]).toBe(1);
    await refreshCounts({ db: test.db });
    expect((await tools(7)).tools["told_late"]).toBe(2);
  });

  it("are left aside when they are hours old, and the hours read instead", async () => {
    await record("after", [ago(4 * DAY)]);
    expect((await tools(7)).tools["after"]).toBeUndefined();
    const later = new Date(now.getTime() + 5 * HOUR);
    expect((await tools(7, later)).tools["after"]).toBe(1);
  });
});
