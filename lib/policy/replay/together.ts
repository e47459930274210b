import { ParsedPolicySet } from "../cedar/engine";
import { toRequest } from "../cedar/request";
import { customIdsOf } from "../cedar/schema";
import { PERMIT_ID, policyTexts } from "../cedar/text";
import { type CompiledPolicy, derivedFrom } from "../compile";
import type { PolicyDocument } from "../document";
import type { Facts } from "../facts";

const LINKS = "unknown-links";

/** Cedar text by control; that of unknown links says besides which destinations the document knows. */
function questions(document: PolicyDocument): Map<string, string> {
  const texts = policyTexts(document);
  const links = texts.get(LINKS);
  if (links) texts.set(LINKS, links + JSON.stringify(document.baseline.destinations));
  return texts;
}

/**
 * `after`, which takes from `before` what fires of the controls that both write alike, and asks the engine of the others
 * only: the engine is most of the cost of deciding facts for the first time. Equal to `after.firedBy` on all facts.
 */
export function decidedTogether(before: CompiledPolicy, after: CompiledPolicy): CompiledPolicy {
  const [known, asked] = [questions(before.document), questions(after.document)];
  const alike = new Set([...asked.keys()].filter((id) => known.get(id) === asked.get(id)));
  const others = [...policyTexts(after.document)].filter(([id]) => id === PERMIT_ID || !alike.has(id));
  const engine = others.length > 1 ? new ParsedPolicySet(Object.fromEntries(others)) : null;
  const custom = new Set(customIdsOf(after.document));
  const remembered = new Map<string, readonly string[]>();
  const firedBy = (facts: Facts, key?: string): readonly string[] => {
    const seen = key === undefined ? undefined : remembered.get(key);
    if (seen) return seen;
    const shared = before.firedBy(facts, key).filter((id) => alike.has(id));
    const request = () => toRequest(facts, (id) => custom.has(id), derivedFrom(facts, after.document));
    const fired = engine ? [...shared, ...engine.forbiddenBy(request())].sort() : shared;
    if (key !== undefined) remembered.set(key, fired);
    return fired;
  };
  return { ...after, firedBy };
}
