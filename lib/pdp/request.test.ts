import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SluiceError } from "@/lib/errors";
import { hostOf, parseDecision, parseItems, parseObservation } from "./request";

const NOW = new Date("2026-11-21T12:00:00Z");

const WHOLE = {
  action: "prompt",
  useCase: "support-bot",
  purpose: "customer-support",
  task: "answer",
  model: "openai/gpt-4o",
  tool: { name: "send_money", arguments: { to: "x", deep: [{ n: 1 }] } },
  destination: "https://api.example.com/x",
  retrievalSource: "kb/faq",
  dataClass: "internal",
  actor: { id: "u-42" },
  sessionId: "s",
  traceId: "t",
  messages: [{ role: "user", content: "hello" }],
  signals: [{ detector: "moderation/hate", level: "L2", source: "azure-content-safety" }],
  synthetic: ["observedAt"],
};

function badPaths(parse: () => unknown): string[] {
  try {
    parse();
  } catch (error) {
    if (error instanceof SluiceError && error.code === "invalid") return error.fields.map(({ path }) => path);
    throw error;
  }
  return [];
}

/** The body with something else at a path. */
function withAt(path: string, value: unknown): unknown {
  const body = structuredClone(WHOLE) as Record<string, unknown>;
  const keys = path.split(".");
  const last = keys.pop() ?? "";
  let node = body;
  for (const key of keys) node = node[key] as Record<string, unknown>;
  node[last] = value;
  return body;
}

function nested(depth: number): unknown {
  let value: unknown = "leaf";
  for (let at = 0; at < depth; at++) value = { a: value };
  return value;
}

const TEXTS: [path: string, max: number][] = [
  ["useCase", 80],
  ["purpose", 200],
  ["task", 200],
  ["model", 200],
  ["tool.name", 200],
  ["destination", 2048],
  ["retrievalSource", 500],
  ["actor.id", 256],
  ["sessionId", 200],
  ["traceId", 200],
  ["signals.0.source", 100],
];

const WRONG: [path: string, value: unknown, named?: string][] = [
  ...TEXTS.flatMap(([path, max]): [string, unknown][] => [
    [path, 7],
    [path, null],
    [path, ""],
    [path, "x".repeat(max + 1)],
    [path, "a\u0000b"],
    [path, "a\nb"],
    [path, "broken \ud800"],
    [path, ["x"]],
  ]),
  ["action", "think"],
  ["action", undefined],
  ["action", 1],
  ["dataClass", "secret"],
  ["dataClass", null],
  ["tool", "send_money"],
  ["tool", []],
  ["tool.arguments", "x"],
  ["tool.arguments", null],
  ["tool.arguments", []],
  ["tool.arguments", nested(65)],
  ["tool.arguments", { list: Array.from({ length: 4_096 }, () => 1) }],
  ["tool.extra", 1],
  ["destination", "https://"],
  ["destination", "not a host"],
  ["actor", "u-42"],
  ["actor.name", "Ann"],
  ["messages", "hello"],
  ["messages", Array.from({ length: 257 }, () => ({ role: "user", content: "" }))],
  ["messages.0", "hello"],
  ["messages.0.role", "admin"],
  ["messages.0.content", 5],
  ["messages.0.content", [{ type: "text" }]],
  ["messages.0.name", "x"],
  ["signals", {}],
  ["signals", Array.from({ length: 65 }, () => WHOLE.signals[0])],
  ["signals.0", "hate"],
  ["signals.0.detector", "Moderation Hate"],
  ["signals.0.detector", "unknown-links"],
  ["signals.0.detector", "__proto__"],
  ["signals.0.detector", `a${"b".repeat(80)}`],
  ["signals.0.level", 2],
  ["signals.0.level", "L5"],
  ["signals.0.score", 0.5],
  ["synthetic", "observedAt"],
  ["synthetic", Array.from({ length: 9 }, () => "a")],
  ["synthetic.0", "not a name"],
  ["synthetic.0", "x".repeat(41)],
  ["dryRun", "yes"],
  ["observedAt", "2026-11-21T00:00:00Z"],
  ["surprise", 1],
];

describe("the body of a decision", () => {
  it("is taken as it stands in the design", () => {
    expect(parseDecision({ ...WHOLE, dryRun: false })).toEqual({ ...WHOLE, dryRun: false });
    expect(parseDecision({ action: "outbound" })).toEqual({ action: "outbound" });
  });

  it.each(WRONG.map(([path, value]) => [path, JSON.stringify(value)?.slice(0, 40), value] as const))(
    "names %s when it is %s",
    (path, _, value) => {
      expect(badPaths(() => parseDecision(withAt(path, value)))).toContain(path);
    },
  );

  it("names every bad field at once", () => {
    const body = { action: "x", model: 1, tool: {}, signals: [{ detector: "a", level: "L9" }] };
    expect(badPaths(() => parseDecision(body)).sort()).toEqual([
      "action",
      "model",
      "signals.0.level",
      "tool.name",
    ]);
  });

  it.each([null, 7, "x", [], true])("refuses %j", (body) => {
    expect(badPaths(() => parseDecision(body))).toEqual([""]);
  });

  it("takes deep but bounded arguments without a recursion of its own", () => {
    expect(
      parseDecision({ action: "tool_call", tool: { name: "t", arguments: nested(64) } }).tool?.name,
    ).toBe("t");
    const hostile = JSON.parse(
      `{"action":"tool_call","tool":{"name":"t","arguments":{"a":${"[".repeat(200_000)}${"]".repeat(200_000)}}}}`,
    );
    expect(badPaths(() => parseDecision(hostile))).toEqual(["tool.arguments"]);
  });

  it("is understood or refused with a path, whatever stands in it", () => {
    const keys = Object.keys(WHOLE);
    fc.assert(
      fc.property(fc.constantFrom(...keys), fc.jsonValue(), (key, value) => {
        const body = { ...WHOLE, [key]: value };
        const paths = badPaths(() => parseDecision(body));
        for (const path of paths) expect(path === key || path.startsWith(`${key}.`)).toBe(true);
        if (paths.length === 0) expect(parseDecision(body)).toEqual(body);
      }),
      { numRuns: 500 },
    );
  });

  it("never repeats what was sent", () => {
    try {
      parseDecision(withAt("model", "4111 1111 1111 1111\n"));
      expect.unreachable();
    } catch (error) {
      expect(JSON.stringify((error as SluiceError).fields)).not.toContain("4111");
    }
  });
});

describe("an observation", () => {
  const observed = (observedAt: unknown) => () => parseObservation({ action: "prompt", observedAt }, NOW);

  it("has an instant with its offset, within its bounds", () => {
    expect(observed("2026-11-21T13:00:59+01:00")()).toMatchObject({ action: "prompt" });
    expect(observed("2025-10-18T12:00:00Z")()).toMatchObject({ action: "prompt" });
  });

  it.each([
    undefined,
    null,
    1_700_000_000,
    "yesterday",
    "2026-11-21",
    "2026-11-21T12:00:00",
    "2026-11-21T12:01:00.001Z",
    "2025-10-17T11:59:59Z",
  ])("names observedAt when it is %j", (observedAt) => {
    expect(badPaths(observed(observedAt))).toEqual(["observedAt"]);
  });

  it("knows no rehearsal", () => {
    const body = { action: "prompt", observedAt: NOW.toISOString(), dryRun: true };
    expect(badPaths(() => parseObservation(body, NOW))).toEqual(["dryRun"]);
  });
});

describe("a list of items", () => {
  it("holds 1 to 500", () => {
    expect(parseItems({ decisions: [1, {}] }, "decisions")).toEqual([1, {}]);
    expect(badPaths(() => parseItems({ decisions: [] }, "decisions"))).toEqual(["decisions"]);
    expect(badPaths(() => parseItems({ decisions: new Array(501).fill({}) }, "decisions"))).toEqual([
      "decisions",
    ]);
    expect(badPaths(() => parseItems({ decisions: {} }, "decisions"))).toEqual(["decisions"]);
    expect(badPaths(() => parseItems({}, "decisions"))).toEqual(["decisions"]);
    expect(badPaths(() => parseItems({ decisions: [1], more: 1 }, "decisions"))).toEqual(["more"]);
  });
});

describe("the host of a destination", () => {
  it.each([
    ["https://API.Example.com:8443/x?y#z", "api.example.com"],
    ["api.example.com", "api.example.com"],
    ["api.example.com:443/x", "api.example.com"],
    ["https://bücher.example/", "xn--bcher-kva.example"],
    ["postgres://user@db.corp.example/x", "db.corp.example"],
    ["http://[2001:db8::1]/", "[2001:db8::1]"],
    ["10.0.0.1", "10.0.0.1"],
  ])("of %s is %s", (destination, host) => {
    expect(hostOf(destination)).toBe(host);
  });
  it.each(["https://", "a b", "", "://x", "https://exa mple.com"])("of %j is none", (destination) => {
    expect(hostOf(destination)).toBeNull();
  });
});
