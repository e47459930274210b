import { describe, expect, it } from "vitest";
import { Agenda } from "@/prisma/sample/agenda";
import { afterWork, ago } from "@/prisma/sample/stage";

const at = (text: string) => new Date(`${text}:00.000Z`);

describe("time at work", () => {
  it.each([
    ["within a day", "2026-11-18T10:12", 2.5, "2026-11-18T12:42"],
    ["from before the morning", "2026-11-18T03:00", 1, "2026-11-18T09:00"],
    ["over the night", "2026-11-18T16:00", 3, "2026-11-19T10:00"],
    ["from the evening on", "2026-11-18T21:00", 0.5, "2026-11-19T08:30"],
    ["over a weekend", "2026-11-20T15:12", 4, "2026-11-23T10:12"],
    ["over several days", "2026-11-18T09:12", 26, "2026-11-23T08:12"],
  ])("goes on %s", (_, from, hours, then) => {
    expect(afterWork(at(from), hours).toISOString()).toBe(at(then).toISOString());
  });

  it("begins on the day asked for, or on the working day before a weekend", () => {
    const now = at("2026-11-18T23:59");
    expect(ago(now, 2, 9)).toEqual(at("2026-11-16T09:12"));
    expect(ago(now, 3, 9)).toEqual(at("2026-11-13T09:12"));
    expect(ago(now, 4, 9)).toEqual(at("2026-11-13T09:12"));
  });
});

describe("stories", () => {
  const END = at("2026-11-18T17:00");

  it("go on in the order of their instants, and time passes in between", async () => {
    const seen: string[] = [];
    const agenda = new Agenda(async (until) => void seen.push(until.toISOString().slice(11, 16)), END);
    const story =
      (name: string, ...later: string[]) =>
      async () => {
        seen.push(`${name} begins`);
        for (const hour of later) seen.push(`${name} at ${(await agenda.until(at(hour))).getUTCHours()}`);
      };
    agenda.add(at("2026-11-18T09:00"), story("b"));
    agenda.add(at("2026-11-18T08:00"), story("a", "2026-11-18T10:00", "2026-11-19T10:00"));
    agenda.add(at("2026-11-18T09:00"), story("c", "2026-11-18T10:00"));
    await agenda.run();
    expect(seen).toEqual([
      ...["08:00", "a begins", "09:00", "b begins", "09:00", "c begins"],
      ...["10:00", "a at 10", "10:00", "c at 10", "17:00", "a at 17"],
    ]);
  });

  it("fail as a whole with the first that fails, also after it waited", async () => {
    const agenda = new Agenda(async () => {}, END);
    agenda.add(at("2026-11-18T08:00"), async () => {
      await agenda.until(at("2026-11-18T09:00"));
      throw new Error("no such person");
    });
    await expect(agenda.run()).rejects.toThrow("no such person");
  });
});
