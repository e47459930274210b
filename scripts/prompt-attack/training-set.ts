import type { AttackChannel } from "@/lib/detect/prompt-attack/model";
import { type Example, madeExamples } from "./augment";
import { ARGUMENTS, type Row } from "./corpus";
import type { Random } from "./random";

/** Injections of one template: many texts, one lesson. */
const TEMPLATED = 0.02;
/** Arguments of calls: thousands, and much alike. */
const SHORT = 0.2;

/** What a model of a channel learns from: the recorded rows of that channel and what is made with them. */
export function trainingSet(
  channel: AttackChannel,
  rows: readonly Row[],
  random: Random,
  keep?: (index: number) => boolean,
): Example[] {
  const own = rows.filter((row) => row.channel === channel && row.label !== "harmful");
  const benign = own.filter(({ label }) => label === "benign");
  const recorded = own.map((row): Example => {
    const templated = row.source.startsWith("agentdojo") && row.label === "attack";
    const weight = templated ? TEMPLATED : row.source === ARGUMENTS ? SHORT : 1;
    return { text: row.text, attack: row.label === "attack", weight, ...(row.at && { at: row.at }) };
  });
  return [...recorded, ...borrowed(channel, rows), ...madeExamples(channel, benign, random, keep)];
}

/** Rows of the other channel that teach this one something: what customers write is content too, and calm. */
function borrowed(channel: AttackChannel, rows: readonly Row[]): Example[] {
  if (channel === "prompt") {
    return rows
      .filter(({ source }) => source.endsWith("(indirect)"))
      .map(({ text }) => ({ text, attack: true, weight: 1 }));
  }
  return rows
    .filter(({ source }) => source.startsWith("tau-bench") || source.startsWith("openai-moderation"))
    .map(({ text }) => ({ text, attack: false, weight: 0.5 }));
}
