import { type FieldError, SluiceError } from "@/lib/errors";
import { isCustomControl } from "./catalogue";
import { conditionProblem, formatted, ParsedPolicySet, policyOf, validationProblems } from "./cedar/engine";
import { toRequest } from "./cedar/request";
import { cedarSchema, customIdsOf, customSchema } from "./cedar/schema";
import { policyTexts } from "./cedar/text";
import { documentDigest } from "./digest";
import type { PolicyDocument } from "./document";
import type { Facts } from "./facts";
import { unknownLinksLevel } from "./links";

export { cedarSchema } from "./cedar/schema";

/** A document made ready to decide. */
export interface CompiledPolicy {
  readonly document: PolicyDocument;
  /** `sha256:<hex>` of the document's canonical JSON. */
  readonly digest: `sha256:${string}`;
  /** The formatted Cedar text; equal documents give equal bytes. */
  readonly cedar: string;
  /**
   * Ids of the controls that fire on these facts, sorted. Remembered by `factsKey` (the facts' digest), or without
   * one by the facts' own text; the list is shared, so do not change it.
   */
  firedBy(facts: Facts, factsKey?: string): readonly string[];
}

/** How many facts a compiled policy remembers before it forgets all and starts again. */
const REMEMBERED = 50_000;

function customProblems(document: PolicyDocument): FieldError[] {
  const conditions = Object.entries(document.controls).flatMap(([id, { when }]): [string, string][] =>
    isCustomControl(id) && when !== undefined ? [[id, when]] : [],
  );
  const problems = new Map(
    conditions.flatMap(([id, when]): [string, string][] => {
      const problem = conditionProblem(when);
      return problem === null ? [] : [[id, problem]];
    }),
  );
  const parsed = conditions.filter(([id]) => !problems.has(id));
  const policies = Object.fromEntries(parsed.map(([id, when]) => [id, policyOf(when)]));
  if (parsed.length > 0) {
    for (const [id, problem] of validationProblems(policies, customSchema(customIdsOf(document))))
      problems.set(id, problem);
  }
  return [...problems].map(([id, message]) => ({ path: `controls.${id}.when`, message }));
}

/**
 * Compiles a document to a Cedar policy set, validated by the schema of the catalogue and its custom controls.
 * Throws `invalid` with the path of each custom condition that does not parse or validate.
 */
export function compile(document: PolicyDocument): CompiledPolicy {
  const fields = customProblems(document);
  if (fields.length > 0)
    throw new SluiceError("invalid", "A condition of this policy is not valid.", { fields });
  const texts = policyTexts(document);
  const policies = Object.fromEntries(texts);
  const [problem] = validationProblems(policies, cedarSchema(document));
  if (problem) throw new Error(`Cedar refuses ${problem[0]}: ${problem[1]}`);
  const parsed = new ParsedPolicySet(policies);
  const isOwn = (id: string) => Object.hasOwn(document.controls, id);
  const remembered = new Map<string, readonly string[]>();
  return {
    document,
    digest: documentDigest(document),
    cedar: formatted([...texts.values()].join("\n\n")),
    firedBy(facts, factsKey = JSON.stringify(facts)) {
      const known = remembered.get(factsKey);
      if (known) return known;
      const fired = Object.freeze(parsed.forbiddenBy(toRequest(facts, isOwn, derivedFrom(facts, document))));
      if (remembered.size >= REMEMBERED) remembered.clear();
      remembered.set(factsKey, fired);
      return fired;
    },
  };
}

/** What built-in controls may read and custom conditions may not. */
export function derivedFrom(facts: Facts, document: PolicyDocument): Record<string, number> {
  return {
    unavailableDetectors: facts.unavailable?.length ?? 0,
    unknownLinks: unknownLinksLevel(facts, document),
  };
}
