import { expect, test } from "vitest";
import { LIMITS } from "../request";
import { boundedMessages, nameOf, roleOf, textOf } from "./understand";

test("a name is cleaned and cut, and what is no text is none", () => {
  expect(nameOf(" openai/gpt-4o\u0000\ud800")).toBe(" openai/gpt-4o");
  expect(nameOf("x".repeat(300))).toHaveLength(200);
  expect(nameOf(42)).toBe("42");
  for (const none of ["", "\u0007", null, undefined, {}, [], true]) expect(nameOf(none)).toBeUndefined();
});

test("a foreign role is the user's", () => {
  expect(roleOf("tool")).toBe("tool");
  expect(roleOf("human")).toBe("user");
  expect(roleOf(null)).toBe("user");
});

test("text is found in every form of content, and deep nesting ends", () => {
  expect(textOf("a")).toBe("a");
  expect(
    textOf([{ type: "text", text: "a" }, { type: "image_url" }, { type: "input_text", input_text: "b" }]),
  ).toBe("a\nb");
  expect(textOf([{ type: "tool_result", content: [{ type: "text", text: "c" }] }])).toBe("c");
  let deep: unknown = "d";
  for (let n = 0; n < 100_000; n++) deep = [deep];
  expect(textOf(deep)).toBe("");
});

test("messages over the bound are put together, and none is lost", () => {
  const messages = Array.from({ length: LIMITS.messages + 3 }, (_, n) => ({
    role: "assistant" as const,
    content: `#${n}`,
  }));
  const bounded = boundedMessages(messages);
  expect(bounded).toHaveLength(LIMITS.messages);
  expect(bounded.flatMap(({ content }) => content.split("\n"))).toEqual(
    messages.map(({ content }) => content),
  );
  expect(boundedMessages(messages.slice(0, 2))).toEqual(messages.slice(0, 2));
});
