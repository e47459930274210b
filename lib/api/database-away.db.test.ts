import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createDb, type Db } from "@/lib/db/prisma";
import { testApi } from "@/lib/testing/api";
import { type CuttableProxy, startProxy } from "@/lib/testing/cuttable-proxy";
import { useTestDatabase } from "@/lib/testing/database";
import { type Cast, makeCast } from "@/lib/testing/people";

const database = useTestDatabase();
let proxy: CuttableProxy;
let db: Db;
let cast: Cast;
let call: ReturnType<typeof testApi>["call"];

beforeAll(async () => {
  cast = await makeCast(database.db);
  const url = new URL(database.url);
  proxy = await startProxy(Number(url.port));
  url.port = String(proxy.port);
  url.hostname = "127.0.0.1";
  db = createDb(url.href, 2);
  ({ call } = testApi({ ...database, db }));
});
afterAll(async () => {
  proxy.resume();
  await db.$disconnect();
  await proxy.close();
});

it("a database that is away is 503 with Retry-After, for reads, plain SQL and commands, and passes", async () => {
  const calls = () =>
    Promise.all([
      call(cast.lead, "GET", "/use-cases"),
      call(cast.lead, "GET", "/telemetry/use-cases"),
      call(cast.admin, "POST", "/people", {
        email: `${randomUUID()}@example.com`,
        name: "New",
        roles: ["auditor"],
        password: "a long enough password, surely",
      }),
    ]);
  const before = await calls();
  expect(before.map(({ status }) => status < 400)).toEqual([true, true, true]);
  proxy.cut();
  for (let n = 0; n < 2; n++) {
    for (const { status, body, headers } of await calls()) {
      expect([status, body.code]).toEqual([503, "unavailable"]);
      expect(headers.get("retry-after")).toBe("2");
    }
  }
  proxy.resume();
  expect((await calls()).map(({ status }) => status < 400)).toEqual([true, true, true]);
});
