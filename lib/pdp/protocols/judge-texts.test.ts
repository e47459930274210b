import * as fc from "fast-check";
import { expect, test } from "vitest";
import { plainArguments } from "./judge-texts";

test("arguments are looked into value by value, as JSON or as an object", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })), (given) => {
      const plain = JSON.parse(JSON.stringify(given)) as Record<string, unknown>;
      expect(plainArguments(JSON.stringify(given))).toEqual(plain);
      expect(plainArguments(JSON.stringify(given, null, 2))).toEqual(plain);
      expect(plainArguments(given)).toBe(given);
    }),
  );
});

test("JSON that names a key twice is no plain one, at any depth, however it is written", () => {
  for (const json of [
    '{"to":"a","to":"b"}',
    '{"to":"a", "t\\u006f" : "b"}',
    '{"x":[{"to":1,"to":1}]}',
    '{"__proto__":{"a":1,"a":2}}',
  ]) {
    expect(plainArguments(json), json).toBeNull();
  }
  expect(plainArguments('{"a":"x\\":1,\\"a\\":","b":{"a":1}}')).not.toBeNull();
  for (const none of ["[]", "1", "{", "null", ""]) expect(plainArguments(none)).toBeNull();
});
