/**
 * Measures the built-in detectors on recorded data: `npx tsx scripts/measure-detectors.ts [directory]`.
 * Prints the tables of docs/detectors.md; with `--errors` also what was missed and what was found in error
 * (offsets and identifiers only with `--texts`, for recorded, public data).
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { DETECTORS, detect } from "@/lib/detect/registry";
import type { Hit } from "@/lib/detect/types";

interface PiiRow {
  id: string;
  text: string;
  spans: [number, number, string][];
}
interface SecretRow {
  id: string;
  rule_id: string;
  label: "secret" | "not_secret";
  text: string;
}
interface PromptRow {
  label: string;
  source: string;
  text: string;
}

const args = process.argv.slice(2);
const directory = args.find((arg) => !arg.startsWith("--")) ?? join(import.meta.dirname, "../../shared/data");
const showErrors = args.includes("--errors");
const showTexts = args.includes("--texts");
const LEVELS = [1, 2, 3, 4] as const;

function rows<T>(file: string): T[] {
  const path = join(directory, file);
  if (!existsSync(path)) {
    console.log(`${file}: not there, skipped`);
    return [];
  }
  return gunzipSync(readFileSync(path))
    .toString("utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as T);
}

function ratio(part: number, whole: number): string {
  return whole === 0 ? "-" : `${((100 * part) / whole).toFixed(1)} %`;
}

function overlaps(hit: Hit, [start, end]: readonly [number, number, ...unknown[]]): boolean {
  return hit.start < end && start < hit.end;
}

const PII: Record<string, string> = {
  "pii/credit-card": "CREDIT_CARD",
  "pii/email": "EMAIL_ADDRESS",
  "pii/iban": "IBAN_CODE",
  "pii/us-ssn": "US_SSN",
  "unknown-links": "DOMAIN_NAME",
};

function measurePii(): void {
  const data = rows<PiiRow>("pii.dev.jsonl.gz");
  if (data.length === 0) return;
  console.log(`\n## PII and links, ${data.length} texts\n`);
  console.log("| Detector | Sensitivity | Labelled | Recall | Hits | Precision |\n|---|---|---|---|---|---|");
  for (const [id, type] of Object.entries(PII)) {
    const find = DETECTORS[id] as (text: string) => Hit[];
    for (const level of LEVELS) {
      let labelled = 0;
      let recalled = 0;
      let hitCount = 0;
      let right = 0;
      for (const row of data) {
        const hits = find(row.text).filter((hit) => hit.level <= level);
        const spans = row.spans.filter((span) => span[2] === type);
        labelled += spans.length;
        recalled += spans.filter((span) => hits.some((hit) => overlaps(hit, span))).length;
        hitCount += hits.length;
        const good = hits.filter((hit) => spans.some((span) => overlaps(hit, span)));
        right += good.length;
        if (level === 4 && showErrors) reportPii(id, row, spans, hits, good);
      }
      console.log(
        `| \`${id}\` | L${level} | ${labelled} | ${ratio(recalled, labelled)} | ${hitCount} | ${ratio(right, hitCount)} |`,
      );
    }
  }
}

function reportPii(id: string, row: PiiRow, spans: PiiRow["spans"], hits: Hit[], good: Hit[]): void {
  const missed = spans.filter((span) => !hits.some((hit) => overlaps(hit, span)));
  const wrong = hits.filter((hit) => !good.includes(hit));
  for (const [start, end] of missed) console.log(`missed ${id} ${row.id} ${shown(row.text, start, end)}`);
  for (const hit of wrong)
    console.log(`wrong ${id} L${hit.level} ${row.id} ${shown(row.text, hit.start, hit.end)}`);
}

function shown(text: string, start: number, end: number): string {
  return showTexts ? JSON.stringify(text.slice(Math.max(0, start - 30), end + 10)) : `[${start}, ${end})`;
}

function measureSecrets(): void {
  const data = rows<SecretRow>("secrets.dev.jsonl.gz");
  if (data.length === 0) return;
  const find = DETECTORS["secrets"] as (text: string) => Hit[];
  const scored = data.map((row) => ({
    ...row,
    level: Math.min(5, ...find(row.text).map((hit) => hit.level)),
  }));
  console.log(`\n## Secrets, ${data.length} texts\n`);
  console.log(
    "| Sensitivity | Secrets | Recall | Not that rule's secret | Hit | Precision |\n|---|---|---|---|---|---|",
  );
  const secrets = scored.filter((row) => row.label === "secret");
  const others = scored.filter((row) => row.label === "not_secret");
  for (const level of LEVELS) {
    const found = secrets.filter((row) => row.level <= level).length;
    const wrong = others.filter((row) => row.level <= level).length;
    console.log(
      `| L${level} | ${secrets.length} | ${ratio(found, secrets.length)} | ${others.length} | ${ratio(wrong, others.length)} | ${ratio(found, found + wrong)} |`,
    );
  }
  console.log(
    "\n| Rule | Secrets | L1 | L2 | L3 | L4 | Others | L1 | L2 | L3 | L4 |\n|---|---|---|---|---|---|---|---|---|---|---|",
  );
  for (const rule of [...new Set(scored.map((row) => row.rule_id))].toSorted()) {
    const cells = [secrets, others].map((kind) => {
      const own = kind.filter((row) => row.rule_id === rule);
      return [own.length, ...LEVELS.map((level) => own.filter((row) => row.level <= level).length)].join(
        " | ",
      );
    });
    console.log(`| ${rule} | ${cells.join(" | ")} |`);
  }
  if (!showErrors) return;
  for (const row of scored) {
    if (row.label === "secret" ? row.level > 3 : row.level < 5)
      console.log(`${row.label} L${row.level} ${row.rule_id} ${row.id} ${shown(row.text, 0, 160)}`);
  }
}

/** How often anything fires on benign prompts: nothing there is labelled, so this is a rate and no precision. */
function measureBenign(): PromptRow[] {
  const data = rows<PromptRow>("prompt_benchmark.dev.jsonl.gz");
  const benign = data.filter((row) => row.label === "benign");
  if (benign.length === 0) return data;
  console.log(`\n## How often each fires on ${benign.length} benign texts\n`);
  console.log("| Detector | L1 | L2 | L3 | L4 |\n|---|---|---|---|---|");
  for (const [id, find] of Object.entries(DETECTORS)) {
    const levels = benign.map((row) => {
      const hits = find(row.text);
      if (showErrors)
        for (const hit of hits)
          console.log(`benign ${id} L${hit.level} ${shown(row.text, hit.start, hit.end)}`);
      return Math.min(5, ...hits.map((hit) => hit.level));
    });
    const cells = LEVELS.map((level) =>
      ratio(levels.filter((least) => least <= level).length, benign.length),
    );
    console.log(`| \`${id}\` | ${cells.join(" | ")} |`);
  }
  return data;
}

function measureSpeed(name: string, texts: readonly string[]): void {
  if (texts.length === 0) return;
  const characters = texts.reduce((sum, text) => sum + text.length, 0);
  const run = () => {
    for (const text of texts) detect([{ text, channel: "prompt" }]);
  };
  run();
  const times: number[] = [];
  for (let i = 0; i < 7; i++) {
    const begin = performance.now();
    run();
    times.push(performance.now() - begin);
  }
  const median = times.toSorted((a, b) => a - b)[3] as number;
  const perThousand = (median * 1000) / (characters / 1000);
  const perText = (median * 1000) / texts.length;
  console.log(
    `| ${name} | ${texts.length} | ${Math.round(characters / texts.length)} | ${perThousand.toFixed(1)} | ${perText.toFixed(1)} |`,
  );
}

measurePii();
measureSecrets();
const prompts = measureBenign();
console.log("\n## Speed, all detectors, one core\n");
console.log(
  "| Texts | Number | Mean length | µs per 1,000 characters | µs per text |\n|---|---|---|---|---|",
);
for (const channel of ["benign", "attack", "harmful"]) {
  measureSpeed(
    `prompts: ${channel}`,
    prompts.filter((row) => row.label === channel).map((row) => row.text),
  );
}
measureSpeed(
  "PII",
  rows<PiiRow>("pii.dev.jsonl.gz").map((row) => row.text),
);
measureSpeed(
  "secrets",
  rows<SecretRow>("secrets.dev.jsonl.gz").map((row) => row.text),
);
