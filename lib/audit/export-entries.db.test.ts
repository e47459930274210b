import { beforeAll, describe, expect, it } from "vitest";
import type { Ctx } from "@/lib/access/context";
import { exportEntries } from "@/lib/audit/export-entries";
import { listEntries } from "@/lib/audit/queries";
import { recordEntry } from "@/lib/audit/record";
import { useTestDatabase } from "@/lib/testing/database";
import { as, type Cast, expectAudited, expectRefused, inDays, makeCast } from "@/lib/testing/people";

const test = useTestDatabase();
let cast: Cast;
let auditor: Ctx;

beforeAll(async () => {
  cast = await makeCast(test.db);
  auditor = as(test.db, cast.auditor);
  const write = (useCase: string, reason: string, days: number) =>
    test.db.$transaction((tx) =>
      recordEntry(
        tx,
        { ...as(test.db, cast.owner), now: new Date(inDays(days)) },
        {
          action: "exception.drafted",
          subject: { kind: "exception", id: `${useCase}-${days}` },
          useCase,
          reason,
        },
      ),
    );
  for (let day = -1_200; day < 0; day++) await write(day % 2 === 0 ? "even" : "odd", "day by day", day);
  await write("odd", '=HYPERLINK("http://evil")', 1);
}, 60_000);

async function textOf(pieces: AsyncGenerator<string>): Promise<string[]> {
  let text = "";
  for await (const piece of pieces) text += piece;
  return text.trimEnd().split("\n");
}

describe("the export of the audit log", () => {
  it("has every entry that the filter lets through, newest first, over more than one read, and not itself", async () => {
    const [header, ...rows] = await textOf(
      await expectAudited(auditor, "list.exported", () => exportEntries(auditor, {})),
    );
    expect(header?.split(",").slice(0, 3)).toEqual(["number", "at", "action"]);
    const numbers = rows.map((row) => Number(row.split(",")[0]));
    expect(numbers).toHaveLength(1_201);
    expect(numbers).toEqual([...numbers].sort((a, b) => b - a));
  });

  it("has exactly the rows of the list with the same filter, and says in the log how many", async () => {
    const filter = { useCase: "odd", from: inDays(-100), to: inDays(0) };
    const { items, total } = await listEntries(auditor, { ...filter, limit: 200 });
    const [, ...rows] = await textOf(await exportEntries(auditor, filter));
    expect(rows.map((row) => Number(row.split(",")[0]))).toEqual(items.map(({ number }) => number));
    expect(total).toBe(50);
    const [own] = (await listEntries(auditor, { limit: 1 })).items;
    expect(own).toMatchObject({ action: "list.exported", useCase: "odd", detail: { filter, n: 50 } });
  });

  it("disarms what a spreadsheet would take for a formula", async () => {
    const [, row] = await textOf(await exportEntries(auditor, { from: inDays(1), to: inDays(2) }));
    expect(row).toContain(`"'=HYPERLINK(`);
  });

  it("is refused to who may not read the log, without a trace", async () => {
    await expectRefused(test.db, () => exportEntries(as(test.db, cast.owner), {}), "forbidden");
  });
});
