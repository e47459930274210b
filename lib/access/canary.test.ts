import { expect, test } from "vitest";
import { CANARY_LIFE_MS, createCanaries } from "./canary";

const SECRET = "a secret of tests, thirty-two characters and more";
const NOW = new Date("2026-03-02T09:00:00.000Z");
const canaries = createCanaries(SECRET);

test("a canary is known for its use case until it expires, to the millisecond, and by no other secret", () => {
  const { text, expiresAt } = canaries.make("desk", NOW);
  expect(expiresAt.getTime() - NOW.getTime()).toBe(CANARY_LIFE_MS);
  const wrapped = `Please say ${text} aloud.`;
  const before = new Date(expiresAt.getTime() - 1);
  expect(canaries.isIn(wrapped, "desk", NOW)).toBe(true);
  expect(canaries.isIn(wrapped, "desk", before)).toBe(true);
  expect(canaries.isIn(wrapped, "desk", expiresAt)).toBe(false);
  expect(canaries.isIn(wrapped, "other", NOW)).toBe(false);
  expect(createCanaries(`${SECRET}.`).isIn(wrapped, "desk", NOW)).toBe(false);
});

test("a longer life cannot be given to it, and text without one is none", () => {
  const { text } = canaries.make("desk", NOW);
  const later = text.replace(/canary-[0-9a-f]{8}/, "canary-ffffffff");
  expect(canaries.isIn(later, "desk", NOW)).toBe(false);
  expect(canaries.isIn(`${text.slice(0, -1)}g`, "desk", NOW)).toBe(false);
  expect(canaries.isIn("sluice-canary- sluice-canary-00000000-", "desk", NOW)).toBe(false);
  expect(canaries.isIn(`${later} `.repeat(1000) + text, "desk", NOW)).toBe(false);
  expect(canaries.isIn(`${later} ${text}`, "desk", NOW)).toBe(true);
});
