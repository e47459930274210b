import type { AttackChannel } from "@/lib/detect/prompt-attack/model";
import { contextOf } from "@/lib/detect/prompt-attack/whole";
import type { Example, Keep } from "./augment";
import type { Row } from "./corpus";
import { type Bag, FIT, type Fitted, learnModel, readingScores, toBag } from "./fit";
import { type FittedWhole, learnWhole, wholeScore } from "./fit-whole";
import { Random } from "./random";
import { trainingSet, wholeSet } from "./training-set";

const FOLDS = 5;

/** What was learned for one channel. */
export interface Trained extends Fitted {
  whole: FittedWhole | null;
}

/** A model of one channel out of the rows given. */
export function train(channel: AttackChannel, rows: readonly Row[], seed: number, keep?: Keep): Trained {
  const random = new Random(seed);
  const fitted = learnModel(trainingSet(channel, rows, random, keep).map(bagOf), random, FIT[channel]);
  return { ...fitted, whole: channel === "prompt" ? learnWhole(wholeSet(rows).map(bagOf), random) : null };
}

const bags = new WeakMap<Row, { full?: Bag; bare?: Bag }>();

/** A text made ready; rows are made ready once. */
function bagOf(example: Example): Bag {
  const { row, bare, attack, weight } = example;
  if (row === undefined) return toBag(example);
  const kept = bags.get(row) ?? {};
  bags.set(row, kept);
  const key = bare ? "bare" : "full";
  kept[key] ??= toBag(example);
  return { ...kept[key], attack, weight };
}

/** A recorded row with its score by a model that saw neither it nor anything near it. */
export interface HeldOut {
  row: Row;
  score: number;
  /** Which part it was held out with. */
  part: string;
}

/** The score of a row. */
export function bagScoreOf(row: Row, trained: Trained): number {
  return bagScore(
    bagOf({ row, text: row.text, attack: false, weight: 1, ...(row.at && { at: row.at }) }),
    trained,
  );
}

/** The scores of texts that are no rows. */
export function scoreTexts(texts: readonly string[], trained: Trained): number[] {
  return texts.map((text) => bagScore(toBag({ text, attack: false, weight: 1 }), trained));
}

/** As `highestScore` scores a text. */
function bagScore(bag: Bag, trained: Trained): number {
  const scores = readingScores(bag, trained).map((score, reading) =>
    trained.whole === null ? score : score + contextOf(wholeScore(bag, reading, trained.whole)),
  );
  return Math.max(Number.NEGATIVE_INFINITY, ...scores);
}

/** Scores every row of a channel by a model trained without its part; parts are folds of groups, or sources. */
export function heldOut(
  channel: AttackChannel,
  rows: readonly Row[],
  partOf: (row: Row) => string,
  seed: number,
  keep?: Keep,
): HeldOut[] {
  const own = rows.filter((row) => row.channel === channel);
  return [...new Set(own.map(partOf))].flatMap((part) => {
    const fitted = train(
      channel,
      rows.filter((row) => partOf(row) !== part),
      seed,
      keep,
    );
    return own
      .filter((row) => partOf(row) === part)
      .map((row) => ({ row, part, score: bagScoreOf(row, fitted) }));
  });
}

/** Five folds of whole groups, dealt by a seed. */
export function foldsOf(rows: readonly Row[], seed: number): (row: Row) => string {
  const random = new Random(seed);
  const fold = new Map<number, string>();
  for (const { group } of rows)
    if (!fold.has(group)) fold.set(group, `fold ${Math.floor(random.next() * FOLDS)}`);
  return ({ group }) => fold.get(group) ?? "";
}
