import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { DETECTORS } from "@/lib/detect/registry";

const DIRECTORY = join(import.meta.dirname, "../../../shared/data");

function rows<T>(file: string): T[] | undefined {
  const path = join(DIRECTORY, file);
  if (!existsSync(path)) return undefined;
  const lines = gunzipSync(readFileSync(path)).toString("utf8").split("\n").filter(Boolean);
  return lines.map((line) => JSON.parse(line) as T);
}

interface PiiRow {
  text: string;
  spans: [number, number, string][];
}

function recall(data: readonly PiiRow[], detector: string, type: string, level: number): number {
  let all = 0;
  let seen = 0;
  for (const { text, spans } of data) {
    const hits = (DETECTORS[detector]?.(text) ?? []).filter((hit) => hit.level <= level);
    for (const [start, end] of spans.filter((span) => span[2] === type)) {
      all++;
      if (hits.some((hit) => hit.start <= start && hit.end >= end)) seen++;
    }
  }
  return seen / all;
}

/** Floors a little under what docs/detectors.md tells, so that a loss is noticed. */
describe("on recorded data", () => {
  it("finds personal data whole", ({ skip }) => {
    const data = rows<PiiRow>("pii.dev.jsonl.gz");
    if (data === undefined) return skip("../shared/data is not there");
    expect(recall(data, "pii/email", "EMAIL_ADDRESS", 1)).toBeGreaterThan(0.95);
    expect(recall(data, "pii/us-ssn", "US_SSN", 2)).toBeGreaterThan(0.95);
    expect(recall(data, "pii/credit-card", "CREDIT_CARD", 4)).toBeGreaterThan(0.95);
    expect(recall(data, "pii/phone", "PHONE_NUMBER", 2)).toBeGreaterThan(0.85);
    expect(recall(data, "pii/ip-address", "IP_ADDRESS", 1)).toBeGreaterThan(0.95);
    expect(recall(data, "pii/name", "PERSON", 3)).toBeGreaterThan(0.55);
    expect(recall(data, "pii/address", "STREET_ADDRESS", 3)).toBeGreaterThan(0.55);
    expect(recall(data, "unknown-links", "DOMAIN_NAME", 4)).toBeGreaterThan(0.9);
  });

  it("finds secrets of many rules", ({ skip }) => {
    const data = rows<{ text: string; label: string }>("secrets.dev.jsonl.gz");
    if (data === undefined) return skip("../shared/data is not there");
    const share = (label: string, level: number) => {
      const own = data.filter((row) => row.label === label);
      const hit = own.filter(({ text }) => DETECTORS["secrets"]?.(text).some((one) => one.level <= level));
      return hit.length / own.length;
    };
    expect(share("secret", 2)).toBeGreaterThan(0.85);
    expect(share("secret", 4)).toBeGreaterThan(0.95);
    expect(share("not_secret", 2)).toBeLessThan(0.1);
  });
});
