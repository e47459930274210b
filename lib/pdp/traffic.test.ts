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
    expect(traffic.toolCalls("s", 0, { calls: false, counts: true })).toBe(0);
    expect(traffic.toolCalls("s", 0, { calls: true, counts: true })).toBe(1);
    expect(traffic.toolCalls("s", 0, { calls: true, counts: false })).toBe(2);
    expect(traffic.toolCalls("s", 0, { calls: true, counts: true })).toBe(2);
    expect(traffic.toolCalls("s", 0, { calls: false, counts: true })).toBe(2);
    expect(traffic.toolCalls("t", 0, { calls: true, counts: true })).toBe(1);
  });

  it("forget the session not heard of for longest", () => {
    const traffic = new Traffic();
    traffic.toolCalls("first", 0, { calls: true, counts: true });
    traffic.toolCalls("second", 0, { calls: true, counts: true });
    for (let at = 0; at < 99_998; at++) traffic.toolCalls(`s${at}`, 0, { calls: true, counts: true });
    traffic.toolCalls("first", 0, { calls: true, counts: true });
    traffic.toolCalls("one more", 0, { calls: true, counts: true });
    expect(traffic.toolCalls("first", 0, { calls: false, counts: true })).toBe(2);
    expect(traffic.toolCalls("second", 0, { calls: false, counts: true })).toBe(0);
  });
  it("begin anew after a day without one", () => {
    const traffic = new Traffic();
    const call = { calls: true, counts: true };
    traffic.toolCalls("s", 0, call);
    expect(traffic.toolCalls("s", 86_400_000, call)).toBe(2);
    expect(traffic.toolCalls("s", 2 * 86_400_000 + 1, call)).toBe(1);
    expect(traffic.toolCalls("s", 2 * 86_400_000 + 2, call)).toBe(2);
  });
});

describe("several decision points", () => {
  const told = (traffic: Traffic, atMs: number) => [...traffic.tell(atMs).requests.values()][0] ?? 0;

  it("count what the others told, which leaves the window evenly and is gone within the minute", () => {
    const [here, there] = [new Traffic(), new Traffic()];
    for (let n = 0; n < 60; n++) there.requests("w", 59_000, true);
    const heard = { workload: "w", n: told(there, 60_000), atMs: 60_000 };
    here.hear({ requests: [heard], toolCalls: new Map() });
    expect(here.requests("w", 60_000, false)).toBe(61);
    expect(here.requests("w", 62_000, true)).toBe(61);
    expect(here.requests("w", 92_000, false)).toBe(32);
    expect(here.requests("w", 122_000, false)).toBe(1);
  });

  it("are right to within a second of traffic when they exchange every second", () => {
    const points = [new Traffic(), new Traffic(), new Traffic()];
    const sent: number[] = [];
    for (let at = 0; at < 180_000; at += 25) {
      const here = points[(at / 25) % points.length] as Traffic;
      sent.push(at);
      const seen = here.requests("w", at, true);
      const right = sent.filter((other) => Math.floor(other / 1000) > Math.floor(at / 1000) - 60).length;
      expect(Math.abs(seen - right)).toBeLessThanOrEqual(80);
      if (at % 1000 !== 0) continue;
      const heard = points.map((point) => ({ point, n: told(point, at) }));
      for (const point of points) {
        const requests = heard
          .filter((other) => other.point !== point)
          .map(({ n }) => ({ workload: "w", n, atMs: at }));
        point.hear({ requests, toolCalls: new Map() });
      }
    }
  });

  it("tell each tool call once, and again if it did not arrive", () => {
    const traffic = new Traffic();
    for (let n = 0; n < 3; n++) traffic.toolCalls("s", 0, { calls: true, counts: true });
    const lost = traffic.tell(0);
    expect(lost.toolCalls).toEqual(new Map([["s", { n: 3, atMs: 0 }]]));
    expect(traffic.tell(0).toolCalls.size).toBe(0);
    traffic.takeBack(lost);
    expect(traffic.toolCalls("s", 0, { calls: false, counts: true })).toBe(3);
    expect(traffic.tell(0).toolCalls).toEqual(new Map([["s", { n: 3, atMs: 0 }]]));
    traffic.hear({ requests: [], toolCalls: new Map([["s", { n: 7, atMs: 0 }]]) });
    expect(traffic.toolCalls("s", 0, { calls: true, counts: true })).toBe(8);
    expect(traffic.tell(0).toolCalls).toEqual(new Map([["s", { n: 1, atMs: 0 }]]));
  });

  it("do not take up the calls of a session that was over", () => {
    const day = 86_400_001;
    const call = { calls: true, counts: true };
    const traffic = new Traffic();
    traffic.toolCalls("s", day, call);
    traffic.hear({ requests: [], toolCalls: new Map([["s", { n: 40, atMs: 0 }]]) });
    expect(traffic.toolCalls("s", day, call)).toBe(2);
    traffic.hear({ requests: [], toolCalls: new Map([["s", { n: 3, atMs: 2 * day }]]) });
    expect(traffic.toolCalls("s", 2 * day, call)).toBe(4);
  });
});
