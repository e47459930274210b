import { describe, expect, it } from "vitest";
import { bucketOf, fixedWindow, periodOf, windowOf } from "./period";

const now = new Date("2026-11-21T10:30:00.000Z");
const asked = (query: string) => new URLSearchParams(query);

describe("the window of an address", () => {
  it("is the last seven days when nothing is said", () => {
    expect(windowOf(asked(""), now)).toEqual({
      from: "2026-11-14T10:30:00.000Z",
      to: "2026-11-21T10:30:00.000Z",
    });
  });

  it("is the named period up to now", () => {
    expect(windowOf(asked("period=24h"), now).from).toBe("2026-11-20T10:30:00.000Z");
    expect(periodOf(asked("period=90d")).label).toBe("90 days");
  });

  it("falls back on a period that there is", () => {
    expect(periodOf(asked("period=forever")).id).toBe("7d");
  });

  it("is the address's own when it names both ends", () => {
    const query = "period=24h&from=2026-11-01T00:00:00Z&to=2026-11-02T00:00:00%2B01:00";
    expect(windowOf(asked(query), now)).toEqual({
      from: "2026-11-01T00:00:00.000Z",
      to: "2026-11-01T23:00:00.000Z",
    });
  });

  it.each(["from=2026-11-01T00:00:00Z", "from=x&to=y", "from=2026-11-02T00:00:00Z&to=2026-11-01T00:00:00Z"])(
    "does not take %s for a window",
    (query) => expect(fixedWindow(asked(query))).toBeNull(),
  );
});

describe("the bucket", () => {
  it.each([
    ["period=24h", "hour"],
    ["period=7d", "hour"],
    ["period=7d&bucket=day", "day"],
    ["period=30d", "day"],
    ["period=30d&bucket=hour", "hour"],
    ["period=90d&bucket=hour", "day"],
    ["from=2026-11-01T00:00:00Z&to=2026-11-01T12:00:00Z&bucket=day", "hour"],
    ["from=2025-11-01T00:00:00Z&to=2026-11-01T12:00:00Z&bucket=hour", "day"],
  ])("of %s is the %s", (query, bucket) => expect(bucketOf(asked(query))).toBe(bucket));
});
