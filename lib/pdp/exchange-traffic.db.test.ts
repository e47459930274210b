import { afterEach, beforeAll, expect, test } from "vitest";
import { buildDocument, buildPolicyVersion, buildUseCase, buildWorkload } from "@/lib/testing/builders";
import { useTestDatabase } from "@/lib/testing/database";
import { post, startTestPoint } from "@/lib/testing/decision-point";
import type { DecisionPoint } from "./server";

const database = useTestDatabase();
const points: DecisionPoint[] = [];
let credential: string;

beforeAll(async () => {
  const { id } = await buildUseCase(database.db, { slug: "desk" });
  const controls = { "request-rate": { mode: "enforce" }, "tool-call-count": { mode: "enforce" } } as const;
  const { baseline } = buildDocument();
  const traffic = { requestsPerMinute: 30, promptChars: null, toolCallsPerSession: 8 };
  await buildPolicyVersion(
    database.db,
    id,
    buildDocument(controls, "enforcing", { baseline: { ...baseline, traffic } }),
  );
  ({ credential } = await buildWorkload(database.db, [id], { slug: "gateway" }));
});
afterEach(async () => {
  await Promise.all(points.splice(0).map((point) => point.stop()));
  await database.pool.query("TRUNCATE traffic_told, session_tool_calls");
});

async function start(): Promise<DecisionPoint> {
  const point = await startTestPoint(database.url);
  points.push(point);
  return point;
}

async function ask(point: DecisionPoint, sessionId: string, dryRun = false): Promise<string[]> {
  const body = { action: "tool_call", tool: { name: "search" }, sessionId, dryRun };
  const answer = await post(`${point.url}/v1/decisions`, credential, body);
  expect(answer.body).toMatchObject({ policy: { useCase: "desk" } });
  return (answer.body["findings"] as { control: string }[]).map(({ control }) => control);
}

/** What every point finds once they have told each other; asked without being counted. */
async function eventually(point: DecisionPoint, sessionId: string, findings: string[]): Promise<void> {
  await expect.poll(() => ask(point, sessionId, true), { timeout: 10_000, interval: 100 }).toEqual(findings);
}

test("a rate is that of the workload, whichever decision points it asks", async () => {
  const [a, b] = [await start(), await start()];
  for (let n = 0; n < 15; n++) {
    expect(await ask(a, `a${n}`)).toEqual([]);
    expect(await ask(b, `b${n}`)).toEqual([]);
  }
  await eventually(a, "more", ["request-rate"]);
  await eventually(b, "more", ["request-rate"]);
});

test("a session's tool calls are counted wherever they were made, and outlive a decision point", async () => {
  const [a, b] = [await start(), await start()];
  for (let n = 0; n < 4; n++) {
    await ask(a, "s");
    await ask(b, "s");
  }
  await eventually(a, "s", ["tool-call-count"]);
  await eventually(b, "s", ["tool-call-count"]);
  expect(await ask(a, "other", true)).toEqual([]);
  await Promise.all(points.splice(0).map((point) => point.stop()));
  const c = await start();
  await ask(c, "s");
  await eventually(c, "s", ["tool-call-count"]);
});
