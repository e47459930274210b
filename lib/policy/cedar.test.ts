import {
  policySetTextToParts,
  policyToJson,
  policyToText,
  schemaToJson,
  validate,
} from "@cedar-policy/cedar-wasm/nodejs";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyDocument, anyFacts } from "./arbitraries";
import { getControl } from "./catalogue";
import { formatted, ParsedPolicySet } from "./cedar/engine";
import { toRequest } from "./cedar/request";
import { activeControls } from "./cedar/text";
import { cedarSchema, compile, derivedFrom } from "./compile";
import type { PolicyDocument } from "./document";
import { TEMPLATES } from "./templates";
import { exampleDocument } from "./testing";

/** The policies of a text, by their own `@id`. */
function policiesOf(cedar: string): Map<string, string> {
  const parts = policySetTextToParts(cedar);
  if (parts.type === "failure") throw new Error(JSON.stringify(parts.errors));
  return new Map(
    parts.policies.map((text) => {
      const json = jsonOf(text);
      return [json.annotations?.["id"] ?? "", text] as const;
    }),
  );
}

function jsonOf(text: string) {
  const answer = policyToJson(text);
  if (answer.type === "failure") throw new Error(JSON.stringify(answer.errors));
  return answer.json;
}

function textOf(json: ReturnType<typeof jsonOf>): string {
  const answer = policyToText(json);
  if (answer.type === "failure") throw new Error(JSON.stringify(answer.errors));
  return answer.text;
}

function expectRoundTrip(document: PolicyDocument): void {
  const { cedar } = compile(document);
  const policies = policiesOf(cedar);
  const ids = ["permit", ...activeControls(document).map(([{ id }]) => id)];
  expect([...cedar.matchAll(/^@id\("(.*)"\)$/gm)].map(([, id]) => id)).toEqual(ids);
  expect([...policies.keys()].sort()).toEqual(ids.toSorted());
  for (const text of policies.values()) {
    const json = jsonOf(text);
    expect(jsonOf(textOf(json))).toEqual(json);
  }
  expect(formatted(cedar)).toBe(cedar);
}

/** JSON as JavaScript reads it holds no whole number beyond 2^53 exactly, so those go to text and back no more. */
const hasHugeNumber = (document: PolicyDocument) => /\d{16}/.test(JSON.stringify(document.controls));

/** The same JSON with the keys of every object in another order. */
function shuffled<T>(value: T): T {
  if (Array.isArray(value)) return value.map(shuffled) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, child]) => [key, shuffled(child)]),
  ) as T;
}

const documents: [string, PolicyDocument][] = [
  ["the example of the design", exampleDocument],
  ...TEMPLATES.map(({ id, document }): [string, PolicyDocument] => [id, document]),
];

describe("the Cedar text", { timeout: 120_000 }, () => {
  it.each(documents)("of %s goes to JSON and back, annotated and formatted", (_, document) => {
    expectRoundTrip(document);
    for (const [id, text] of policiesOf(compile(document).cedar)) {
      const { annotations, effect } = jsonOf(text);
      if (id === "permit") {
        expect(effect).toBe("permit");
        continue;
      }
      const control = getControl(id, document.controls[id]);
      expect(effect).toBe("forbid");
      expect(annotations).toEqual({ id, family: control?.family, title: control?.title });
    }
    for (const line of compile(document).cedar.split("\n")) expect(line).not.toMatch(/\s$/);
  });

  it("of any document goes to JSON and back, and is the formatter's own", () => {
    const documents = anyDocument.filter((document) => !hasHugeNumber(document));
    fc.assert(fc.property(documents, expectRoundTrip), { numRuns: 1000 });
  });

  it("is the same bytes for the same document, whatever the order of its keys", () => {
    fc.assert(
      fc.property(anyDocument, (document) => {
        const [once, again] = [compile(document), compile(shuffled(document))];
        expect(again.cedar).toBe(once.cedar);
        expect(again.digest).toBe(once.digest);
      }),
      { numRuns: 1000 },
    );
  });

  it("is what is evaluated: the text alone, parsed anew, fires the same controls", () => {
    fc.assert(
      fc.property(anyDocument, fc.array(anyFacts, { minLength: 3, maxLength: 3 }), (document, requests) => {
        const compiled = compile(document);
        const anew = new ParsedPolicySet(Object.fromEntries(policiesOf(compiled.cedar)));
        const isOwn = (id: string) => Object.hasOwn(document.controls, id);
        for (const facts of requests) {
          const request = toRequest(facts, isOwn, derivedFrom(facts, document));
          expect(anew.forbiddenBy(request)).toEqual([...compiled.firedBy(facts)]);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("validates against the schema that is given out, which is a schema to others too", () => {
    fc.assert(
      fc.property(anyDocument, (document) => {
        const schema = cedarSchema(document);
        const answer = validate({ schema, policies: { staticPolicies: compile(document).cedar } });
        expect(answer).toMatchObject({ type: "success", validationErrors: [] });
      }),
      { numRuns: 300 },
    );
    expect(schemaToJson(cedarSchema(exampleDocument)).type).toBe("success");
  });
});
