import { expect, test } from "vitest";
import { openText, sealText } from "./sealed-text";

const SECRET = "a secret of tests, thirty-two characters and more";

test("what is sealed opens with the same secret in the same context, and nowhere else", () => {
  const sealed = sealText(SECRET, "the key of a service ✓", "guard");
  expect(openText(SECRET, sealed, "guard")).toBe("the key of a service ✓");
  expect(openText(`${SECRET}.`, sealed, "guard")).toBeNull();
  expect(openText(SECRET, sealed, "other")).toBeNull();
  for (let at = 0; at < sealed.length; at++) {
    const damaged = Buffer.from(sealed);
    damaged[at] = (damaged[at] ?? 0) ^ 1;
    expect(openText(SECRET, damaged, "guard")).toBeNull();
  }
  expect(openText(SECRET, sealed.subarray(0, 20), "guard")).toBeNull();
});

test("the same text never looks the same twice, and is not to be read", () => {
  const [a, b] = [sealText(SECRET, "key", "guard"), sealText(SECRET, "key", "guard")];
  expect(a.equals(b)).toBe(false);
  expect(a.includes("key")).toBe(false);
});
