/**
 * Measures how `prompt-attack` does on texts that it was not trained on, and prints the tables of
 * docs/prompt-attack.md: `npx tsx scripts/measure-prompt-attack.ts [directory] [--splits 3]
 * [--only halves,groups,languages,sources,elsewhere,shipped,speed] [--channel prompt]`.
 */
import { join } from "node:path";
import { MODELS } from "@/lib/detect/prompt-attack/find-attacks";
import type { AttackChannel } from "@/lib/detect/prompt-attack/model";
import { highestScore } from "@/lib/detect/prompt-attack/score";
import { type Row, readCorpus } from "./prompt-attack/corpus";
import { halves } from "./prompt-attack/halves";
import { type LanguageRates, otherLanguages, totalOf, unlearned } from "./prompt-attack/languages";
import { isCalm, type Thresholds, thresholdsOf } from "./prompt-attack/levels";
import { manualPages } from "./prompt-attack/manual-pages";
import { crossFitted, percent, printFalsePositives, printRates, tallyBy } from "./prompt-attack/report";
import { foldsOf, heldOut } from "./prompt-attack/validate";

const args = process.argv.slice(2);
const splitsAt = args.indexOf("--splits");
const SPLITS = splitsAt < 0 ? 3 : Number(args[splitsAt + 1]);
const onlyAt = args.indexOf("--only");
const only = onlyAt < 0 ? [] : (args[onlyAt + 1] ?? "").split(",");
const directory =
  args.find((arg, at) => !arg.startsWith("--") && !args[at - 1]?.startsWith("--")) ??
  join(import.meta.dirname, "../../shared/data");
const channelAt = args.indexOf("--channel");
const CHANNELS = (["prompt", "brought"] as const satisfies readonly AttackChannel[]).filter(
  (channel) => channelAt < 0 || channel === args[channelAt + 1],
);
const HALVES = 10;
const ENGLISH = ", English, ";

const corpus = readCorpus(directory);
if (corpus === null) {
  console.error(`${directory} does not hold the recorded texts: name their directory.`);
  process.exit(1);
}
const { rows, digest } = corpus;
console.log(
  `${rows.length} texts in ${new Set(rows.map(({ group }) => group)).size} groups, SHA-256 ${digest}`,
);

const bySource = ({ label, channel, source }: Row) => `${label}, ${channel}: ${source}`;
const isForeign = ({ text }: Row) =>
  /[\u0370-\uffef]{3}|[¿äöüßñçéèàãõ]{1}.*[¿äöüßñçéèàãõ]/u.test(text.replace(/[\u2000-\u2bff]/g, ""));

function byGroups(): void {
  const splits = Array.from({ length: SPLITS }, (_, split) =>
    CHANNELS.flatMap((channel) => crossFitted(heldOut(channel, rows, foldsOf(rows, split), split + 1))),
  );
  printRates(
    "Held out by groups of near-duplicates",
    "Texts",
    splits.map((split) => tallyBy(split, bySource)),
  );
  const injections = splits.map((split) =>
    split.filter(({ row }) => row.source.startsWith("cyberseceval/prompt_injection")),
  );
  printRates(
    "Injections by variant",
    "Variant",
    injections.map((split) => tallyBy(split, ({ meta }) => String(meta["variant"]))),
  );
  printRates(
    "Injections by script",
    "Written",
    injections.map((split) =>
      tallyBy(split, (row) => (isForeign(row) ? "another language in it" : "English only")),
    ),
  );
  const mails = splits.map((split) =>
    split.filter(({ row }) => row.source === "bipia/email" && row.label === "attack"),
  );
  printRates(
    "Injections in mail by what they want",
    "Wanted",
    mails.map((split) => tallyBy(split, ({ meta }) => String(meta["attack"]))),
  );
  printFalsePositives(splits);
}

function bySourceLeftOut(): void {
  const scored = CHANNELS.flatMap((channel) => {
    const kept = heldOut(channel, rows, foldsOf(rows, 0), 1).filter(({ row }) => isCalm(row));
    const thresholds = thresholdsOf(kept.map(({ score }) => score));
    return heldOut(channel, rows, ({ source }) => source, 1).map((one) => ({ ...one, thresholds }));
  });
  printRates("Leave one source out", "Source never seen", [tallyBy(scored, bySource)]);
}

function byHalves(): void {
  console.log(
    "\n### Beside the plain approach: random halves, 0.5 % of the other half's benign texts\n\n| Source | Texts | n-grams and logistic regression | This detector |\n|---|---|---|---|",
  );
  const found = Array.from({ length: HALVES }, (_, seed) => halves(rows, seed + 1, kindOf, CHANNELS));
  const kinds = [...new Set(found.flatMap((one) => [...one.keys()]))].sort();
  const english = [...new Set(kinds.filter((kind) => kind.includes(ENGLISH)).map(familyOf))];
  for (const kind of [...english, ...kinds]) {
    const tallies = found.flatMap((one) =>
      [...one].flatMap(([own, tally]) => (own === kind || familyOf(own) === kind ? [tally] : [])),
    );
    const total = tallies.reduce((sum, one) => sum + one.total, 0);
    const [base, ours] = (["baseline", "ours"] as const).map((key) =>
      percent(tallies.reduce((sum, one) => sum + one[key], 0) / total),
    );
    console.log(`| ${kind} | ${total} | ${base} | ${ours} |`);
  }
}

/** All kinds of injections in English of a channel together. */
function familyOf(kind: string): string {
  const at = kind.indexOf(ENGLISH);
  return at < 0 ? kind : `**${kind.slice(0, at)}${ENGLISH}all kinds**`;
}

function kindOf(row: Row): string {
  const kind = bySource(row);
  if (row.label !== "attack" || !row.source.startsWith("cyberseceval/prompt_injection")) return kind;
  return `${kind}, ${isForeign(row) ? "another language in it" : `${ENGLISH.slice(2)}${row.meta["variant"]}`}`;
}

/** Phrases and help texts of languages that the model did not learn: of none at all, and of half of them at a time. */
function byLanguage(): void {
  console.log(
    "\n### Languages not learned\n\n| Channel | Language | Attacks | L1 | L2 | L3 | L4 | Benign | L1 | L2 | L3 | L4 | Help | L1 | L2 | L3 | L4 |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|",
  );
  const languages = otherLanguages();
  for (const channel of CHANNELS) {
    const none = unlearned(channel, rows, languages);
    printLanguage(channel, "all, English alone learned", totalOf(none.values()));
    const parts = [0, 1].map((part) => languages.filter((_, at) => at % 2 === part));
    const half = new Map(parts.flatMap((part) => [...unlearned(channel, rows, part)]));
    printLanguage(channel, "all, half of the others learned", totalOf(half.values()));
    for (const [language, rates] of [...half].sort()) printLanguage(channel, language, rates);
  }
}

function printLanguage(channel: string, name: string, { attacks, benign, help }: LanguageRates): void {
  const cells = [attacks, benign, help].flatMap(([total, ...reached]) => [
    total,
    ...reached.map((n) => (total === 0 ? "" : percent(n / total, 1))),
  ]);
  console.log(`| ${channel} | ${name} | ${cells.join(" | ")} |`);
}

function shippedRates(name: string, texts: readonly string[], channel: AttackChannel): void {
  const model = MODELS[channel];
  const scores = texts.map((text) => highestScore(text, model));
  const cells = model.thresholds.map((least) =>
    percent(scores.filter((score) => score >= least).length / texts.length, 2),
  );
  console.log(`| ${name} | ${channel} | ${texts.length} | ${cells.join(" | ")} |`);
}

function elsewhere(): void {
  console.log(
    "\n### The shipped weights on benign texts of other kinds\n\n| Texts | Channel | Number | L1 | L2 | L3 | L4 |\n|---|---|---|---|---|---|---|",
  );
  const pages = manualPages();
  if (pages.length > 0) shippedRates("Manual pages of a Debian machine, by section", pages, "brought");
}

function shipped(): void {
  const scored = rows.map((row) => {
    const model = MODELS[row.channel];
    return {
      row,
      score: highestScore(row.text, model),
      thresholds: [...model.thresholds] as Thresholds,
    };
  });
  printRates("The shipped weights on what they were trained on (no measure of skill)", "Texts", [
    tallyBy(scored, bySource),
  ]);
}

function speed(): void {
  console.log(
    "\n### Speed, one core\n\n| Texts | Channel | Number | µs per 1,000 characters | µs per text |\n|---|---|---|---|---|",
  );
  for (const channel of CHANNELS) {
    const texts = rows.filter((row) => row.channel === channel).map(({ text }) => text);
    const run = () => {
      for (const text of texts) highestScore(text, MODELS[channel]);
    };
    run();
    const times = Array.from({ length: 7 }, () => {
      const begin = performance.now();
      run();
      return performance.now() - begin;
    }).sort((a, b) => a - b);
    const micros = (times[0] as number) * 1000;
    const characters = texts.reduce((sum, text) => sum + text.length, 0);
    console.log(
      `| recorded | ${channel} | ${texts.length} | ${((micros * 1000) / characters).toFixed(1)} | ${(micros / texts.length).toFixed(1)} |`,
    );
  }
}

const PARTS = {
  halves: byHalves,
  languages: byLanguage,
  groups: byGroups,
  sources: bySourceLeftOut,
  elsewhere,
  shipped,
  speed,
};
for (const [name, part] of Object.entries(PARTS)) {
  if (only.length === 0 || only.includes(name)) part();
}
