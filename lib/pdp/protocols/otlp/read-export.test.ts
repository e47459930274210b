import type { IncomingMessage } from "node:http";
import { PassThrough } from "node:stream";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ARRIVES_MS, readExport } from "./read-export";
import { TRACES } from "./wire";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function sent() {
  const body = new PassThrough();
  const incoming = Object.assign(body, { headers: {}, complete: true }) as unknown as IncomingMessage;
  return { body, read: readExport(incoming, "json", TRACES.request) };
}

test("a body that arrives by drops gives up its place", async () => {
  const { body, read } = sent();
  const refused = expect(read).rejects.toMatchObject({ code: "unavailable" });
  body.write("{");
  await vi.advanceTimersByTimeAsync(ARRIVES_MS - 1);
  body.write(" ");
  await vi.advanceTimersByTimeAsync(1);
  await refused;
  expect(vi.getTimerCount()).toBe(0);
});

test("one that has arrived leaves nothing behind", async () => {
  const { body, read } = sent();
  body.end("{}");
  expect(await read).toEqual({});
  expect(vi.getTimerCount()).toBe(0);
});
