import { describe, expect, it } from "vitest";
import { compileCustomDetectors } from "@/lib/detect/registry";
import {
  answerSpans,
  contentDigest,
  contentExcerpt,
  readContent,
  redactContent,
  stableDigest,
} from "./content";
import { type AnyRequest, parseDecision } from "./request";

const NONE = compileCustomDetectors({});
const CARD = "4111 1111 1111 1111";
const read = (request: Partial<AnyRequest>) => readContent({ action: "tool_call", ...request }, NONE);

function redacted(request: Partial<AnyRequest>, control = "pii/credit-card") {
  const content = read(request);
  const spans = answerSpans(content, ({ detector }) => detector === control);
  return { spans, ...redactContent(content, [{ control, spans }]) };
}

describe("content", () => {
  it("is looked for in messages and in every value of the arguments", () => {
    const { detection } = read({
      messages: [{ role: "user", content: "mail ann@example.com" }],
      tool: {
        name: "pay",
        arguments: { card: { numbers: [4111111111111111] }, iban: "DE89 3704 0044 0532 0130 00" },
      },
    });
    expect(Object.keys(detection.signals)).toEqual(["pii/credit-card", "pii/email", "pii/iban"]);
  });

  it("shows places by message, and by path in the arguments, offsets within the value", () => {
    const { spans } = redacted({
      messages: [{ role: "user", content: `use ${CARD}` }],
      tool: { name: "pay", arguments: { to: [{ card: `no. ${CARD}` }] } },
    });
    expect(spans).toEqual([
      { message: 0, start: 4, end: 23 },
      { path: "tool.arguments.to.0.card", start: 4, end: 23 },
    ]);
  });

  it("is masked where something was found and nowhere else", () => {
    const { messages, tool } = redacted({
      messages: [
        { role: "system", content: "be kind" },
        { role: "user", content: `use ${CARD} or ann@example.com` },
      ],
      tool: {
        name: "pay",
        arguments: { card: 4111111111111111, n: 3, note: null, list: [`${CARD}!`, true] },
      },
    });
    expect(messages.map(({ content }) => content)).toEqual([
      "be kind",
      "use [pii/credit-card] or ann@example.com",
    ]);
    expect(tool?.arguments).toEqual({
      card: "[pii/credit-card]",
      n: 3,
      note: null,
      list: ["[pii/credit-card]!", true],
    });
  });

  it("is looked for in the names of values too, and masks all of the arguments then", () => {
    const { spans, tool } = redacted({ tool: { name: "pay", arguments: { to: { [CARD]: true } } } });
    expect(spans).toMatchObject([{ path: "tool.arguments" }]);
    expect(tool?.arguments).toBe("[pii/credit-card]");
  });

  it("hides under no name", () => {
    const body = `{"action":"tool_call","tool":{"name":"t","arguments":{"__proto__":{"constructor":"${CARD}"}}}}`;
    const content = readContent(parseDecision(JSON.parse(body)), NONE);
    expect(content.detection.signals).toEqual({ "pii/credit-card": 1 });
    const spans = answerSpans(content, () => true);
    const { tool } = redactContent(content, [{ control: "pii/credit-card", spans }]);
    expect(JSON.stringify(tool?.arguments)).toBe('{"__proto__":{"constructor":"[pii/credit-card]"}}');
  });

  it("masks a value whose name gives it away", () => {
    const token = "hG7kQ2mZx9Rb4TnW8sLp3VdYf6Jc1AeU";
    const { tool } = redacted({ tool: { name: "login", arguments: { password: token } } }, "secrets");
    expect(JSON.stringify(tool)).not.toContain(token);
  });

  it("costs no more than it weighs, however its names repeat", () => {
    const values = Array.from({ length: 4_000 }, () => 1);
    const content = read({ tool: { name: "t", arguments: { ["n".repeat(500_000)]: values } } });
    expect(content.texts.reduce((sum, { text }) => sum + text.length, 0)).toBeLessThan(1_000_000);
  });

  it("has a digest that does not depend on the order of keys", () => {
    expect(stableDigest({ a: 1, b: [{ c: 1, d: 2 }] })).toBe(stableDigest({ b: [{ d: 2, c: 1 }], a: 1 }));
    expect(stableDigest({ a: 1 })).not.toBe(stableDigest({ a: 2 }));
    expect(contentDigest(read({}))).toBeNull();
    expect(contentDigest(read({ messages: [{ role: "user", content: "broken \ud800" }] }))).toMatch(
      /^[0-9a-f]{64}$/,
    );
  });

  it("has a masked excerpt that PostgreSQL can hold", () => {
    const excerpt = contentExcerpt(
      read({ messages: [{ role: "user", content: `\u0000 ${CARD} \ud800 ${"x".repeat(500)}` }] }),
      100,
    );
    expect(excerpt).toContain("[pii/credit-card]");
    expect(excerpt).not.toContain("4111");
    expect(excerpt?.includes("\u0000")).toBe(false);
    expect(excerpt?.isWellFormed()).toBe(true);
    expect(excerpt?.length).toBeLessThanOrEqual(100);
    expect(contentExcerpt(read({}), 100)).toBeNull();
    const call = read({
      tool: { name: "pay", arguments: { to: `no. ${CARD}`, amount: 3, note: "ann@example.com" } },
    });
    expect(contentExcerpt(call, 100)).toBe('{"to":"no. [pii/credit-card]","amount":3,"note":"[pii/email]"}');
    expect(contentExcerpt(read({ tool: { name: "pay", arguments: { amount: 3 } } }), 100)).toBe(
      '{"amount":3}',
    );
  });
});

it("what was found without a place masks every text and all of the arguments", () => {
  const content = {
    messages: [
      { role: "system" as const, content: "be kind" },
      { role: "user" as const, content: `pay ${CARD} to jane@firm.com` },
    ],
    tool: { name: "pay", arguments: { to: "jane" } },
  };
  const spans = [{ message: 1, start: 4, end: 4 + CARD.length }];
  const found = [{ control: "pii/credit-card", spans }, { control: "pii/name" }];
  expect(redactContent(content, found)).toEqual({
    messages: [
      { role: "system", content: "[pii/name]" },
      { role: "user", content: "[pii/name]" },
    ],
    tool: { name: "pay", arguments: "[pii/name]" },
  });
  expect(redactContent({ messages: [], tool: undefined }, found)).toEqual({ messages: [] });
});
