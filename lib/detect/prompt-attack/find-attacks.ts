import { keepSurest, type ScanDetector } from "@/lib/detect/scan";
import type { Hit, Level } from "@/lib/detect/types";
import { type AttackChannel, loadModel, type Model } from "./model";
import { scoreText } from "./score";
import { STORED_MODELS } from "./weights";

const DETECTOR = "prompt-attack";

/** The trained models that ship, one per channel. */
export const MODELS: Readonly<Record<AttackChannel, Model>> = {
  prompt: loadModel(STORED_MODELS.prompt),
  brought: loadModel(STORED_MODELS.brought),
};

/** Looks for prompt attacks as they come over one channel; a hit is the window of sentences that gave it away. */
export function findAttacks(channel: AttackChannel): ScanDetector {
  const model = MODELS[channel];
  return ({ text }, hits) => {
    const found: Hit[] = [];
    scoreText(text, model, ({ start, end, score }) => {
      const level = levelOf(score, model);
      if (level !== null) found.push({ detector: DETECTOR, level, start, end });
    });
    for (const hit of keepSurest(found)) hits.push(hit);
  };
}

function levelOf(score: number, { thresholds }: Model): Level | null {
  const at = thresholds.findIndex((least) => score >= least);
  return at < 0 ? null : ((at + 1) as Level);
}
