import fc from "fast-check";
import { expect, test } from "vitest";
import { APPROVAL_STATUSES, mayMove, TRANSITIONS, VERDICTS } from "./lifecycle";
import { refOf, statusAt } from "./rules";

const AT = Date.parse("2026-11-21T12:15:00.000Z");
const expiresAt = new Date(AT);
const [before, then] = [new Date(AT - 1), new Date(AT)];

test("it expires at the millisecond that it names, undecided or granted", () => {
  const pending = { verdict: null, usedAt: null, expiresAt };
  const granted = { ...pending, verdict: "granted" as const };
  expect(statusAt(pending, before)).toBe("pending");
  expect(statusAt(pending, then)).toBe("expired");
  expect(statusAt(granted, before)).toBe("granted");
  expect(statusAt(granted, then)).toBe("expired");
});

test("a denial and a use stay what they are", () => {
  for (const now of [before, then]) {
    expect(statusAt({ verdict: "denied", usedAt: null, expiresAt }, now)).toBe("denied");
    expect(statusAt({ verdict: "granted", usedAt: before, expiresAt }, now)).toBe("used");
  }
});

test("time never opens what was closed, and only an unused grant in time lets pass", () => {
  const standing = fc.record({
    verdict: fc.constantFrom(null, ...VERDICTS),
    usedAt: fc.constantFrom(null, before),
    expiresAt: fc.constant(expiresAt),
  });
  fc.assert(
    fc.property(standing, fc.integer({ min: -1000, max: 1000 }), fc.nat(1000), (one, offset, later) => {
      const now = new Date(AT + offset);
      const status = statusAt(one, now);
      const next = statusAt(one, new Date(now.getTime() + later));
      expect(next === status || next === "expired").toBe(true);
      expect(status === "granted").toBe(one.verdict === "granted" && one.usedAt === null && now < expiresAt);
    }),
  );
});

test("only what waits is decided, only what was granted is used", () => {
  expect(APPROVAL_STATUSES.filter((status) => mayMove(status, "grant"))).toEqual(["pending"]);
  expect(APPROVAL_STATUSES.filter((status) => mayMove(status, "deny"))).toEqual(["pending"]);
  expect(APPROVAL_STATUSES.filter((status) => mayMove(status, "use"))).toEqual(["granted"]);
  expect(Object.keys(TRANSITIONS)).toEqual(["grant", "deny", "use"]);
  expect(refOf({ ref: 31 })).toBe("APR-31");
});
