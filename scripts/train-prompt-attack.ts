/**
 * Trains the models of `prompt-attack` and writes its weights file: `npm run train:prompt-attack -- [directory]`.
 * The same texts give the same file, byte for byte. docs/prompt-attack.md says what it learns from.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type AttackChannel, type StoredModel, storeModel } from "@/lib/detect/prompt-attack/model";
import { readCorpus } from "./prompt-attack/corpus";
import { foldsOf, heldOut, isCalm, thresholdsOf, train } from "./prompt-attack/validate";

const SEED = 1;
const SPLITS = 3;
const directory = process.argv[2] ?? join(import.meta.dirname, "../../shared/data");
const file = join(import.meta.dirname, "../lib/detect/prompt-attack/weights.ts");

const corpus = readCorpus(directory);
if (corpus === null) {
  console.error(`${directory} does not hold the recorded texts: name their directory.`);
  process.exit(1);
}
const { rows, digest } = corpus;

function trained(channel: AttackChannel): StoredModel {
  const benign: number[] = [];
  for (let split = 0; split < SPLITS; split++) {
    for (const { row, score } of heldOut(channel, rows, foldsOf(rows, split), SEED + split)) {
      if (isCalm(row)) benign.push(score);
    }
  }
  const { weights, biases, context } = train(channel, rows, SEED);
  const thresholds = thresholdsOf(benign);
  console.log(`${channel}: L1 to L4 from ${thresholds.join(", ")}`);
  return storeModel({ weights, biases, context, thresholds });
}

const models = { prompt: trained("prompt"), brought: trained("brought") };
writeFileSync(
  file,
  `// Written by \`npm run train:prompt-attack\`; docs/prompt-attack.md is its model card.
import type { AttackChannel, StoredModel } from "./model";

/** SHA-256 of the recorded texts that the models were trained on. */
export const TRAINED_ON = "${digest}";

export const STORED_MODELS: Readonly<Record<AttackChannel, StoredModel>> = ${JSON.stringify(models, null, 2)};
`,
);
