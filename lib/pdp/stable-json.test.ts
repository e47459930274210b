import * as fc from "fast-check";
import { expect, it } from "vitest";
import { stableJson } from "./content";

/** Said again as it was written first: digests of years ago were made so. */
const plainly = (value: unknown): string =>
  JSON.stringify(value, (_, node: unknown) =>
    typeof node === "object" && node !== null && !Array.isArray(node)
      ? Object.fromEntries(Object.entries(node).sort(([a], [b]) => (a < b ? -1 : 1)))
      : node,
  );

const anyKey = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom("__proto__", "toJSON", "constructor", "10", "9", "01", "-1", "z", "é", "\ud800"),
);
const { any } = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: "small" },
    fc.string({ unit: "binary" }),
    fc.double(),
    fc.boolean(),
    fc.constantFrom(null, undefined, "\udc00 broken", -0),
    fc.date({ noInvalidDate: true }),
    fc.array(tie("any"), { maxLength: 4 }),
    fc
      .array(fc.tuple(anyKey, tie("any")), { maxLength: 6 })
      .map((entries) => Object.fromEntries(entries.map(([key, value]) => [key, value]))),
  ),
}));

it("writes the same as ever, whatever the keys and their order", () => {
  fc.assert(
    fc.property(fc.record({ value: any }), (value) => {
      expect(stableJson(value)).toBe(plainly(value));
    }),
    { numRuns: 3_000 },
  );
});

it("does not depend on the order of keys", () => {
  expect(stableJson({ b: [{ d: 1, c: 2 }], a: undefined })).toBe(stableJson({ b: [{ c: 2, d: 1 }] }));
  expect(stableJson(JSON.parse('{"__proto__":{"b":1,"a":2}}'))).toBe('{"__proto__":{"a":2,"b":1}}');
});
