import { hash } from "node:crypto";
import type { ContentText, Hit } from "@/lib/detect/types";

/** Texts remembered at most; when there are more, all are forgotten. */
const MOST_TEXTS = 50_000;
/**
 * Looking anew through 20 characters costs some 10 µs, their digest 0.5 µs; shorter ones are numbers and words that
 * would push others out.
 */
const SHORTEST = 16;
/** A text with more hits is not remembered, so that memory is bounded. */
const MOST_HITS = 16;

/**
 * What was found in texts before, by their digest: the texts themselves are not kept. An agent's every call repeats the
 * conversation so far, and a gateway asks about the same prompt on its way in and in its telemetry.
 */
export class DetectionMemory {
  readonly #found = new Map<string, readonly Hit[]>();

  /**
   * The hits of some detectors in a text, looked for by `look` unless they are remembered. They are shared: do not change
   * them. `detectors` tells apart what is looked for.
   */
  recall(detectors: number, { text, channel }: ContentText, look: () => readonly Hit[]): readonly Hit[] {
    if (text.length < SHORTEST) return look();
    const key = `${detectors} ${channel} ${hash("sha256", text, "base64url")}`;
    const known = this.#found.get(key);
    if (known !== undefined) return known;
    const hits = look();
    if (hits.length > MOST_HITS) return hits;
    if (this.#found.size >= MOST_TEXTS) this.#found.clear();
    this.#found.set(key, hits);
    return hits;
  }
}
