import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { globMatches } from "@/lib/policy/glob";
import { assertCredentialLife, assertOverlap, breadthOf, credentialState, subjectsOverlap } from "./rules";
import { addFederationSchema, addIssuerSchema } from "./schema";

const NOW = new Date("2026-11-21T12:00:00.000Z");
const at = (ms: number) => new Date(NOW.getTime() + ms);
const DAY = 86_400_000;

describe("a credential", () => {
  it("is valid to the last millisecond before its expiry", () => {
    const state = (ms: number) => credentialState({ expiresAt: NOW, revokedAt: null }, at(ms));
    expect([state(-1), state(0), state(1)]).toEqual(["valid", "expired", "expired"]);
  });

  it("lives at most 365 days, and not backwards", () => {
    expect(() => assertCredentialLife(at(365 * DAY), NOW)).not.toThrow();
    expect(() => assertCredentialLife(at(365 * DAY + 1), NOW)).toThrow("at most 365 days");
    expect(() => assertCredentialLife(NOW, NOW)).toThrow("must be ahead");
  });

  it("may overlap with its successor until it would have ended anyway", () => {
    expect(() => assertOverlap(NOW, at(DAY), NOW)).not.toThrow();
    expect(() => assertOverlap(at(DAY), at(DAY), NOW)).not.toThrow();
    expect(() => assertOverlap(at(DAY + 1), at(DAY), NOW)).toThrow("does not lengthen");
    expect(() => assertOverlap(at(-1), at(DAY), NOW)).toThrow("in the past");
  });
});

describe("the pattern of a subject", () => {
  it.each([
    ["system:serviceaccount:payments:gateway", false],
    ["system:serviceaccount:payments:*", false],
    ["system:serviceaccount:*", true],
    ["repo:acme/app:ref:refs/heads/main", false],
    ["repo:acme/app:*", false],
    ["repo:acme/*", true],
    ["spiffe://example.org/ns/payments/*", false],
    ["spiffe://example.org/*", true],
    ["*", true],
    ["**", true],
    ["*:gateway", true],
  ])("%s: broad is %s", (pattern, broad) => expect(breadthOf(pattern) !== null).toBe(broad));

  it.each([
    ["a", "a", true],
    ["a", "b", false],
    ["a*", "ab", true],
    ["a*c", "*b*", true],
    ["a*", "*b", true],
    ["a*", "b*", false],
    ["repo:acme/app:*", "repo:acme/api:*", false],
    ["repo:acme/*:main", "repo:acme/app:*", true],
    ["*", "", true],
    ["a", "", false],
  ])("%j and %j share a subject: %s", (left, right, shared) => {
    expect(subjectsOverlap(left, right)).toBe(shared);
    expect(subjectsOverlap(right, left)).toBe(shared);
  });

  it("never hides a subject that fits both", () => {
    const subject = fc.string({ unit: fc.constantFrom("a", "b", ":"), maxLength: 10 });
    const hidden = fc.array(fc.boolean(), { minLength: 11, maxLength: 11 });
    /** The text with some of its characters, and what may stand behind it, left open. */
    const patternOf = (text: string, hide: boolean[]) =>
      [...text, ""].map((character, at) => (hide[at] ? "*" : character)).join("");
    fc.assert(
      fc.property(subject, hidden, hidden, (text, here, there) => {
        const [left, right] = [patternOf(text, here), patternOf(text, there)];
        expect([globMatches(left, text), globMatches(right, text)]).toEqual([true, true]);
        expect(subjectsOverlap(left, right), `${left} ${right}`).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it("stays quick on the worst that a form lets through", () => {
    expect(subjectsOverlap("*a".repeat(150), "*b".repeat(150))).toBe(false);
  });

  it.each(["", " ", "a b", "a\nb", "x".repeat(301), "ü"])("is none of %j", (subject) => {
    const issuer = "01900000-0000-7000-8000-000000000001";
    expect(addFederationSchema.safeParse({ issuer, audience: "sluice", subject }).success).toBe(false);
  });
});

describe("the address of an issuer", () => {
  it.each(["sluice", "ftp://a", "https://", "https://a?b", "https://a#b", "https://a@b", "https://a b"])(
    "is none of %j",
    (issuer) => expect(addIssuerSchema.safeParse({ name: "x", issuer }).success).toBe(false),
  );

  it("is kept to the letter", () => {
    const issuer = "https://Login.Example.com/tenant/";
    expect(addIssuerSchema.parse({ name: "x", issuer })).toEqual({ name: "x", issuer, jwksUri: null });
  });
});
