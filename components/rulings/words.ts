import { controlTitle, numberText, plural, word } from "@/components/telemetry/words";
import type { Answer, Basis, Expectation } from "@/lib/rulings/lifecycle";
import { type FalsePositiveEstimate, RULING_WINDOW_DAYS, type Verdicts } from "@/lib/rulings/rules";
import type { AppealView, ControlProgress, FindingRef } from "@/lib/rulings/views";

/** What a ruling says of the finding. */
export const ANSWER_TEXT: Record<Answer, string> = {
  true_positive: "Right",
  false_positive: "Wrong",
  unsure: "Unsure",
};

/** The same in full, for the record. */
export const ANSWER_SENTENCE: Record<Answer, string> = {
  true_positive: "The finding was right: a true positive.",
  false_positive: "The finding was wrong: a false positive.",
  unsure: "It cannot be told.",
};

export const BASIS_TEXT: Record<Basis, string> = {
  sampled: "drawn at random",
  appealed: "on appeal",
  picked: "picked",
};

export const EXPECTATION_TEXT: Record<Expectation, string> = {
  fires: "must fire",
  does_not_fire: "must not fire",
};

/** How the sample is drawn and what it says, for the page of the queue. */
export function samplingSentence(target: number): string {
  return (
    `Drawn at random: of each control, at each level apart, the findings of the last ${RULING_WINDOW_DAYS} days whose ` +
    `keys (SHA-256 over use case, control and decision) are the smallest; ${numberText(target)} of each control, as ` +
    "readiness asks of this risk tier. Nobody chooses them, and one that is passed over stays first."
  );
}

export const ESTIMATE_SENTENCE =
  "The rate weighs each level by how often it fired, by the hours. The interval is Wilson's at 95 %, at Kish's " +
  "effective sample size; unsure counts as right at its lower end and as wrong at its upper. Rulings on appeal or on a " +
  "picked decision are no part of it: people appeal what hurts.";

function percent(share: number): string {
  const value = Math.round(share * 1000) / 10;
  return String(value >= 10 ? Math.round(value) : value);
}

/** `4.3 % (1.2–14 %)`; the interval alone while nothing is decided. */
export function estimateText({ rate, low, high, rulings }: FalsePositiveEstimate): string {
  if (rulings === 0) return "not known";
  const interval = `${percent(low)}–${percent(high)} %`;
  return rate === null ? interval : `${percent(rate)} % (${interval})`;
}

/** `41 of 50`. */
export function progressText({ ruled, asked }: Pick<ControlProgress, "ruled" | "asked">): string {
  return `${numberText(ruled)} of ${numberText(asked)}`;
}

/** What else there is to know of a control's sample, in short sentences. */
export function progressNotes({ passedOver, gone, besides, estimate }: ControlProgress): string[] {
  const notes = [
    passedOver > 0 ? `${numberText(passedOver)} passed over.` : "",
    gone > 0 ? `${numberText(gone)} no longer kept.` : "",
    estimate.unsure > 0 ? `${numberText(estimate.unsure)} unsure.` : "",
    totalOf(besides) > 0 ? `${plural(totalOf(besides), "ruling")} besides, on appeal or picked.` : "",
    estimate.rulings > 0 && estimate.covered < 1
      ? `Levels with ${percent(1 - estimate.covered)} % of the findings have no ruling yet.`
      : "",
  ];
  return notes.filter((note) => note !== "");
}

const totalOf = ({ true_positive, false_positive, unsure }: Verdicts) =>
  true_positive + false_positive + unsure;

/** `Prompt attack at L2, would block`. */
export function findingText({ control, level, effect }: Pick<FindingRef, "control" | "level" | "effect">) {
  return `${controlTitle(control)}${level ? ` at ${level}` : ""}, ${word(effect)}`;
}

/** What a confirm dialog of an appeal says it does. */
export function answerEffect(action: "uphold" | "overturn", { control, openedBy }: AppealView): string {
  return action === "uphold"
    ? `You rule that ${controlTitle(control)} was right here. ${openedBy.name} is told why.`
    : `You rule that ${controlTitle(control)} was wrong here: a false positive. Nothing changes for traffic; a change request does that. ${openedBy.name} is told.`;
}
