import { describe, expect, it } from "vitest";
import { Traffic } from "./traffic";

describe("requests of a workload", () => {
  it("are those of the sliding minute", () => {
    const traffic = new Traffic();
    for (let second = 0; second < 60; second++)
      expect(traffic.requests("w", second * 1000, true)).toBe(second + 1);
    expect(traffic.requests("w", 60_000, true)).toBe(60);
    expect(traffic.requests("w", 90_000, true)).toBe(31);
    expect(traffic.requests("w", 1_000_000, true)).toBe(1);
    expect(traffic.requests("other", 1_000_000, true)).toBe(1);
  });

  it("agree with counting them one by one", () => {
    const traffic = new Traffic();
    const seconds: number[] = [];
    for (let at = 0, second = 0; at < 2_000; at++) {
      second += (at * 7919) % 5 === 0 ? at % 90 : 0;
      seconds.push(second);
      const expected = seconds.filter((other) => other > second - 60).length;
      expect(traffic.requests("w", second * 1000, true)).toBe(expected);
    }
  });

  it("do not count a rehearsal, and survive a clock that steps back", () => {
    const traffic = new Traffic();
    traffic.requests("w", 100_000, true);
    expect(traffic.requests("w", 100_000, false)).toBe(2);
    expect(traffic.requests("w", 99_000, true)).toBe(2);
    expect(traffic.requests("w", 101_000, true)).toBe(3);
  });
});

describe("tool calls of a session", () => {
  it("count calls, and tell them to the other requests of the session", () => {
    const traffic = new Traffic();
    expect(traffic.toolCalls("s", false, true)).toBe(0);
    expect(traffic.toolCalls("s", true, true)).toBe(1);
    expect(traffic.toolCalls("s", true, false)).toBe(2);
    expect(traffic.toolCalls("s", true, true)).toBe(2);
    expect(traffic.toolCalls("s", false, true)).toBe(2);
    expect(traffic.toolCalls("t", true, true)).toBe(1);
  });

  it("forget the session not heard of for longest", () => {
    const traffic = new Traffic();
    traffic.toolCalls("first", true, true);
    traffic.toolCalls("second", true, true);
    for (let at = 0; at < 99_998; at++) traffic.toolCalls(`s${at}`, true, true);
    traffic.toolCalls("first", true, true);
    traffic.toolCalls("one more", true, true);
    expect(traffic.toolCalls("first", false, true)).toBe(2);
    expect(traffic.toolCalls("second", false, true)).toBe(0);
  });
});
