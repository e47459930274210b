import { expect, test } from "vitest";
import { slugSchema } from "@/lib/schema";
import { rateText, slugOf } from "./words";

test("a rate says its counts, and never rounds something to nothing", () => {
  expect(rateText({ decisions: 8410, wouldBlock: 212 })).toBe("212 of 8,410 (2.5 %)");
  expect(rateText({ decisions: 100_000, wouldBlock: 1 })).toBe("1 of 100,000 (< 0.1 %)");
  expect(rateText({ decisions: 10, wouldBlock: 0 })).toBe("0 of 10 (0 %)");
  expect(rateText({ decisions: 0, wouldBlock: 0 })).toBe("no traffic");
  expect(rateText(null)).toBe("no traffic");
});

test("a title suggests a valid name for addresses", () => {
  for (const title of ["Support bot (EU)", "  Größe & Maß ", `${"a".repeat(59)} b`]) {
    expect(slugSchema.safeParse(slugOf(title)).success, title).toBe(true);
  }
  expect(slugOf("Support bot (EU)")).toBe("support-bot-eu");
});
