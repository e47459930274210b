import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lineDiff, withContext } from "./line-diff";

const side = (lines: ReturnType<typeof lineDiff>, left: "removed" | "added") =>
  lines
    .filter((line) => line.kind === "same" || line.kind === left)
    .map((line) => line.text)
    .join("\n");

describe("lineDiff", () => {
  test("names the line that changed, with its number on each side", () => {
    const lines = lineDiff("a\nb\nc", "a\nB\nc");
    expect(lines).toEqual([
      { kind: "same", text: "a", before: 1, after: 1 },
      { kind: "removed", text: "b", before: 2, after: null },
      { kind: "added", text: "B", before: null, after: 2 },
      { kind: "same", text: "c", before: 3, after: 3 },
    ]);
  });

  test("holds both texts whole, whatever they are", () => {
    const text = fc.array(fc.constantFrom("permit", "forbid", "when", ""), { maxLength: 12 });
    fc.assert(
      fc.property(text, text, (before, after) => {
        const lines = lineDiff(before.join("\n"), after.join("\n"));
        expect(side(lines, "removed")).toBe(before.join("\n"));
        expect(side(lines, "added")).toBe(after.join("\n"));
      }),
    );
  });

  test("says nothing changed of equal texts", () => {
    expect(lineDiff("a\nb", "a\nb").every((line) => line.kind === "same")).toBe(true);
  });
});

describe("withContext", () => {
  test("leaves out what is far from a change, and says so once per gap", () => {
    const lines = lineDiff("1\n2\n3\n4\n5\n6\n7", "1\n2\n3\nx\n5\n6\n7");
    expect(withContext(lines, 1).map((line) => line && `${line.kind[0]}${line.text}`)).toEqual([
      null,
      "s3",
      "r4",
      "ax",
      "s5",
      null,
    ]);
  });
});
