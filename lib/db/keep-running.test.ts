import { expect, test } from "vitest";
import { keepRunning } from "./keep-running";

const settled = () => new Promise((done) => setTimeout(done, 40));

test("what is gone is started until it runs, and each reason is told once", async () => {
  const events: string[] = [];
  let running = true;
  let attempts = 0;
  const end = keepRunning({
    running: async () => running,
    start: async () => {
      attempts += 1;
      if (attempts <= 3) throw new Error("the disk is full");
      running = true;
    },
    tell: (event, reason) => events.push(reason ? `${event}: ${reason}` : event),
    everyMs: 1,
  });
  await settled();
  expect(events).toEqual([]);
  running = false;
  await settled();
  expect(events).toEqual(["down", "failed: the disk is full", "up"]);
  await end();
});

test("after its end nothing is started any more", async () => {
  let running = true;
  let attempts = 0;
  const end = keepRunning({
    running: async () => running,
    start: async () => {
      attempts += 1;
    },
    tell: () => undefined,
    everyMs: 1,
  });
  await end();
  running = false;
  await settled();
  expect(attempts).toBe(0);
});
