import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { detect, excerpt, redact } from "@/lib/detect/registry";
import { trusted } from "@/lib/detect/testing";
import { MAX_LINKS, MAX_SPANS } from "@/lib/detect/types";

const span = fc
  .record({ detector: fc.constantFrom("pii/email", "secrets"), a: fc.nat(60), b: fc.nat(60) })
  .map(({ detector, a, b }) => ({ detector, start: Math.min(a, b), end: Math.max(a, b) }));

describe("redact", () => {
  it("names what was there", () => {
    const text = "mail jane@firm.com or pay 4111 1111 1111 1111";
    expect(redact(text, detect(trusted(text)).spans)).toBe("mail [pii/email] or pay [pii/credit-card]");
  });

  it("makes one mask of overlapping spans", () => {
    const spans = [
      { detector: "secrets", start: 2, end: 6 },
      { detector: "pii/email", start: 4, end: 8 },
    ];
    expect(redact("0123456789", spans)).toBe("01[secrets pii/email]89");
  });

  it("keeps every character outside the spans and none inside", () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 60, unit: fc.constantFrom("a", "b") }),
        fc.array(span),
        (text, spans) => {
          const kept = [...text]
            .filter((_, i) => !spans.some(({ start, end }) => i >= start && i < end))
            .join("");
          expect(redact(text, spans).replace(/\[[^\]]*\]/g, "")).toBe(kept);
        },
      ),
    );
  });
});

describe("excerpt", () => {
  it("is never longer than asked, cuts no mask and no pair", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", maxLength: 80 }),
        fc.array(span),
        fc.integer({ min: 3, max: 90 }),
        (text, spans, max) => {
          const cut = excerpt(text.replace(/[[\]…]/g, ""), spans, max);
          expect(cut.length).toBeLessThanOrEqual(max);
          expect(cut.replace(/\[[a-z/ -]+\]/g, "")).not.toMatch(/[[\]]/);
        },
      ),
    );
  });

  it("shows the place of the first mask in a long text", () => {
    const text = `${"word ".repeat(400)}jane@firm.com${" word".repeat(400)}`;
    const cut = excerpt(text, detect(trusted(text)).spans, 100);
    expect(cut).toContain("[pii/email]");
    expect(cut.length).toBeLessThanOrEqual(100);
    expect(cut.startsWith("…") && cut.endsWith("…")).toBe(true);
  });
});

describe("detect", () => {
  it("tells the lowest level per detector, and where, by message", () => {
    const { signals, spans } = detect(trusted("info@firm.com", "nothing", "jane@firm.com ssn 536-22-8726"));
    expect(signals).toEqual({ "pii/email": 1, "pii/us-ssn": 1 });
    expect(spans).toEqual([
      { detector: "pii/email", level: 2, message: 0, start: 0, end: 13 },
      { detector: "pii/email", level: 1, message: 2, start: 0, end: 13 },
      { detector: "pii/us-ssn", level: 1, message: 2, start: 18, end: 29 },
    ]);
  });

  it("folds what is over the bound, so that masking still covers everything", () => {
    const text = Array.from({ length: 1500 }, (_, i) => `jane${i}@firm.com`).join(" ");
    const { spans } = detect(trusted(text, text));
    expect(spans.length).toBeLessThanOrEqual(MAX_SPANS + 4);
    for (const message of [0, 1]) {
      expect(
        redact(
          text,
          spans.filter((one) => one.message === message),
        ),
      ).not.toContain("@");
    }
  });

  it("keeps at most MAX_LINKS hosts, the oddest among them", () => {
    const plain = Array.from({ length: 200 }, (_, i) => `https://h${i}.example/`).join(" ");
    const { links } = detect(trusted(`${plain} https://u@z.example/`));
    expect(Object.keys(links)).toHaveLength(MAX_LINKS);
    expect(links["z.example"]).toBe(1);
  });

  it("stays within the text whatever the text", () => {
    const pieces = fc.constantFrom(
      "4111111111111111",
      "jane@firm.com",
      "\u200b",
      "\u00a0",
      "http://a.b/",
      "é",
      "\ud83d",
      "x",
      " ",
      ":",
      "=",
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => {
        const text = parts.join("");
        for (const { start, end } of detect(trusted(text)).spans) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(text.length);
        }
      }),
    );
  });
});
