import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyFacts } from "./arbitraries";
import { CONTEXT_FIELDS } from "./cedar/context-fields";
import { checkCondition, readyCondition } from "./condition";
import { someFacts } from "./testing";

const scope = { useCase: "support-bot", customIds: ["custom/own"] };
const check = (when: string) => checkCondition(when, scope);

describe("a condition is refused", () => {
  it.each([
    ["", /needed/, null],
    ["context.tool == ", /unexpected token/, null],
    ['context.tool == "é" && context.toool == 1', /`toool`.*did you mean `tool`/, "context.toool"],
    ["context.promptChars", /expected Bool/, "context.promptChars"],
    ['context.signals["secrets"] <= 2', /optional attribute/, 'context.signals["secrets"]'],
    ['context.signals has "custom/other"', /.*/, null],
    ["true } unless { false", /closes nothing/, null],
    ["context.promptChars * 9223372036854775807 > 1", /cannot be worked out .*overflow/, null],
    ["context.toolCalls * 9007199254740993 * 1025 > 1", /cannot be worked out/, null],
  ])("%j", (when, message, place) => {
    const { problems, warnings } = check(when);
    if (when.includes("custom/other")) {
      // The schema does not know it: the engine takes the question for one that is always answered no.
      expect(warnings.map(({ kind }) => kind)).toEqual(["never"]);
      return;
    }
    expect(problems[0]?.message).toMatch(message);
    expect(warnings).toEqual([]);
    if (place !== null) {
      expect(when.slice(problems[0]?.start ?? 0, problems[0]?.end ?? 0)).toBe(place);
    }
  });
});

describe("a condition is warned of", () => {
  it.each([
    ["true", ["always"]],
    ["false", ["never"]],
    ['context.tool == "a" && context.tool != "a"', ["never"]],
    ['context.tool == "a" || context.tool != "a"', ["always"]],
    ['context.dataClass == "secret"', ["never"]],
    ['context.dataClass != "secret"', ["always"]],
    ['context.environment like "prod"', ["never"]],
    ['resource == UseCase::"another"', ["never"]],
    ["context.credentialAgeHours >= 0", ["always", "bucket"]],
    ["context.promptChars > 100", ["bucket"]],
    ["120 < context.requestsPerMinute", []],
    ["context.requestsPerMinute >= 120", ["bucket"]],
    ["context.promptChars > 16384", []],
    ["context.toolCalls <= 32", []],
    ["context.toolCalls > 4096", ["never", "bucket"]],
    ['context.signals has "secrets" && context.signals["secrets"] <= 2', []],
    ['context.signals has "custom/own" && context.signals["custom/own"] == 4', []],
    ['context.signals has "secrets" && context.signals["secrets"] > 4', ["never"]],
    ['principal == Workload::"gateway" && action == Action::"tool_call"', []],
    ['context.model like "openai/*" && !(["a", "b"].contains(context.tool)) && context.attributed', []],
    [
      'context.tool == "send_money" && context.dataClass == "restricted" && context.purpose == "x" && context.model == "m" && context.destination == "d" && context.promptChars > 64',
      [],
    ],
  ])("%j: %j", (when, kinds) => {
    expect(check(when).problems).toEqual([]);
    expect(check(when).warnings.map(({ kind }) => kind)).toEqual(kinds);
  });

  it("says the same of the same condition every time", () => {
    const when = CONTEXT_FIELDS.filter(({ type }) => type === "String")
      .map(({ name }) => `context.${name} != "a"`)
      .join(" && ");
    expect(check(when)).toEqual(check(when));
  });
});

describe("a condition that is ready", () => {
  it("says of facts what the compiled policy would", () => {
    const condition = readyCondition('context.tool == "ab" || context.promptChars > 64', scope);
    fc.assert(
      fc.property(anyFacts, (facts) => {
        expect(condition.on(facts)).toBe(facts.tool === "ab" || (facts.promptCharsBucket ?? 0) > 64);
      }),
      { numRuns: 2000 },
    );
  });

  it("tells an error from what does not hold", () => {
    const condition = readyCondition("context.promptChars * 9223372036854775807 > 1", scope);
    expect(condition.on(someFacts())).toBe(false);
    expect(condition.on(someFacts({ promptCharsBucket: 64 }))).toMatchObject({
      error: expect.stringMatching(/overflow/),
    });
  });
});
