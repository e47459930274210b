import { describe, expect, it } from "vitest";
import { DETECTORS, detect } from "@/lib/detect/registry";
import { trusted } from "@/lib/detect/testing";

function links(text: string): [string | undefined, number, string][] {
  return (DETECTORS["unknown-links"]?.(text) ?? []).map((hit) => [
    hit.host,
    hit.level,
    text.slice(hit.start, hit.end),
  ]);
}

describe("unknown-links", () => {
  it.each([
    ["http://203.0.113.9/a", "203.0.113.9", 1],
    ["http://2130706433/a", "127.0.0.1", 1],
    ["http://[2001:db8::1]/", "[2001:db8::1]", 1],
    ["https://xn--pypal-4ve.com/", "xn--pypal-4ve.com", 1],
    ["https://pаypal.com/login", "xn--pypal-4ve.com", 1],
    ["https://paypal.com@evil.example/a", "evil.example", 1],
    ["http:\\\\evil.example/a", "evil.example", 1],
    ["https:evil.example/a", "evil.example", 1],
    ["javascript:alert(1)", "javascript:", 1],
    ["data:text/html;base64,PGI+", "data:", 1],
    ["203.0.113.9:8080/a", "203.0.113.9", 1],
    ["https://bit.ly/abc", "bit.ly", 2],
    ["https://evil.zip/", "evil.zip", 2],
    ["https://host.example:8899/", "host.example", 2],
    ["https://host.example/?q=secret", "host.example", 3],
    ["https://host.example/aGVsbG8gd29ybGQgaGVsbG8gd29ybGQ", "host.example", 3],
    ["https://host.example/docs", "host.example", 4],
    ["//host.example/docs", "host.example", 4],
    ["www.firm.com", "www.firm.com", 4],
    ["firm.com", "firm.com", 4],
  ])("finds %j", (text, host, level) => {
    expect(links(text)).toEqual([[host, level, text]]);
    expect(links(`see ${text} there`)).toEqual([[host, level, text]]);
  });

  it("takes an image with a query for a sender of data", () => {
    expect(links("![x](https://host.example/p.png?d=abc)")).toEqual([
      ["host.example", 2, "https://host.example/p.png?d=abc"],
    ]);
    expect(links("[x](https://host.example/p.png?d=abc)")[0]?.[1]).toBe(3);
  });

  it.each([
    "jane@firm.com",
    "main.py",
    "README.md",
    "We went home.In the evening",
    "version 1.2.3",
    "e.g. this",
    "data: text",
  ])("leaves %j alone", (text) => {
    expect(links(text)).toEqual([]);
  });

  it("finds what stands after a very long link in the same word, and masks the long one whole", () => {
    const text = `(https://a.example/${"x".repeat(3000)})https://evil.example/y end`;
    const hosts = links(text).map(([host]) => host);
    expect(hosts).toContain("evil.example");
    expect(links(text)[0]?.[2].length).toBeGreaterThan(3000);
  });

  it("keeps the oddest level of each host, apart from the signals", () => {
    const { links: hosts, signals } = detect(
      trusted("https://a.example/", "https://u@a.example/ https://b.example/?x=1"),
    );
    expect(hosts).toEqual({ "a.example": 1, "b.example": 3 });
    expect(signals).toEqual({});
  });
});
