import { expect, test } from "vitest";
import { Breaker } from "./breaker";

test("after five failures in a row nothing is tried for ten seconds, then one trial at a time", () => {
  let now = 0;
  const breaker = new Breaker(() => now);
  for (let n = 0; n < 4; n++) breaker.failed();
  breaker.succeeded();
  for (let n = 0; n < 5; n++) {
    expect(breaker.admits()).toBe(true);
    breaker.failed();
  }
  expect(breaker.admits()).toBe(false);
  now = 9_999;
  expect(breaker.admits()).toBe(false);
  now = 10_000;
  expect([breaker.admits(), breaker.admits()]).toEqual([true, false]);
  breaker.failed();
  expect(breaker.admits()).toBe(false);
  now = 20_000;
  expect(breaker.admits()).toBe(true);
  breaker.succeeded();
  expect([breaker.admits(), breaker.admits()]).toEqual([true, true]);
});

test("what tells nothing counts as neither, and lets the next one try", () => {
  let now = 0;
  const breaker = new Breaker(() => now);
  for (let n = 0; n < 4; n++) breaker.failed();
  for (let n = 0; n < 9; n++) breaker.toldNothing();
  expect(breaker.admits()).toBe(true);
  breaker.failed();
  now = 10_000;
  expect(breaker.admits()).toBe(true);
  breaker.toldNothing();
  expect([breaker.admits(), breaker.admits()]).toEqual([true, false]);
});
