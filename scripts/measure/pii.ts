import { DETECTORS } from "@/lib/detect/registry";
import type { Hit } from "@/lib/detect/types";
import { covers, type Label, LEVELS, overlaps, percent, readRows, table } from "./rows";

interface PiiRow {
  id: string;
  template_id: number;
  text: string;
  spans: [number, number, string][];
}

/** The labels of the set that each detector is asked for. */
const TYPES: Readonly<Record<string, readonly string[]>> = {
  "pii/address": ["STREET_ADDRESS", "ZIP_CODE"],
  "pii/credit-card": ["CREDIT_CARD"],
  "pii/email": ["EMAIL_ADDRESS"],
  "pii/iban": ["IBAN_CODE"],
  "pii/ip-address": ["IP_ADDRESS"],
  "pii/name": ["PERSON"],
  "pii/phone": ["PHONE_NUMBER"],
  "pii/us-ssn": ["US_SSN"],
  "unknown-links": ["DOMAIN_NAME"],
};

interface Found {
  row: PiiRow;
  labels: Label[];
  hits: Hit[];
}

/** Recall and precision per type and level, then per type and template. `tell` is told every miss and wrong hit. */
export function measurePii(directory: string, tell: (line: string) => void): void {
  const data = readRows<PiiRow>(directory, "pii.dev.jsonl.gz");
  if (data.length === 0) return;
  console.log(`\n## Personal data and links, ${data.length} texts`);
  const head = ["Detector", "Sensitivity", "Labelled", "Recall", "Found whole", "Hits", "Precision"];
  const found = Object.entries(TYPES).map(([id, types]) => ({ id, all: find(data, id, types) }));
  table(
    head,
    found.flatMap(({ id, all }) => LEVELS.map((level) => figures(id, all, level))),
  );
  console.log("\n### Per template (recall at each level; wrong hits at L4)");
  table(
    ["Detector", "Template", "Labelled", "L1", "L2", "L3", "L4", "Wrong"],
    found.flatMap(({ id, all }) => perTemplate(id, all)),
  );
  for (const { id, all } of found) tellErrors(id, all, tell);
}

function find(data: readonly PiiRow[], id: string, types: readonly string[]): Found[] {
  return data.map((row) => ({
    row,
    labels: row.spans.filter((span) => types.includes(span[2])),
    hits: DETECTORS[id]?.(row.text) ?? [],
  }));
}

function at({ hits }: Found, level: number): Hit[] {
  return hits.filter((hit) => hit.level <= level);
}

function count(all: readonly Found[], of: (one: Found) => number): number {
  return all.reduce((sum, one) => sum + of(one), 0);
}

function recalled(one: Found, level: number): number {
  const hits = at(one, level);
  return one.labels.filter((label) => hits.some((hit) => overlaps(hit, label))).length;
}

function wrong(one: Found, level: number): Hit[] {
  return at(one, level).filter((hit) => !one.labels.some((label) => overlaps(hit, label)));
}

function figures(id: string, all: readonly Found[], level: number): (string | number)[] {
  const labelled = count(all, ({ labels }) => labels.length);
  const hits = count(all, (one) => at(one, level).length);
  const whole = count(
    all,
    (one) => one.labels.filter((label) => covers(at(one, level), one.row.text, label)).length,
  );
  const right = hits - count(all, (one) => wrong(one, level).length);
  return [
    `\`${id}\``,
    `L${level}`,
    labelled,
    percent(
      count(all, (one) => recalled(one, level)),
      labelled,
    ),
    percent(whole, labelled),
    hits,
    percent(right, hits),
  ];
}

function perTemplate(id: string, all: readonly Found[]): (string | number)[][] {
  const templates = [...new Set(all.map(({ row }) => row.template_id))].toSorted((a, b) => a - b);
  return templates.flatMap((template) => {
    const own = all.filter(({ row }) => row.template_id === template);
    const labelled = count(own, ({ labels }) => labels.length);
    const errors = count(own, (one) => wrong(one, 4).length);
    if (labelled === 0 && errors === 0) return [];
    const recall = LEVELS.map((level) => count(own, (one) => recalled(one, level)));
    return [[`\`${id}\``, template, labelled, ...recall, errors]];
  });
}

function tellErrors(id: string, all: readonly Found[], tell: (line: string) => void): void {
  const shown = (text: string, start: number, end: number) =>
    JSON.stringify(
      `${text.slice(Math.max(0, start - 30), start)}«${text.slice(start, end)}»${text.slice(end, end + 12)}`,
    );
  for (const one of all) {
    for (const label of one.labels) {
      if (!one.hits.some((hit) => overlaps(hit, label)))
        tell(`missed ${id} ${shown(one.row.text, label[0], label[1])}`);
    }
    for (const hit of wrong(one, 4))
      tell(`wrong ${id} L${hit.level} ${shown(one.row.text, hit.start, hit.end)}`);
  }
}
