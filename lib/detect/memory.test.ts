import * as fc from "fast-check";
import { expect, test } from "vitest";
import { DetectionMemory } from "./memory";
import { compileCustomDetectors, detect } from "./registry";
import type { ContentText, Hit } from "./types";

const LONG = "A sentence that is long enough to be worth remembering, of this many characters.";
const hit: Hit = { detector: "secrets", level: 1, start: 0, end: 1 };

test("a text is looked through once for each channel, a short one every time", () => {
  const memory = new DetectionMemory();
  let looked = 0;
  const look = () => {
    looked += 1;
    return [hit];
  };
  const ask = (text: string, channel: ContentText["channel"] = "prompt") =>
    memory.recall(0, { text, channel }, look);
  expect([ask(LONG), ask(LONG)]).toEqual([[hit], [hit]]);
  expect(looked).toBe(1);
  ask(LONG, "brought");
  ask(`${LONG} `);
  expect(looked).toBe(3);
  ask("short");
  ask("short");
  expect(looked).toBe(5);
});

test("what is found is the same at the second time, whatever else was looked for", () => {
  const custom = compileCustomDetectors({ "custom/word": { mode: "log", phrases: ["remember"] } });
  const piece = fc.constantFrom(
    "write to jane@example.com ",
    "pay with 4111 1111 1111 1111 ",
    "see https://1.2.3.4/a ",
    "remember me ",
    "\u200bnothing at all here ",
  );
  const text = fc.array(piece, { minLength: 3, maxLength: 12 }).map((pieces) => pieces.join(""));
  const channel = fc.constantFrom("trusted" as const, "prompt" as const, "brought" as const);
  fc.assert(
    fc.property(fc.array(fc.record({ text, channel }), { maxLength: 4 }), (texts) => {
      const first = structuredClone([detect(texts), detect(texts, custom)]);
      expect([detect(texts), detect(texts, custom)]).toEqual(first);
      expect(detect(structuredClone(texts), custom)).toEqual(first[1]);
    }),
    { numRuns: 200 },
  );
});
