import { hash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { AttackChannel } from "@/lib/detect/prompt-attack/model";
import { documents } from "./elsewhere";

/** A recorded text. `group` joins near-duplicates: they never stand on both sides of a split. */
export interface Row {
  id: string;
  source: string;
  label: "attack" | "benign" | "harmful";
  channel: AttackChannel;
  text: string;
  group: number;
  meta: Readonly<Record<string, unknown>>;
  /** Where the attack stands, if that is known. */
  at?: readonly [number, number];
}

interface Recorded {
  id: string;
  source: string;
  label: Row["label"];
  channel: string;
  text: string;
  meta: Record<string, unknown>;
}
interface Trace {
  steps: {
    type: string;
    content?: unknown;
    arguments?: Record<string, unknown>;
    contains_injection?: boolean;
    attacker_goal?: boolean;
    after_injection?: boolean;
  }[];
}

const DOCUMENTS = "packages/";
/** What tools are called with: short, and too alike to tell a rate of false positives by. */
export const ARGUMENTS = "agent traces/tool_call";
const FILES = ["prompt_benchmark.dev.jsonl.gz", "agent_traces.dev.jsonl.gz"] as const;

/** Is this a document of an installed package? */
export function isDocument(source: string): boolean {
  return source.startsWith(DOCUMENTS);
}

/** Is this a row of the benchmark, and no step of a trace or document? */
export function isRecordedPrompt({ source }: Row): boolean {
  return !isDocument(source) && !source.startsWith("agent traces/");
}

/**
 * The recorded texts of a folder and the documents of the installed packages, or null when the folder does not hold
 * them; `digest` is that of the recorded texts, `documents` that of the documents, which change with the packages.
 */
export function readCorpus(directory: string): { rows: Row[]; digest: string; documents: string } | null {
  const paths = FILES.map((file) => join(directory, file));
  if (!paths.every((path) => existsSync(path))) return null;
  const [prompts, traces] = paths.map((path) => gunzipSync(readFileSync(path)).toString("utf8"));
  const recorded = lines<Recorded>(prompts ?? "");
  const rows = [...recorded.map(toRow), ...benignSteps(lines<Trace>(traces ?? "")), ...documentRows()];
  const unique = [...new Map(rows.toReversed().map((row) => [`${row.channel} ${row.text}`, row])).values()];
  return {
    rows: grouped(unique),
    digest: digestOf(unique.filter(({ source }) => !isDocument(source))),
    documents: digestOf(unique.filter(({ source }) => isDocument(source))),
  };
}

function digestOf(rows: readonly Row[]): string {
  return hash(
    "sha256",
    JSON.stringify(rows.map(({ channel, label, text }) => [channel, label, text])),
    "hex",
  );
}

function lines<T>(text: string): T[] {
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as T);
}

function toRow({ id, source, label, channel, text, meta }: Recorded): Row {
  const row: Row = {
    id,
    source:
      source === "cyberseceval/prompt_injection" && channel !== "prompt" ? `${source} (indirect)` : source,
    label,
    channel: channel === "prompt" ? "prompt" : "brought",
    text,
    group: 0,
    meta,
  };
  if (source !== "bipia/email" || label !== "attack") return row;
  return { ...row, at: [text.trimEnd().lastIndexOf("\n") + 1, text.length] };
}

/** What users asked, tools were called with and answered in recorded runs, where no attack is in it. */
function benignSteps(traces: readonly Trace[]): Row[] {
  const rows: Row[] = [];
  for (const { steps } of traces) {
    for (const { type, content, contains_injection, ...call } of steps) {
      if (type === "tool_call" && call.attacker_goal === false && call.after_injection === false) {
        for (const [name, value] of Object.entries(call.arguments ?? {})) {
          if (typeof value === "string") rows.push(step("tool_call", "brought", `${name}: ${value}`));
        }
      }
      if (typeof content !== "string" || content.trim() === "") continue;
      if (type === "tool_result" && contains_injection === false)
        rows.push(step("tool_result", "brought", content));
      if (type === "user") rows.push(step("user", "prompt", content));
    }
  }
  return rows;
}

/** Documents of the packages that are installed; those of one package are one group. */
function documentRows(): Row[] {
  return documents().map(({ kind, name, text }) => ({
    ...step("", "brought", text),
    source: `${DOCUMENTS}${kind}`,
    meta: { name },
  }));
}

function step(kind: string, channel: AttackChannel, text: string): Row {
  const id = hash("sha256", text, "hex").slice(0, 16);
  return { id, source: `agent traces/${kind}`, label: "benign", channel, text, group: 0, meta: {} };
}

/** Word runs by which near-duplicates are known; a quarter of them, chosen by hash, is enough. */
const SHINGLE_WORDS = 5;
const SAMPLE = 2;
const NEAR = 0.5;
const COMMON = 400;

/** Rows of which one shares most of its word runs with the other stand in one group; so do all of one template. */
function grouped(rows: readonly Row[]): Row[] {
  const shingles = rows.map(({ text }) => shinglesOf(text));
  const holders = new Map<number, number[]>();
  for (const [at, own] of shingles.entries()) {
    for (const shingle of own) holders.set(shingle, [...(holders.get(shingle) ?? []), at]);
  }
  const parent = rows.map((_, at) => at);
  const find = (at: number): number => {
    let root = at;
    while (parent[root] !== root) root = parent[root] as number;
    parent[at] = root;
    return root;
  };
  const first = new Map<string, number>();
  for (const [at, row] of rows.entries()) {
    for (const other of near(at, shingles, holders)) parent[find(other)] = find(at);
    const template = templateOf(row);
    if (template === null) continue;
    parent[find(first.get(template) ?? at)] = find(at);
    first.set(template, at);
  }
  return rows.map((row, at) => ({ ...row, group: find(at) }));
}

function templateOf({ source, label, text, at, meta }: Row): string | null {
  if (isDocument(source)) return `${DOCUMENTS}${meta["name"]}`;
  if (label !== "attack") return null;
  if (source.startsWith("agentdojo")) return source;
  return at === undefined ? null : text.slice(at[0], at[1]);
}

function near(
  at: number,
  shingles: readonly Set<number>[],
  holders: ReadonlyMap<number, number[]>,
): number[] {
  const own = shingles[at] as Set<number>;
  const shared = new Map<number, number>();
  for (const shingle of own) {
    const all = holders.get(shingle) as number[];
    if (all.length > COMMON) continue;
    for (const other of all) if (other < at) shared.set(other, (shared.get(other) ?? 0) + 1);
  }
  return [...shared]
    .filter(([other, n]) => n >= NEAR * (own.size + (shingles[other] as Set<number>).size - n))
    .map(([other]) => other);
}

function shinglesOf(text: string): Set<number> {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const all = new Set<number>();
  for (let i = 0; i + SHINGLE_WORDS <= Math.max(words.length, SHINGLE_WORDS); i++) {
    const run = words.slice(i, i + SHINGLE_WORDS).join(" ");
    let h = 0;
    for (let j = 0; j < run.length; j++) h = (Math.imul(h, 31) + run.charCodeAt(j)) | 0;
    if (words.length < 40 || (h & (SAMPLE - 1)) === 0) all.add(h);
  }
  return all;
}
