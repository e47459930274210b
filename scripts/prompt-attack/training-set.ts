import type { AttackChannel } from "@/lib/detect/prompt-attack/model";
import { type Example, type Keep, madeExamples } from "./augment";
import { ARGUMENTS, isDocument, type Row } from "./corpus";
import type { Random } from "./random";

/** Injections of one template: many texts, one lesson. */
const TEMPLATED = 0.02;
/** Arguments of calls: thousands, and much alike. */
const SHORT = 0.2;

/** Documents of packages: thousands too. */
const DOCUMENT = 0.3;

/** Abuse of an interpreter is all of one frame and soon learned; injections are few and short. */
const FRAMED = 0.3;
const RARE = 2;
/** Every recorded text is learned once more by its concepts alone. */
const BARE = 0.3;

function weightOf({ source, label }: Row): number {
  if (source.startsWith("agentdojo") && label === "attack") return TEMPLATED;
  if (source === ARGUMENTS) return SHORT;
  if (isDocument(source)) return DOCUMENT;
  if (source === "cyberseceval/interpreter") return FRAMED;
  return source.startsWith("cyberseceval/prompt_injection") ? RARE : 1;
}

/** What a model of a channel learns from: the recorded rows of that channel and what is made with them. */
export function trainingSet(
  channel: AttackChannel,
  rows: readonly Row[],
  random: Random,
  keep?: Keep,
): Example[] {
  const own = rows.filter((row) => row.channel === channel && row.label !== "harmful");
  const benign = own.filter(({ label }) => label === "benign");
  const recorded = own.map((row): Example => {
    const weight = weightOf(row);
    return { row, text: row.text, attack: row.label === "attack", weight, ...(row.at && { at: row.at }) };
  });
  const bares = recorded.map((one) => ({ ...one, bare: true, weight: one.weight * BARE }));
  return [...recorded, ...bares, ...borrowed(channel, rows), ...madeExamples(channel, benign, random, keep)];
}

/** What the model of whole prompts learns from: recorded texts alone, each as much as another. */
export function wholeSet(rows: readonly Row[]): Example[] {
  const own = rows.filter(({ channel, label }) => channel === "prompt" && label !== "harmful");
  const recorded = own.map(
    (row): Example => ({ row, text: row.text, attack: row.label === "attack", weight: 1 }),
  );
  return [...recorded, ...borrowed("prompt", rows)];
}

/** Rows of the other channel that teach this one something: what customers write is content too, and calm. */
function borrowed(channel: AttackChannel, rows: readonly Row[]): Example[] {
  if (channel === "prompt") {
    return rows
      .filter(({ source }) => source.endsWith("(indirect)"))
      .map((row) => ({ row, text: row.text, attack: true, weight: 1 }));
  }
  return rows
    .filter(({ source }) => source.startsWith("tau-bench") || source.startsWith("openai-moderation"))
    .map((row) => ({ row, text: row.text, attack: false, weight: 0.5 }));
}
