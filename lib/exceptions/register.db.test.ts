import { uuidv7 } from "uuidv7";
import { beforeAll, describe, expect, it } from "vitest";
import { encodeCursor } from "@/lib/db/keyset";
import { testApi } from "@/lib/testing/api";
import { useTestDatabase } from "@/lib/testing/database";
import { exceptionsOf } from "@/lib/testing/exceptions";
import { as, type Cast, DAY_MS, inDays, makeCast, makeUseCase, NOW } from "@/lib/testing/people";
import type { UseCaseView } from "@/lib/use-cases/views";
import { getCalendar } from "./get-calendar";
import { getSprawl } from "./get-sprawl";
import { listExceptions } from "./queries";
import { reviewException } from "./review-exception";
import { revokeException } from "./revoke-exception";
import { exceptionFilterSchema } from "./schema";
import type { ExceptionView } from "./views";

const test = useTestDatabase();
const api = testApi(test);
const day = (days: number) => new Date(NOW.getTime() + days * DAY_MS);
let cast: Cast;
let useCase: UseCaseView;
let made: ReturnType<typeof exceptionsOf>;
let short: ExceptionView;
let long: ExceptionView;
let critical: ExceptionView;
let formula: ExceptionView;

beforeAll(async () => {
  cast = await makeCast(test.db);
  useCase = await makeUseCase(test.db, cast);
  made = exceptionsOf(test.db, cast, useCase);
  short = await made.approved({ expiresAt: inDays(10), reviewAt: inDays(2) });
  long = await made.approved({ expiresAt: inDays(60), reviewAt: inDays(50), scope: {} });
  const other = exceptionsOf(test.db, cast, await makeUseCase(test.db, cast, { tier: "critical" }));
  critical = await other.approve(
    await other.request({ startsAt: inDays(3), expiresAt: inDays(13), reviewAt: inDays(13) }),
  );
  formula = await made.request({
    justification: '=HYPERLINK("http://evil.example") is what a spreadsheet must not run, "quoted"',
  });
});

const refs = async (filter: object, now = NOW) =>
  (
    await listExceptions(as(test.db, cast.auditor, now), {
      limit: 50,
      ...exceptionFilterSchema.parse(filter),
    })
  ).items.map(({ ref }) => ref);

describe("the register", () => {
  it("filters by tier, age, overdue review and breadth", async () => {
    expect(await refs({ tier: "critical" })).toEqual([critical.ref]);
    expect(await refs({ broad: "true" })).toEqual([long.ref]);
    expect(await refs({ minAgeDays: 5 }, day(5))).toEqual([long.ref, short.ref]);
    expect(await refs({ minAgeDays: 5 }, day(4.9))).toEqual([]);
    expect(await refs({ overdue: "true" }, day(2))).toEqual([short.ref]);
    expect(await refs({ overdue: "true" }, day(1.9))).toEqual([]);
    expect(await refs({ state: "review_overdue" }, day(8.9))).toEqual([]);
    expect(await refs({ state: "review_overdue" }, day(9))).toEqual([short.ref]);
  });

  it("says since when one is suspended", async () => {
    const { items } = await listExceptions(as(test.db, cast.auditor, day(9.5)), { limit: 50, q: short.ref });
    expect(items[0]).toMatchObject({ state: "review_overdue", overdue: true, suspendedSince: inDays(9) });
  });

  it("sorts both ways, pages in that order, and begins anew where the cursor is gone", async () => {
    expect(await refs({ sort: "expires" })).toEqual([short.ref, critical.ref, formula.ref, long.ref]);
    expect(await refs({ sort: "-expires" })).toEqual([long.ref, formula.ref, critical.ref, short.ref]);
    const ask = (cursor?: string) =>
      listExceptions(as(test.db, cast.auditor), { limit: 3, sort: "expires", ...(cursor ? { cursor } : {}) });
    const first = await ask();
    expect(first).toMatchObject({
      total: 4,
      items: [{ ref: short.ref }, { ref: critical.ref }, { ref: formula.ref }],
    });
    const second = await ask(first.nextCursor ?? "");
    expect([second.items.map(({ ref }) => ref), second.nextCursor]).toEqual([[long.ref], null]);
    expect((await ask(encodeCursor(uuidv7()))).items).toHaveLength(3);
  });

  it("is exported exactly as it is filtered, safe for a spreadsheet, and that is audited", async () => {
    const before = await test.db.auditEntry.count();
    const { body, headers, status } = await api.call<string>(
      cast.auditor,
      "GET",
      `/exceptions?useCase=${useCase.slug}&sort=expires&limit=1`,
      undefined,
      { accept: "text/csv" },
    );
    expect([status, headers.get("content-disposition")]).toEqual([
      200,
      'attachment; filename="exceptions.csv"',
    ]);
    const lines = body.trim().split("\n");
    expect(lines.map((line) => line.split(",")[0])).toEqual(["ref", short.ref, formula.ref, long.ref]);
    expect(body).toContain(`"'=HYPERLINK(""http://evil.example"")`);
    const entries = await test.db.auditEntry.findMany({ skip: before, orderBy: { number: "asc" } });
    expect(entries).toMatchObject([
      {
        action: "list.exported",
        subjectId: "exceptions",
        detail: { filter: { useCase: useCase.slug, sort: "expires" }, n: 3 },
      },
    ]);
    const wrong = await api.call(cast.auditor, "GET", "/exceptions.csv?tier=huge");
    expect([wrong.status, wrong.body.fields?.[0]?.path]).toEqual([400, "tier"]);
  });
});

describe("the register as a file", () => {
  /** RFC 4180, read strictly: quotes doubled, a cell with a quote, comma or line break in quotes. */
  function rowsOf(csv: string): string[][] {
    const rows: string[][] = [[]];
    for (const [all, quoted, plain, end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\n|$)/g)) {
      if (all === "") break;
      rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain ?? "");
      if (end === "\n") rows.push([]);
    }
    return rows.filter((row) => row.length > 0);
  }

  it("holds what people wrote as they wrote it, and nothing that a spreadsheet runs or takes for another cell", async () => {
    const own = await makeUseCase(test.db, cast);
    const asked = exceptionsOf(test.db, cast, own);
    const rest = "and then some more words, so that it is long enough to be asked for.";
    const hostile = [
      "=1+1",
      "+1",
      "-1",
      "@SUM(A1)",
      "\uff1d1+1",
      'he said "no", =1',
      "a\n=1+1",
      "a\r=1+1",
      "a\r\n=1+1,b",
      "\u202e=1 \u05d0\u05d1",
      "a;=1\tb",
      "',=1",
      "\u{1f4a9}",
    ].map((text) => `${text} ${rest}`);
    for (const justification of hostile)
      await asked.request({ justification, compensatingControls: justification });
    const path = `/exceptions.csv?useCase=${own.slug}&sort=ref`;
    const [header = [], ...rows] = rowsOf((await api.call<string>(cast.auditor, "GET", path)).body);
    expect(rows.map((row) => row.length)).toEqual(hostile.map(() => header.length));
    const column = header.indexOf("justification");
    const unescaped = rows.map((row) => (row[column] ?? "").replace(/^'(?=[=+\-@\uff1d])/, ""));
    expect(unescaped).toEqual(hostile);
    expect(rows.flat().filter((cell) => /^[=+\-@\t\r\n\uff0b\uff0d\uff1d\uff20]/.test(cell))).toEqual([]);
    for (const bad of ["\u0000", "\ud800", "\u001b[2J"]) {
      const json = { ...asked.terms(), justification: `${bad} ${rest}` };
      const { status, body } = await api.call(cast.owner, "POST", "/exceptions", json);
      expect([status, body.fields?.map((one) => one.path)]).toEqual([400, ["justification"]]);
    }
  });
});

describe("the calendar", () => {
  it("has what begins, is due and ends, of what lives", async () => {
    const events = (await getCalendar(as(test.db, cast.auditor), { from: inDays(1), to: inDays(13) })).map(
      ({ kind, ref, at }) => [kind, ref, at],
    );
    expect(events).toEqual([
      ["review", short.ref, inDays(2)],
      ["starts", critical.ref, inDays(3)],
      ["expires", short.ref, inDays(10)],
    ]);
  });
});

describe("sprawl over time", () => {
  it("is what was in force at the end of each day, suspended and ended ones left out", async () => {
    const gone = await made.approved({ expiresAt: inDays(60), reviewAt: inDays(50) });
    await revokeException(as(test.db, cast.lead2, day(4.5)), { id: gone.id, reason: "Over." });
    await reviewException(as(test.db, cast.lead2, day(9.9)), {
      id: short.id,
      note: "Seen.",
      nextReviewAt: inDays(10),
    });
    const { points } = await getSprawl(as(test.db, cast.auditor, day(14)), { days: 15 });
    expect(points.map(({ total }) => total)).toEqual([3, 3, 3, 4, 3, 3, 3, 3, 3, 2, 2, 2, 2, 1, 1]);
    expect(points[3]).toMatchObject({ day: "2026-03-05", byTier: { moderate: 3, critical: 1 } });
    expect(points[9]).toMatchObject({ byAge: { "under 7 days": 1, "7 to 29 days": 1 } });
  });
});
