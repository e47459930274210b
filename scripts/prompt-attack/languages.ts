import type { AttackChannel } from "@/lib/detect/prompt-attack/model";
import { toLists } from "./augment";
import type { Row } from "./corpus";
import { helpSentences } from "./elsewhere";
import { isCalm, type Thresholds, thresholdsOf } from "./levels";
import { PHRASES } from "./phrases";
import { foldsOf, heldOut, scoreTexts, train } from "./validate";

/** Number of texts, and how many of them reach L1 to L4. */
type Counts = [number, number, number, number, number];

/** What was found in one language that the model had not learned. */
export interface LanguageRates {
  attacks: Counts;
  benign: Counts;
  help: Counts;
}

const SEED = 1;

/** The languages of phrases and help texts other than English. */
export function otherLanguages(): string[] {
  const help = [...helpSentences().keys()].map(languageOf);
  return [...new Set([...Object.keys(PHRASES), ...help])].filter((language) => language !== "en").sort();
}

/** `pt_BR` is `pt`, and Norwegian has one name. */
function languageOf(locale: string): string {
  const [language = ""] = locale.split("_");
  return language === "nb" ? "no" : language;
}

/**
 * Trains without any phrase and any help text of these languages and looks for them. Thresholds come from recorded
 * benign texts held out from models that did not learn these languages either.
 */
export function unlearned(
  channel: AttackChannel,
  rows: readonly Row[],
  languages: readonly string[],
): Map<string, LanguageRates> {
  const keep = (_: number, language: string) => !languages.includes(languageOf(language));
  const held = heldOut(channel, rows, foldsOf(rows, 0), SEED, keep);
  const thresholds = thresholdsOf(held.filter(({ row }) => isCalm(row)).map(({ score }) => score));
  const trained = train(channel, rows, SEED, keep);
  const count = (texts: readonly string[]) => countsOf(scoreTexts(texts, trained), thresholds);
  const help = helpSentences();
  return new Map(
    languages.map((language) => {
      const phrases = PHRASES[language];
      const own = phrases && toLists(phrases, () => true);
      const direct =
        channel === "prompt" ? [...(own?.asks ?? []), ...(own?.whole ?? [])] : (own?.hidden ?? []);
      const sentences = [...help].flatMap(([locale, texts]) =>
        languageOf(locale) === language ? texts : [],
      );
      return [
        language,
        {
          attacks: count([...(own?.openers ?? []), ...direct]),
          benign: count(own?.benign ?? []),
          help: count(sentences),
        },
      ];
    }),
  );
}

function countsOf(scores: readonly number[], thresholds: Thresholds): Counts {
  const reached = thresholds.map((least) => scores.filter((score) => score >= least).length);
  return [scores.length, ...reached] as Counts;
}

/** All languages together. */
export function totalOf(all: Iterable<LanguageRates>): LanguageRates {
  const total: LanguageRates = { attacks: [0, 0, 0, 0, 0], benign: [0, 0, 0, 0, 0], help: [0, 0, 0, 0, 0] };
  for (const one of all) {
    for (const kind of ["attacks", "benign", "help"] as const) {
      for (const [at, n] of one[kind].entries()) total[kind][at as 0] += n;
    }
  }
  return total;
}
