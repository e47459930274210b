import { beforeAll, describe, expect, it } from "vitest";
import { compile } from "@/lib/policy/compile";
import { someFacts } from "@/lib/policy/testing";
import { decide, recordDecisions } from "@/lib/telemetry/testing";
import type { ControlCheckView, TextTryView } from "@/lib/telemetry/views";
import { testApi } from "@/lib/testing/api";
import { buildDocument, buildFloorVersion } from "@/lib/testing/builders";
import { useTestDatabase } from "@/lib/testing/database";
import { type Cast, DAY_MS, makeCast, makeUseCase, NOW } from "@/lib/testing/people";
import type { ControlBindingView, PolicyView, UseCaseView } from "@/lib/use-cases/views";
import type { FrameworkView } from "./catalogue";

const test = useTestDatabase();
const api = testApi(test);
let cast: Cast;
let useCase: UseCaseView;

const check = (json: object, by = cast.owner) =>
  api.call<ControlCheckView>(by, "POST", "/controls/check", {
    useCase: useCase.slug,
    id: "custom/own",
    ...json,
  });
const tryText = (json: object, by = cast.owner) =>
  api.call<TextTryView>(by, "POST", "/controls/try-text", {
    useCase: useCase.slug,
    sensitivity: "L2",
    ...json,
  });

beforeAll(async () => {
  cast = await makeCast(test.db);
  useCase = await makeUseCase(test.db, cast);
  const { body } = await api.call<PolicyView>(cast.owner, "GET", `/use-cases/${useCase.slug}/policy`);
  const policy = compile(body.document);
  const at = (day: number, minute: number) => new Date(NOW.getTime() - day * DAY_MS + minute * 60_000);
  const tools = [...Array<string>(6).fill("lookup"), ...Array<string>(3).fill("pay"), "export"];
  await recordDecisions(
    test.pool,
    tools.map((tool, minute) =>
      decide({
        useCase,
        facts: someFacts({ useCase: useCase.slug, action: "tool_call", tool, promptCharsBucket: 64 }),
        at: at(2, minute),
        policy,
      }),
    ),
  );
});

describe("a condition while it is written", () => {
  it("says how much of the recorded traffic it matches, with examples", async () => {
    const { status, body } = await check({ when: 'context.tool == "pay" || context.tool == "export"' });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      problems: [],
      warnings: [],
      tried: { decisions: 10, facts: 3, triedDecisions: 10, matchedDecisions: 4, matchedFacts: 2 },
    });
    expect(body.tried?.examples.map(({ facts, n }) => [facts.tool, n])).toEqual([
      ["pay", 3],
      ["export", 1],
    ]);
  });

  it.each([
    ['context.tool == "nobody"', /^It matches none of the 10 decisions/],
    ['context.tool != "nobody"', /^It matches every one of the 10 decisions/],
    ["true", /^It holds for every one of/],
    ["context.promptChars > 100", /kept in buckets.*64 or 128/],
  ])("warns of %s", async (when, warning) => {
    const { body } = await check({ when });
    expect(body.problems).toEqual([]);
    expect(body.warnings.join("\n")).toMatch(warning);
  });

  it.each([
    ['context.tool == "a" &&', "when", /unexpected token/],
    ['context.toool == "a"', "when", /did you mean `tool`/],
    ["context.promptChars * 9223372036854775807 > 1", "when", /cannot be worked out/],
  ])("refuses %s, and tries nothing", async (when, field, message) => {
    const { body } = await check({ when });
    expect(body.tried).toBeNull();
    expect(body.problems[0]?.field).toBe(field);
    expect(body.problems[0]?.message).toMatch(message);
  });

  it("names each pattern that cannot be looked for", async () => {
    const { body } = await check({ patterns: ["good", "(", "x*"] });
    expect(body.problems.map(({ field }) => field)).toEqual(["patterns.1", "patterns.2"]);
    expect(body.tried).toBeNull();
  });

  it("is for those who may request a change there", async () => {
    expect((await check({ when: "true" }, cast.auditor)).status).toBe(403);
    expect((await check({ when: "true" }, cast.admin)).status).toBe(403);
    expect((await check({ when: "true" }, cast.lead)).status).toBe(200);
    expect((await tryText({ text: "x" }, cast.auditor)).status).toBe(403);
    expect((await check({ useCase: "no-such-case", when: "true" })).status).toBe(404);
    expect((await check({ id: "own" })).status).toBe(400);
  });
});

describe("a text that is tried", () => {
  it("is looked through as the decision point would, and kept nowhere", async () => {
    const input = {
      phrases: ["legal advice"],
      patterns: ["\\bsue (him|her)\\b"],
      text: "Legal-advice: sue her.",
    };
    const { body } = await tryText(input);
    expect(body).toEqual({
      problems: [],
      spans: [
        { level: "L2", start: 0, end: 12 },
        { level: "L1", start: 14, end: 21 },
      ],
      level: "L1",
      fires: true,
    });
    expect((await tryText({ ...input, patterns: [], sensitivity: "L1" })).body.fires).toBe(false);
    expect((await tryText({ ...input, patterns: ["("] })).body.problems[0]?.field).toBe("patterns.0");
    expect((await tryText({ ...input, text: "x".repeat(20_001) })).status).toBe(400);
  });
});

describe("a change with a custom control", () => {
  it.each([
    [{ sensitivity: "L2", patterns: ["ok", "("] }, "patterns.1"],
    [{ mode: "off", sensitivity: "L2", patterns: ["(?=x)"] }, "patterns.0"],
    [{ when: "context.promptChars * 9223372036854775807 > 1" }, "when"],
    [{ when: "context.toool == 1" }, "when"],
  ])("is refused by the field: %j", async (binding, field) => {
    const { body } = await api.call<PolicyView>(cast.owner, "GET", `/use-cases/${useCase.slug}/policy`);
    const controls = { ...body.document.controls, "custom/own": { mode: "log", ...binding } };
    const answer = await api.call(cast.owner, "POST", "/changes", {
      useCase: useCase.slug,
      baseVersion: body.version,
      proposal: { ...body.document, controls },
      justification: "A control of our own.",
    });
    expect(answer.status).toBe(400);
    expect(answer.body.fields?.map(({ path }) => path)).toEqual([`proposal.controls.custom/own.${field}`]);
  });
});

describe("the catalogue", () => {
  it("lists each framework with its edition, terms and the controls that serve a clause", async () => {
    const { body } = await api.call<{ items: FrameworkView[] }>(cast.auditor, "GET", "/frameworks");
    const iso = body.items.find(({ id }) => id === "iso-42001");
    expect(iso?.clauses.every(({ title }) => title === "")).toBe(true);
    expect(iso?.terms).toMatch(/identifiers only/);
    const injection = body.items
      .find(({ id }) => id === "owasp-llm-2026")
      ?.clauses.find(({ id }) => id === "LLM01:2026");
    expect(injection).toEqual({ id: "LLM01:2026", title: "Prompt Injection", controls: ["prompt-attack"] });
  });

  it("says how the policies in force bind a control, and what the floor sets", async () => {
    const of = async (control: string) =>
      (
        await api.call<{ items: ControlBindingView[] }>(
          cast.auditor,
          "GET",
          `/controls/bindings?control=${control}`,
        )
      ).body.items;
    expect(await of("secrets")).toMatchObject([
      {
        useCase: { slug: useCase.slug },
        mode: "enforce",
        sensitivity: "L2",
        stage: "logging",
        modeBy: "document",
      },
    ]);
    const floor = buildDocument({ secrets: { mode: "log", sensitivity: "L4" } });
    await buildFloorVersion(test.db, "internal", floor, new Date(NOW.getTime() + DAY_MS));
    expect((await of("secrets"))[0]).toMatchObject({ sensitivity: "L2", floor: null });
    await buildFloorVersion(test.db, "internal", floor, NOW);
    expect((await of("secrets"))[0]).toMatchObject({
      sensitivity: "L4",
      modeBy: "document",
      sensitivityBy: "floor",
      floor: { dataClass: "internal", number: 2 },
    });
    expect(await of("custom/none")).toEqual([]);
  });

  it("gives the Cedar schema as a file", async () => {
    const answer = await fetchText(`/policies/cedar-schema?useCase=${useCase.slug}`);
    expect(answer).toContain('"unknownLinks": Long');
  });
});

async function fetchText(path: string): Promise<string> {
  const { status, body } = await api.call<string>(cast.auditor, "GET", path);
  expect(status).toBe(200);
  return body;
}
