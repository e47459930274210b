/**
 * Measures how `prompt-attack` does on texts that it was not trained on, and prints the tables of
 * docs/prompt-attack.md: `npx tsx scripts/measure-prompt-attack.ts [directory] [--splits 3]`.
 */
import { join } from "node:path";
import { MODELS } from "@/lib/detect/prompt-attack/find-attacks";
import type { AttackChannel } from "@/lib/detect/prompt-attack/model";
import { highestScore } from "@/lib/detect/prompt-attack/score";
import { toLists } from "./prompt-attack/augment";
import { type Row, readCorpus } from "./prompt-attack/corpus";
import { helpSentences, readmeSections } from "./prompt-attack/elsewhere";
import { PHRASES } from "./prompt-attack/phrases";
import { crossFitted, percent, printFalsePositives, printRates, tallyBy } from "./prompt-attack/report";
import { foldsOf, heldOut, isCalm, scoreTexts, thresholdsOf, train } from "./prompt-attack/validate";

const args = process.argv.slice(2);
const splitsAt = args.indexOf("--splits");
const SPLITS = splitsAt < 0 ? 3 : Number(args[splitsAt + 1]);
const directory =
  args.find((arg, at) => !arg.startsWith("--") && at !== splitsAt + 1) ??
  join(import.meta.dirname, "../../shared/data");
const CHANNELS = ["prompt", "brought"] as const satisfies readonly AttackChannel[];
const LEVELS = [0, 1, 2, 3] as const;

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

/** A third of the phrases of every language at a time is kept from training, then looked for. */
function byLanguage(): void {
  console.log(
    "\n### Phrases of ours, kept from training by thirds\n\n| Language | Attacks | L1 | L2 | L3 | L4 | Benign | L1 | L2 | L3 | L4 |\n|---|---|---|---|---|---|---|---|---|---|---|",
  );
  const { thresholds } = MODELS.prompt;
  const counts = new Map<string, number[]>();
  for (const part of [0, 1, 2]) {
    const fitted = train("prompt", rows, 1, (index) => index % 3 !== part);
    for (const [language, phrases] of Object.entries(PHRASES)) {
      const own = toLists(phrases, (index) => index % 3 === part);
      const attacks = [...own.openers, ...own.asks, ...own.whole];
      const row = counts.get(language) ?? new Array<number>(10).fill(0);
      for (const [from, texts] of [[0, attacks] as const, [5, own.benign] as const]) {
        row[from] = (row[from] as number) + texts.length;
        for (const score of scoreTexts(texts, fitted)) {
          for (const level of LEVELS)
            if (score >= thresholds[level]) row[from + level + 1] = (row[from + level + 1] as number) + 1;
        }
      }
      counts.set(language, row);
    }
  }
  const all = [...counts.values()].reduce((sum, row) => sum.map((n, at) => n + (row[at] as number)));
  for (const [language, row] of [...counts, ["all", all] as const]) {
    const cells = row.map((n, at) => (at % 5 === 0 ? n : percent(n / (row[at < 5 ? 0 : 5] as number), 0)));
    console.log(`| ${language} | ${cells.join(" | ")} |`);
  }
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
  shippedRates(
    "READMEs of other packages, by section",
    [...readmeSections(false).values()].flat(),
    "brought",
  );
  const help = helpSentences();
  for (const channel of CHANNELS)
    shippedRates(`help in ${help.size} languages`, [...help.values()].flat(), channel);
  for (const [language, texts] of help) shippedRates(`help, ${language}`, texts, "brought");
}

function shipped(): void {
  const scored = rows.map((row) => {
    const model = MODELS[row.channel];
    return {
      row,
      score: highestScore(row.text, model),
      thresholds: [...model.thresholds] as [number, number, number, number],
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
    const micros = (times[3] as number) * 1000;
    const characters = texts.reduce((sum, text) => sum + text.length, 0);
    console.log(
      `| recorded | ${channel} | ${texts.length} | ${((micros * 1000) / characters).toFixed(1)} | ${(micros / texts.length).toFixed(1)} |`,
    );
  }
}

byGroups();
bySourceLeftOut();
byLanguage();
elsewhere();
shipped();
speed();
