import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FREE_FAILURES, ownPath, waitAfterFailures } from "./rules";

const BASE = "https://console.example.com";

describe("the way back after sign-in", () => {
  it.each(["/", "/changes/CHG-1", "/telemetry?outcome=block#top", "/a//b"])("keeps %s", (path) => {
    expect(ownPath(path)).toBe(path);
  });

  it.each([
    "//evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "/\n\\evil.example",
    "\\\\evil.example",
    "javascript:alert(1)",
    " //evil.example",
    "/.//evil.example",
    "/a/..//evil.example",
    "/.\\\\evil.example",
    "/.//",
    "https://evil.example",
    "evil.example",
    "",
    ["/changes"],
    undefined,
  ])("leads home instead of to %j", (path) => {
    expect(ownPath(path)).toBe("/");
  });

  it("never leaves the console, whatever is wanted", () => {
    const piece = fc.constantFrom(
      "/",
      "\\",
      "\t",
      "\n",
      ":",
      "@",
      ".",
      "..",
      "evil.example",
      "javascript",
      "?",
      "#",
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        expect(new URL(ownPath(pieces.join("")), BASE).origin).toBe(BASE);
      }),
    );
  });
});

describe("the wait after failures", () => {
  const at = new Date("2026-03-02T09:00:00Z");
  const wait = (failures: number) =>
    waitAfterFailures({ failures, lastFailureAt: at }, FREE_FAILURES.account, at);

  it("begins with the sixth attempt, doubles, and ends at a quarter of an hour", () => {
    expect([0, 4, 5, 6, 10].map(wait)).toEqual([0, 0, 1_000, 2_000, 32_000]);
    expect([20, 2_000].map(wait)).toEqual([900_000, 900_000]);
  });

  it("is over when its time has passed", () => {
    const later = new Date(at.getTime() + 1_000);
    expect(waitAfterFailures({ failures: 5, lastFailureAt: at }, 5, later)).toBe(0);
  });
});
