import { expect, test } from "vitest";
import { sidesOf } from "./sides";

test("short values stand as they are", () => {
  expect(sidesOf("logging", "limited")).toEqual({ before: "logging", after: "limited" });
  expect(sidesOf(null, ["a"])).toEqual({ before: "anything", after: "a" });
});

test("of long lists only what came and went is said", () => {
  expect(sidesOf(["a", "b", "c", "d", "e"], ["e", "d", "c", "b", "x", "y"])).toEqual({
    before: "5 entries; removed: a",
    after: "6 entries; added: x, y",
  });
});

test("a list in another order says so", () => {
  expect(sidesOf(["a", "b", "c", "d", "e"], ["e", "d", "c", "b", "a"])).toEqual({
    before: "5 entries",
    after: "the same entries, in another order",
  });
});

test("tools are named with their impact", () => {
  const tools = ["a", "b", "c", "d"].map((name) => ({ name, impact: "low" }));
  expect(sidesOf(tools, [...tools, { name: "pay", impact: "high" }]).after).toBe(
    "5 entries; added: pay (high impact)",
  );
});
