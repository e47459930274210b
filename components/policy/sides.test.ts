import { expect, test } from "vitest";
import { sidesOf } from "./sides";

test("short values stand as they are", () => {
  expect(sidesOf("stage", "logging", "limited")).toEqual({ before: "logging", after: "limited" });
  expect(sidesOf("baseline.models", null, ["a"])).toEqual({ before: "anything", after: "a" });
});

test("of long lists only what came and went is said", () => {
  expect(sidesOf("baseline.models", ["a", "b", "c", "d", "e"], ["e", "d", "c", "b", "x", "y"])).toEqual({
    before: "5 entries; removed: a",
    after: "6 entries; added: x, y",
  });
});

test("a list in another order says so", () => {
  expect(sidesOf("baseline.models", ["a", "b", "c", "d", "e"], ["e", "d", "c", "b", "a"])).toEqual({
    before: "5 entries",
    after: "the same entries, in another order",
  });
});

test("tools are named with their impact", () => {
  const tools = ["a", "b", "c", "d"].map((name) => ({ name, impact: "low" }));
  expect(sidesOf("baseline.tools", tools, [...tools, { name: "pay", impact: "high" }]).after).toBe(
    "5 entries; added: pay (high impact)",
  );
});
