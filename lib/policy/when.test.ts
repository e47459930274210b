import { describe, expect, it } from "vitest";
import { alternativesOf, anyOf, whenProblem } from "./when";

describe("the alternatives of a condition", () => {
  it.each([
    ["a || b", ["a", "b"]],
    ["(b) || ((a || c))", ["a", "b", "c"]],
    ["(a || b) && c", ["(a || b) && c"]],
    ['x == "a || b" || y', ['x == "a || b"', "y"]],
    ['x == "\\" || " || y', ['x == "\\" || "', "y"]],
    ["if a then b else c || d", ["if a then b else c || d"]],
    ["(if a then b else c) || d", ["d", "if a then b else c"]],
    ["a || a", ["a"]],
    ["(a) && (b)", ["(a) && (b)"]],
  ])("%s", (when, expected) => expect(alternativesOf(when)).toEqual(expected));

  it.each([
    ["(a", /not closed/],
    ["a)", /closes nothing/],
    ['"a', /string is not closed/],
    ["a // b", /comments/],
    [" ", /needed/],
    ["a && ".repeat(70), /more than 60 operators/],
    ["(".repeat(60) + ")".repeat(60), /nested deeper/],
  ])("refuses %j", (when, message) => expect(whenProblem(when)).toMatch(message));

  it("are put together in rows that the engine can bear", () => {
    const many = Array.from({ length: 700 }, (_, i) => `part${i}`);
    const whole = anyOf(many) ?? "";
    expect(alternativesOf(whole)).toEqual(many.toSorted());
    expect(Math.max(...whole.split(/[()]/).map((row) => row.split("||").length))).toBeLessThanOrEqual(17);
    expect([anyOf([]), anyOf(["a"]), anyOf(["a", "b"])]).toEqual([undefined, "a", "a || b"]);
  });

  it("may be long, as people write them", () => {
    const clause = 'context.model == "vendor/model" && context.tool != "x"';
    expect(whenProblem(Array(29).fill(clause).join(" || "))).toBeNull();
    expect(whenProblem(`context${".tool".repeat(121)}`)).toMatch(/120 dots/);
  });

  it("takes slashes within strings", () => {
    expect(whenProblem('context.destination == "https://x"')).toBeNull();
  });
});
