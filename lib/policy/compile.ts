import type { PolicyDocument } from "./document";
import type { Facts } from "./facts";

/** A document made ready to decide. */
export interface CompiledPolicy {
  readonly document: PolicyDocument;
  /** `sha256:<hex>` of the document's canonical JSON. */
  readonly digest: string;
  /** The formatted Cedar text; equal documents give equal bytes. */
  readonly cedar: string;
  /** Ids of the controls that fire on these facts, sorted. Remembered by `factsKey` (or the facts themselves). */
  firedBy(facts: Facts, factsKey?: string): readonly string[];
}
