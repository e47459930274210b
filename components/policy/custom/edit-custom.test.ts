import { describe, expect, test } from "vitest";
import { problemsOf } from "@/components/policy/edit-document";
import { exampleDocument } from "@/lib/policy/testing";
import {
  customSlug,
  inserted,
  nameProblem,
  newLine,
  placeOf,
  withCustom,
  withoutCustom,
} from "./edit-custom";

test.each([
  ["No legal advice", "no-legal-advice"],
  ["  Ünder 18s! ", "under-18s"],
  ["¿?", ""],
])("the slug of %j is %j", (name, slug) => expect(customSlug(name)).toBe(slug));

test("a name that is taken or empty is refused", () => {
  expect(nameProblem(exampleDocument, "No legal advice")).toMatch(/already/);
  expect(nameProblem(exampleDocument, "!")).toMatch(/at least one letter/);
  expect(nameProblem(exampleDocument, "Something new")).toBeNull();
});

describe("a custom control", () => {
  const bind = (binding: Parameters<typeof withCustom>[2]) =>
    withCustom(exampleDocument, "custom/new", binding).controls["custom/new"];

  test("gets a sensitivity with its first phrase, and no empty parts", () => {
    expect(bind({ mode: "log", when: "", phrases: ["a phrase"], patterns: [] })).toEqual({
      mode: "log",
      sensitivity: "L2",
      phrases: ["a phrase"],
    });
    expect(bind({ mode: "redact", when: "true", phrases: [] })).toEqual({ mode: "log", when: "true" });
  });

  test("is valid once it looks for something, and says what it lacks before", () => {
    const id = "custom/new";
    expect(problemsOf(withCustom(exampleDocument, id, { mode: "log" })).get(`controls.${id}.when`)).toMatch(
      /needs/,
    );
    expect([...problemsOf(withCustom(exampleDocument, id, { mode: "log", when: "true" }))]).toEqual([]);
  });

  test("goes with its enrolment", () => {
    const enrolled = {
      ...exampleDocument,
      limited: { ...exampleDocument.limited, controls: ["custom/no-legal-advice", "secrets"] },
    };
    const without = withoutCustom(enrolled, "custom/no-legal-advice");
    expect(without.limited.controls).toEqual(["secrets"]);
    expect(without.controls).not.toHaveProperty("custom/no-legal-advice");
  });
});

describe("the editor", () => {
  test("names lines and columns from 1", () => {
    expect(placeOf("ab\ncd", 0)).toEqual({ line: 1, column: 1 });
    expect(placeOf("ab\ncd", 4)).toEqual({ line: 2, column: 2 });
  });

  test("puts a piece in place of what is selected, apart from words", () => {
    expect(inserted("a &&", 4, 4, "b")).toEqual({ text: "a && b", caret: 6 });
    expect(inserted("!(x)", 2, 3, "y")).toEqual({ text: "!(y)", caret: 3 });
    expect(inserted("ac", 1, 1, "b")).toEqual({ text: "a b c", caret: 3 });
  });

  test("keeps the indentation on a new line", () => {
    expect(newLine("  a ||", 6)).toBe("\n  ");
    expect(newLine("a\n\tb", 4)).toBe("\n\t");
  });
});
