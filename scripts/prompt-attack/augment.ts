import type { AttackChannel } from "@/lib/detect/prompt-attack/model";
import type { Row } from "./corpus";
import { helpSentences } from "./elsewhere";
import { PHRASES } from "./phrases";
import type { Random } from "./random";
import { HUMAN, someTask } from "./tasks";
import { someToolOutput } from "./tool-outputs";

/** A text to train on; `at` is where its attack stands, when the script put it there. */
export interface Example {
  text: string;
  attack: boolean;
  weight: number;
  at?: readonly [number, number];
  /** The recorded row that it is, if it is one. */
  row?: Row;
  /** Learned by its concepts alone, so that these and not the letters of a language carry the weight. */
  bare?: boolean;
}

/** Phrases of one language as lists. */
interface Lists {
  openers: string[];
  asks: string[];
  whole: string[];
  hidden: string[];
  benign: string[];
}

const PER_LANGUAGE = 36;
const IN_ENGLISH = 160;
const BROUGHT_TASKS = 3_000;
const BROUGHT_CALM = 1_500;

/** Which phrases (by index) and help texts of a language may be used. */
export type Keep = (index: number, language: string) => boolean;

/** Of four examples in another language as many are learned by their concepts alone. */
const BARE = 2;
const HELP_WEIGHT = 0.25;
const HELP_EACH = 60;

/** Ordinary sentences of help in other languages, as many of each. */
function foreignHelp(keep: Keep): Map<string, string[]> {
  return new Map(
    [...helpSentences()]
      .filter(([language]) => keep(-1, language))
      .map(([language, texts]) => {
        const step = Math.max(1, Math.floor(texts.length / HELP_EACH));
        return [language, texts.filter((_, at) => at % step === 0)];
      }),
  );
}

/**
 * Texts made for training: phrases of every language alone and within recorded benign texts, orders put into recorded
 * content, and the same content without. `keep` says which phrases may be used, by index, so that some can be held out.
 */
export function madeExamples(
  channel: AttackChannel,
  benign: readonly Row[],
  random: Random,
  keep: Keep = () => true,
): Example[] {
  const made = Object.entries(PHRASES).flatMap(([language, phrases]) => {
    const own = toLists(phrases, (index) => keep(index, language));
    if (own.asks.length === 0) return [];
    const count = language === "en" ? IN_ENGLISH : PER_LANGUAGE;
    const examples = inLanguage(own, count, channel, benign, random);
    return language === "en" ? examples : examples.map((one, at) => ({ ...one, bare: at % 4 < BARE }));
  });
  const calm = [...foreignHelp(keep)].flatMap(([, texts]) =>
    texts.map((text, at) => ({ text, attack: false, weight: HELP_WEIGHT, bare: at % 2 === 0 })),
  );
  return channel === "prompt" ? [...made, ...calm] : [...made, ...calm, ...ordersInContent(benign, random)];
}

export function toLists(phrases: (typeof PHRASES)[string], keep: (index: number) => boolean): Lists {
  const lists = Object.entries(phrases).map(([key, value]) => [
    key,
    value.split("|").filter((_: string, at: number) => keep(at)),
  ]);
  return Object.fromEntries(lists) as Lists;
}

function inLanguage(
  own: Lists,
  total: number,
  channel: AttackChannel,
  benign: readonly Row[],
  random: Random,
): Example[] {
  const examples: Example[] = [];
  for (let i = 0; i < total; i++) {
    const attack = attackOf(own, channel, random);
    examples.push(i % 2 === 0 ? whole(attack, random) : within(attack, benign, own, random));
    const count = 1 + Math.floor(random.next() * 4);
    const calm = Array.from({ length: count }, () => random.of(own.benign)).join(" ");
    examples.push({ text: calm, attack: false, weight: 0.5 });
  }
  return examples;
}

function attackOf({ openers, asks, whole, hidden }: Lists, channel: AttackChannel, random: Random): string {
  const roll = random.next();
  if (channel === "brought" && roll < 0.4) return random.of(hidden);
  if (roll < 0.55) return `${random.of(openers)} ${random.of(asks)}`;
  if (roll < 0.65) return random.of(openers);
  return random.of(roll < 0.8 ? asks : whole);
}

function whole(text: string, random: Random): Example {
  return { text: disguised(text, random), attack: true, weight: 0.5 };
}

/** An attack with ordinary text of the same language or a recorded one around it. */
function within(attack: string, benign: readonly Row[], own: Lists, random: Random): Example {
  const around = random.next() < 0.75 ? random.of(own.benign) : random.of(benign).text;
  return put(attack, around, random, 0.5);
}

function put(attack: string, around: string, random: Random, weight: number): Example {
  const roll = random.next();
  const breaks = [...around.matchAll(/[.!?]\s|\n/g)].map(({ index }) => index + 1);
  const spot = roll < 0.6 || breaks.length === 0 ? around.length : roll < 0.7 ? 0 : random.of(breaks);
  const wrapped = random.next() < 0.12 ? `<!-- ${attack} -->` : attack;
  const before = `${around.slice(0, spot)}${random.next() < 0.7 ? "\n" : " "}`;
  return {
    text: `${before}${wrapped}\n${around.slice(spot)}`.trimEnd(),
    attack: true,
    weight,
    at: [before.length, before.length + wrapped.length],
  };
}

/** Now and then in capitals, or without its marks. */
function disguised(text: string, random: Random): string {
  const roll = random.next();
  if (roll < 0.06) return text.toUpperCase();
  return roll < 0.15 ? text.replace(/[.!?]/g, "") : text;
}

function ordersInContent(benign: readonly Row[], random: Random): Example[] {
  const examples: Example[] = [];
  for (let i = 0; i < BROUGHT_TASKS; i++) {
    examples.push(put(someTask(random), content(benign, random), random, 0.25));
  }
  for (let i = 0; i < BROUGHT_CALM; i++) {
    const calm = Array.from({ length: 1 + Math.floor(random.next() * 5) }, () => random.of(HUMAN));
    examples.push({ text: calm.join(random.next() < 0.5 ? " " : "\n"), attack: false, weight: 0.25 });
    examples.push({ text: someToolOutput(random), attack: false, weight: 0.25 });
  }
  return examples;
}

/** Some content as tools and mail bring it: recorded, or of ours. */
function content(benign: readonly Row[], random: Random): string {
  const roll = random.next();
  if (roll < 0.65) return random.of(benign).text.slice(0, 3_000);
  if (roll < 0.85) return someToolOutput(random).slice(0, 3_000);
  return Array.from({ length: 3 }, () => random.of(HUMAN)).join(" ");
}
