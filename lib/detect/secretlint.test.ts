import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { rules } from "@secretlint/secretlint-rule-preset-recommend";
import { describe, expect, it } from "vitest";
import { DETECTORS } from "@/lib/detect/registry";

interface Rule {
  meta: { id: string; type: string };
  create(context: unknown, options: unknown): { file?(source: unknown): unknown };
}
interface Report {
  rule: string;
  range: [number, number];
}

/** What the rules of secretlint that work at once say of a text. Its filters of comments are no rules. */
function lint(content: string): Report[] {
  const reports: Report[] = [];
  for (const rule of rules as unknown as Rule[]) {
    if (rule.meta.type !== "scanner") continue;
    const context = {
      createTranslator: () => () => ({ message: "", messageId: "" }),
      report: ({ range }: { range: [number, number] }) => reports.push({ rule: rule.meta.id, range }),
      ignore: () => undefined,
    };
    rule.create(context, {}).file?.({ content, filePath: "text.txt", ext: ".txt", contentType: "text" });
  }
  return reports;
}

function missed(content: string): string[] {
  const hits = DETECTORS["secrets"]?.(content) ?? [];
  return lint(content)
    .filter(({ range }) => !hits.some((hit) => hit.start < range[1] && range[0] < hit.end))
    .map(({ rule, range }) => `${rule} ${content.slice(...range).slice(0, 12)}`);
}

const RANDOM = "q7Zt2LmX9vB4nKc8RfW3hYp6JdG5sTbA1eUoViNxQyMzCkHgDw0PjSlEaFrIuO".repeat(6);
const HEX = "9f3b7c1d5e8a2046bd17c39e50f8a6427bc1".repeat(5);
const letters = RANDOM.replace(/\d/g, "");

/** One credential per rule of secretlint. */
const SAMPLES = [
  `aws_secret_access_key = "${RANDOM.slice(0, 40)}"`,
  `npm_${RANDOM.slice(0, 36)}`,
  "https://user:pass123@host.com/",
  `xoxb-263594206564-${RANDOM.slice(0, 24)}`,
  `https://hooks.slack.com/services/T024TTTTT/BBB72BBL/${RANDOM.slice(0, 24)}`,
  `SG.${RANDOM.slice(0, 22)}.${RANDOM.slice(0, 43)}`,
  `shpat_${RANDOM.slice(0, 32)}`,
  `sk_live_${RANDOM.slice(0, 24)}`,
  `ghp_${RANDOM.slice(0, 36)}`,
  `github_pat_${RANDOM.slice(0, 82)}`,
  `glpat-${RANDOM.slice(0, 20)}`,
  `glc_${RANDOM.slice(0, 60)}`,
  `glsa_${RANDOM.slice(0, 32)}_${HEX.slice(0, 8)}`,
  `sk-proj-${RANDOM.slice(0, 74)}T3BlbkFJ${RANDOM.slice(0, 74)}`,
  `sk-ant-api03-${RANDOM.slice(0, 93)}AA`,
  `gsk_${RANDOM.slice(0, 52)}`,
  `hf_${letters.slice(0, 34)}`,
  `lin_api_${RANDOM.slice(0, 40)}`,
  `ntn_12345678901${RANDOM.slice(0, 35)}`,
  "mongodb://app:hunter2horse@db.example/app",
  "mysql://app:hunter2horse@db.example/app",
  "postgresql://app:hunter2horse@db.example/app",
  `hvs.${RANDOM.slice(0, 95)}`,
  `hvb.${RANDOM.slice(0, 150)}`,
  `vcp_${RANDOM.slice(0, 24)}`,
  `dapi${HEX.slice(0, 32)}`,
  `dckr_pat_${RANDOM.slice(0, 27)}`,
  `figd_${RANDOM.slice(0, 40)}`,
  `cfut_${RANDOM.slice(0, 40)}${HEX.slice(0, 8)}`,
  `tskey-auth-${RANDOM.slice(0, 17)}-${RANDOM.slice(0, 32)}`,
];

describe("what secretlint's recommended rules find", () => {
  it.each(SAMPLES)("is found here too: %s", (sample) => {
    expect(lint(`see ${sample} there`).length).toBeGreaterThan(0);
    expect(missed(`see ${sample} there`)).toEqual([]);
  });

  it("is found in recorded data too", ({ skip }) => {
    const path = join(import.meta.dirname, "../../../shared/data/secrets.dev.jsonl.gz");
    if (!existsSync(path)) return skip("../shared/data is not there");
    const lines = gunzipSync(readFileSync(path)).toString("utf8").split("\n").filter(Boolean);
    const secrets = lines
      .map((line) => JSON.parse(line) as { text: string; label: string })
      .filter((row) => row.label === "secret");
    expect(secrets.flatMap(({ text }) => missed(text))).toEqual([]);
  });
});
