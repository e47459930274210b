import { beforeAll, describe, expect, it } from "vitest";
import type { PersonActor } from "@/lib/access/context";
import { compile } from "@/lib/policy/compile";
import type { Facts } from "@/lib/policy/facts";
import { exampleDocument, someFacts } from "@/lib/policy/testing";
import { addVersion, decide, recordDecisions } from "@/lib/telemetry/testing";
import { testApi } from "@/lib/testing/api";
import { buildException, buildFloorVersion } from "@/lib/testing/builders";
import { useTestDatabase } from "@/lib/testing/database";
import {
  as,
  type Cast,
  expectAudited,
  expectRefused,
  makeActor,
  makeCast,
  makeUseCase,
  NOW,
} from "@/lib/testing/people";
import type { UseCaseView } from "@/lib/use-cases/views";
import { closeIncident } from "./close-incident";
import { markIncident } from "./mark-incident";
import { listDrift, listIncidents } from "./queries";
import { listDriftSchema } from "./schema";
import type { DriftListView } from "./views";

const test = useTestDatabase();
const api = testApi(test);
let cast: Cast;
let useCase: UseCaseView;
let other: UseCaseView;

const MINUTE = 60_000;
const DAY = 86_400_000;
const NOTE = "Nobody knows who put this tool in; its key is being revoked.";
const ago = (ms: number) => new Date(NOW.getTime() - ms);
const by = (actor: PersonActor, now: Date = NOW) => as(test.db, actor, now);

const document = {
  ...exampleDocument,
  stage: "logging" as const,
  baseline: {
    ...exampleDocument.baseline,
    models: ["openai/gpt-4o"],
    tools: [{ name: "search_*", impact: "low" as const }],
  },
};
const policy = compile(document);

/** Decisions of these facts at these instants, recorded as a decision point does. */
async function record(at: Date[], different: Partial<Facts>, which: { id: string; slug: string } = useCase) {
  const facts = someFacts({ useCase: which.slug, workload: "gateway", ...different });
  await recordDecisions(
    test.pool,
    at.map((instant) => decide({ useCase: which, facts, at: instant, policy })),
  );
}

const list = (input: Record<string, unknown> = {}, actor = cast.owner, now = NOW): Promise<DriftListView> =>
  listDrift(by(actor, now), listDriftSchema.parse(input));
const values = async (input: Record<string, unknown> = {}, now = NOW) =>
  (await list({ useCase: useCase.slug, ...input }, cast.owner, now)).items.map(
    ({ key }) => key.split(" ")[1],
  );

beforeAll(async () => {
  cast = await makeCast(test.db);
  [useCase, other] = [await makeUseCase(test.db, cast), await makeUseCase(test.db, cast)];
  for (const one of [useCase, other]) await addVersion(test.db, one.id, 2, document, ago(60 * DAY));
  const stray = { action: "tool_call" as const, tool: "export_all" };
  await record([ago(3 * DAY), ago(2 * DAY), ago(90 * MINUTE)], stray);
  await record([ago(DAY)], { ...stray, workload: "agent" });
  await record([ago(DAY)], { action: "prompt", model: "openai/gpt-5" });
  await record([ago(45 * DAY)], { action: "prompt", model: "old/model" });
  await record([ago(DAY)], { action: "tool_call", tool: "search_kb", model: "openai/gpt-4o" });
  await record([ago(DAY)], { action: "tool_call", tool: "export_all" }, other);
});

describe("the queue", () => {
  it("shows what was seen and is not declared: how often, when, by whom, and what one may do about it", async () => {
    const queue = await list({ useCase: useCase.slug });
    const row = queue.items.find(({ value }) => value === "export_all");
    expect(row).toMatchObject({
      dimension: "tools",
      n: 4,
      covered: 0,
      firstSeenAt: ago(3 * DAY).toISOString(),
      lastSeenAt: "2026-03-02T07:00:00.000Z",
      workloads: [
        { slug: "gateway", n: 3 },
        { slug: "agent", n: 1 },
      ],
      controls: [{ id: "tool-not-approved" }],
      state: "waiting",
      incident: null,
      floorBars: false,
    });
    expect(row?.answers.map(({ name, allowed }) => [name, allowed])).toEqual([
      ["declare", true],
      ["except", true],
      ["mark", true],
    ]);
    expect(queue.items.map(({ value }) => value)).toContain("openai/gpt-5");
    expect(queue.items.map(({ value }) => value)).not.toContain("search_kb");
    expect(queue.items.map(({ value }) => value)).not.toContain("old/model");
    expect(queue.total).toBe(queue.items.length);
    expect(queue.counts.waiting).toBe(queue.total);
  });

  it("looks further back when asked, and keeps to a use case and a dimension", async () => {
    expect(await values({ days: 90, dimension: "models" })).toEqual([
      "models:old/model",
      "models:openai/gpt-5",
    ]);
    expect(await values({ days: 7, dimension: "models" })).toEqual(["models:openai/gpt-5"]);
    const all = await list({ dimension: "tools" });
    expect(all.items.map(({ key }) => key)).toEqual([
      `${useCase.slug} tools:export_all`,
      `${other.slug} tools:export_all`,
    ]);
    const paged = await list({ dimension: "tools", limit: 1 });
    expect([paged.items.length, paged.total]).toEqual([1, 2]);
    const next = await list({ dimension: "tools", limit: 1, cursor: paged.nextCursor ?? "" });
    expect(next.items.map(({ key }) => key)).toEqual([`${other.slug} tools:export_all`]);
    expect(next.nextCursor).toBeNull();
  });

  it("says which answers are whose", async () => {
    const stranger = await makeActor(test.db, ["application_owner"]);
    const answers = async (actor: PersonActor) =>
      (await list({ useCase: useCase.slug }, actor)).items[0]?.answers
        .filter(({ allowed }) => allowed)
        .map(({ name }) => name);
    expect(await answers(cast.owner)).toEqual(["declare", "except", "mark"]);
    expect(await answers(cast.risk)).toEqual(["declare", "except", "mark"]);
    expect(await answers(cast.lead)).toEqual(["declare", "mark"]);
    for (const actor of [cast.auditor, cast.admin, stranger]) expect(await answers(actor)).toEqual([]);
    await expectRefused(test.db, () => list({ useCase: useCase.slug }, cast.business), "forbidden");
    await expectRefused(test.db, () => list({ useCase: "nowhere" }), "not_found");
  });

  it("lets go of what a later version declares", async () => {
    const declared = {
      ...document,
      baseline: {
        ...document.baseline,
        tools: [...document.baseline.tools, { name: "export_all", impact: "high" as const }],
      },
    };
    await addVersion(test.db, other.id, 3, declared, NOW);
    const queue = await list({ useCase: other.slug });
    expect(queue.items.map(({ dimension }) => dimension)).not.toContain("tools");
  });

  it("shows what exceptions in force cover apart, with until when", async () => {
    await record([ago(DAY)], { action: "retrieval", retrievalSource: "secret/vault" });
    expect(await values({ dimension: "retrievalSources" })).toEqual(["retrievalSources:secret/vault"]);
    const expiresAt = new Date(NOW.getTime() + 10 * DAY);
    await buildException(test.db, {
      useCaseId: useCase.id,
      controls: ["retrieval-source-not-approved"],
      startsAt: ago(DAY),
      expiresAt,
    });
    expect(await values({ dimension: "retrievalSources" })).toEqual([]);
    const [row] = (await list({ useCase: useCase.slug, state: "covered" })).items;
    expect(row).toMatchObject({
      value: "secret/vault",
      covered: row?.n,
      exceptions: [{ expiresAt: expiresAt.toISOString() }],
    });
    expect(await values({ dimension: "retrievalSources" }, expiresAt)).toEqual([
      "retrievalSources:secret/vault",
    ]);
  });

  it("says that a floor excludes a value, which a change of the policy would not let in", async () => {
    const floored = await makeUseCase(test.db, cast);
    await test.db.useCase.update({ where: { id: floored.id }, data: { dataClass: "restricted" } });
    await addVersion(test.db, floored.id, 2, document, ago(60 * DAY));
    const floor = {
      ...exampleDocument,
      baseline: { ...exampleDocument.baseline, models: ["openai/gpt-4o"] },
    };
    await buildFloorVersion(test.db, "restricted", floor, ago(60 * DAY));
    await record([ago(DAY)], { action: "prompt", model: "openai/gpt-5" }, floored);
    const [row] = (await list({ useCase: floored.slug, dimension: "models" })).items;
    expect(row?.floorBars).toBe(true);
    expect(row?.answers.find(({ name }) => name === "declare")).toMatchObject({ allowed: false });
  });

  it("says where nothing is declared, so that nothing drifts", async () => {
    const open = await makeUseCase(test.db, cast);
    await addVersion(
      test.db,
      open.id,
      2,
      { ...document, baseline: { ...document.baseline, models: null } },
      ago(DAY),
    );
    await record([ago(MINUTE)], { action: "prompt", model: "any/model" }, open);
    const queue = await list({ useCase: open.slug });
    expect(queue.items.map(({ dimension }) => dimension)).not.toContain("models");
    expect(queue.notBaselined).toEqual([
      {
        useCase: expect.objectContaining({ slug: open.slug }),
        dimensions: expect.arrayContaining(["models"]),
      },
    ]);
  });
});

describe("an incident", () => {
  const marked = () => ({
    useCase: useCase.slug,
    dimension: "tools" as const,
    value: "export_all",
    note: NOTE,
  });

  it("takes the value out of the queue until it is closed and the value is seen again", async () => {
    const incident = await expectAudited(by(cast.owner), "drift.marked", () =>
      markIncident(by(cast.owner), marked()),
    );
    expect(incident).toMatchObject({
      status: "open",
      n: 4,
      workloads: ["gateway", "agent"],
      markedBy: { name: "Otto Owner" },
      note: NOTE,
    });
    expect(await values({ dimension: "tools" })).toEqual([]);
    expect(await values({ dimension: "tools", state: "incident" })).toEqual(["tools:export_all"]);
    await expectRefused(test.db, () => markIncident(by(cast.lead), marked()), "conflict");

    const closing = new Date(NOW.getTime() + 20 * MINUTE);
    const note = "The key is revoked; the tool is gone from the agent.";
    const closed = await expectAudited(by(cast.risk, closing), "incident.closed", () =>
      closeIncident(by(cast.risk, closing), { id: incident.ref, note }),
    );
    expect(closed).toMatchObject({ status: "closed", closedBy: { name: "Rita Risk" }, closingNote: note });
    expect(closed.actions).toEqual([]);
    expect(await values({ dimension: "tools", state: "closed" }, closing)).toEqual(["tools:export_all"]);
    expect(await values({ dimension: "tools" }, closing)).toEqual([]);

    // In the hour of the closing: before it, to the very millisecond of it, and one after.
    const later = new Date(closing.getTime() + 30 * MINUTE);
    await record([new Date(closing.getTime() - MINUTE), closing], {
      action: "tool_call",
      tool: "export_all",
    });
    expect(await values({ dimension: "tools" }, later)).toEqual([]);
    await record([new Date(closing.getTime() + 1)], { action: "tool_call", tool: "export_all" });
    const [row] = (await list({ useCase: useCase.slug, dimension: "tools" }, cast.owner, later)).items;
    expect(row).toMatchObject({
      value: "export_all",
      seenAgain: true,
      state: "waiting",
      incident: { ref: incident.ref },
    });

    const again = await markIncident(by(cast.lead, later), marked());
    expect(again.ref).not.toBe(incident.ref);
    const register = await listIncidents(by(cast.auditor), { useCase: useCase.slug, limit: 50 });
    expect(register.items.map(({ ref, status }) => [ref, status])).toEqual([
      [again.ref, "open"],
      [incident.ref, "closed"],
    ]);
    await closeIncident(by(cast.lead, later), { id: again.id, note });
    await expectRefused(
      test.db,
      () => closeIncident(by(cast.risk, later), { id: again.id, note }),
      "conflict",
    );
  });

  it("is marked and closed by owners of the use case and security leads, and by nobody else", async () => {
    const stranger = await makeActor(test.db, ["risk_owner", "application_owner"]);
    const wanted = { useCase: useCase.slug, dimension: "models" as const, value: "openai/gpt-5", note: NOTE };
    for (const actor of [cast.auditor, cast.admin, cast.business, stranger]) {
      await expectRefused(test.db, () => markIncident(by(actor), wanted), "forbidden");
    }
    const { id } = await markIncident(by(cast.risk), wanted);
    for (const actor of [cast.auditor, cast.admin, stranger]) {
      await expectRefused(test.db, () => closeIncident(by(actor), { id, note: NOTE }), "forbidden");
    }
    await closeIncident(by(cast.owner), { id, note: NOTE });
    await expectRefused(test.db, () => markIncident(by(cast.owner), wanted), "rule", "drift-was-seen");
  });

  it("is of what traffic shows only", async () => {
    for (const value of ["search_kb", "never_seen"]) {
      const wanted = { ...marked(), value };
      await expectRefused(test.db, () => markIncident(by(cast.owner), wanted), "rule", "drift-was-seen");
    }
  });

  it("is marked once and closed once, however many try at the same instant", async () => {
    await record([ago(MINUTE)], { action: "tool_call", tool: "race_me" });
    const wanted = { ...marked(), value: "race_me" };
    const people = [cast.owner, cast.risk, cast.lead, cast.lead2, cast.lead3];
    const marks = await Promise.allSettled(people.map((actor) => markIncident(by(actor), wanted)));
    const won = marks.flatMap((mark) => (mark.status === "fulfilled" ? [mark.value] : []));
    expect(won).toHaveLength(1);
    for (const mark of marks)
      if (mark.status === "rejected") expect(mark.reason).toMatchObject({ code: "conflict" });
    const closes = await Promise.allSettled(
      people.map((actor) => closeIncident(by(actor), { id: won[0]?.id ?? "", note: NOTE })),
    );
    expect(closes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const entries = await test.db.auditEntry.findMany({ where: { subjectId: won[0]?.id ?? "" } });
    expect(entries.map(({ action }) => action).sort()).toEqual(["drift.marked", "incident.closed"]);
  });

  it("keeps its word in the database too", async () => {
    const { id } = await test.db.incident.findFirstOrThrow({ where: { status: "closed" } });
    await expect(
      test.db.incident.update({ where: { id }, data: { note: "Another story" } }),
    ).rejects.toThrow();
    await expect(test.db.incident.update({ where: { id }, data: { status: "open" } })).rejects.toThrow();
    await expect(test.db.incident.delete({ where: { id } })).rejects.toThrow();
  });
});

describe("over the API", () => {
  it("lists, marks, closes and exports exactly the filter, which stands in the audit log", async () => {
    await record([ago(MINUTE)], { action: "tool_call", tool: "=cmd|' /C calc'!A0" });
    const path = `/drift?useCase=${useCase.slug}&dimension=tools`;
    const page = await api.call<DriftListView>(cast.owner, "GET", path);
    expect(page.status).toBe(200);
    const entries = await test.db.auditEntry.count({ where: { action: "list.exported" } });
    const csv = await api.call<string>(cast.owner, "GET", path.replace("?", ".csv?"));
    expect(csv.headers.get("content-type")).toMatch(/^text\/csv/);
    const lines = csv.body.trim().split("\n");
    expect(lines).toHaveLength(page.body.total + 1);
    expect(lines.some((line) => line.includes(",'=cmd"))).toBe(true);
    expect(await test.db.auditEntry.count({ where: { action: "list.exported" } })).toBe(entries + 1);
    const made = await api.call<{ ref: string }>(cast.owner, "POST", "/incidents", {
      useCase: useCase.slug,
      dimension: "tools",
      value: "=cmd|' /C calc'!A0",
      note: NOTE,
    });
    expect(made.status).toBe(201);
    const closed = await api.call(cast.owner, "POST", `/incidents/${made.body.ref}/close`, { note: NOTE });
    expect(closed.status).toBe(200);
  });

  it("names the bad field", async () => {
    const bad = await api.call(cast.owner, "GET", "/drift?days=12");
    expect([bad.status, bad.body.fields?.map(({ path }) => path)]).toEqual([400, ["days"]]);
    const short = await api.call(cast.owner, "POST", "/incidents", {
      useCase: useCase.slug,
      dimension: "tools",
      value: "x",
      note: "short",
    });
    expect([short.status, short.body.fields?.map(({ path }) => path)]).toEqual([400, ["note"]]);
  });
});
