import type { AttackChannel } from "@/lib/detect/prompt-attack/model";
import type { Keep } from "./augment";
import type { Row } from "./corpus";
import { type Bag, bagScore, FIT, type Fitted, learnModel, toBag } from "./fit";
import { Random } from "./random";
import { trainingSet } from "./training-set";

const FOLDS = 5;

/** A model of one channel out of the rows given. */
export function train(channel: AttackChannel, rows: readonly Row[], seed: number, keep?: Keep): Fitted {
  const random = new Random(seed);
  const bags = trainingSet(channel, rows, random, keep).map(toBag);
  return learnModel(bags, random, FIT[channel]);
}

/** A recorded row with its score by a model that saw neither it nor anything near it. */
export interface HeldOut {
  row: Row;
  score: number;
  /** Which part it was held out with. */
  part: string;
}

const bags = new WeakMap<Row, Bag>();

/** The score of a row. */
export function bagScoreOf(row: Row, fitted: Fitted): number {
  const bag = bags.get(row) ?? toBag({ text: row.text, attack: false, weight: 1 });
  bags.set(row, bag);
  return bagScore(bag, fitted);
}

/** The scores of texts that are no rows. */
export function scoreTexts(texts: readonly string[], fitted: Fitted): number[] {
  return texts.map((text) => bagScore(toBag({ text, attack: false, weight: 1 }), fitted));
}

/** Scores every row of a channel by a model trained without its part; parts are folds of groups, or sources. */
export function heldOut(
  channel: AttackChannel,
  rows: readonly Row[],
  partOf: (row: Row) => string,
  seed: number,
): HeldOut[] {
  const own = rows.filter((row) => row.channel === channel);
  return [...new Set(own.map(partOf))].flatMap((part) => {
    const fitted = train(
      channel,
      rows.filter((row) => partOf(row) !== part),
      seed,
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
