/**
 * Trains the models of `prompt-attack` and writes its weights file: `npm run train:prompt-attack -- [directory]`.
 * The same texts give the same file, byte for byte. docs/prompt-attack.md says what it learns from.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type AttackChannel, type StoredModel, storeModel } from "@/lib/detect/prompt-attack/model";
import { readCorpus } from "./prompt-attack/corpus";
import { FALSE_POSITIVE_RATES, isCalm, type Thresholds, thresholdsOf } from "./prompt-attack/levels";
import { foldsOf, heldOut, train } from "./prompt-attack/validate";

const SEED = 1;
const SPLITS = 3;
const directory = process.argv[2] ?? join(import.meta.dirname, "../../shared/data");
const file = join(import.meta.dirname, "../lib/detect/prompt-attack/weights.ts");

const corpus = readCorpus(directory);
if (corpus === null) {
  console.error(`${directory} does not hold the recorded texts: name their directory.`);
  process.exit(1);
}
const { rows, digest, documents } = corpus;

/** The model of all rows, with the mean of the thresholds that its likes have on held-out benign texts, split by split. */
function trained(channel: AttackChannel): StoredModel {
  const splits = Array.from({ length: SPLITS }, (_, split) => {
    const scored = heldOut(channel, rows, foldsOf(rows, split), SEED + split);
    return thresholdsOf(scored.filter(({ row }) => isCalm(row)).map(({ score }) => score));
  });
  const thresholds = FALSE_POSITIVE_RATES.map((_, level) => {
    const sum = splits.reduce((total, own) => total + (own[level] as number), 0);
    return Number((sum / SPLITS).toFixed(3));
  }) as Thresholds;
  console.log(`${channel}: L1 to L4 from ${thresholds.join(", ")}`);
  return storeModel({ ...train(channel, rows, SEED), thresholds });
}

const models = { prompt: trained("prompt"), brought: trained("brought") };
writeFileSync(
  file,
  `// Written by \`npm run train:prompt-attack\`; docs/prompt-attack.md is its model card.
import type { AttackChannel, StoredModel } from "./model";

/** SHA-256 of the recorded texts that the models were trained on. */
export const TRAINED_ON = "${digest}";
// And of the documents of packages, which may have changed since:
// ${documents}

export const STORED_MODELS: Readonly<Record<AttackChannel, StoredModel>> = ${JSON.stringify(models, null, 2)};
`,
);
