import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { departuresOf } from "@/lib/drift/rules";
import { anyDocument, anyFacts } from "@/lib/policy/arbitraries";
import { policyDocumentSchema } from "@/lib/policy/document";
import { compare } from "@/lib/policy/lattice";
import { exampleDocument } from "@/lib/policy/testing";
import { declare, declareDrift, declareObserved, proposalFor } from "./propose";

const anything = {
  ...exampleDocument,
  baseline: { ...exampleDocument.baseline, models: null, tools: null, dataClasses: null },
};

const list = (...values: string[]) => ({
  field: "models" as const,
  declared: null,
  seen: values.map((value) => ({ value, n: 1, firstSeenAt: "", lastSeenAt: "", isDeclared: false })),
  seenOf: values.length,
  unused: [],
});

describe("declare", () => {
  test("adds to a list what no glob of it covers", () => {
    const next = declare(exampleDocument, "models", ["anthropic/claude", "mistral/large", "mistral/large"]);
    expect(next.baseline.models).toEqual(["openai/gpt-4o", "anthropic/*", "mistral/large"]);
  });

  test("turns anything into exactly what is declared", () => {
    expect(declare(anything, "models", ["b", "a"]).baseline.models).toEqual(["a", "b"]);
  });

  test("keeps data classes in their order and rates tools by what their name says", () => {
    expect(declare(anything, "dataClasses", ["internal", "public"]).baseline.dataClasses).toEqual([
      "public",
      "internal",
    ]);
    expect(declare(anything, "tools", ["send_money", "search_kb"]).baseline.tools).toEqual([
      { name: "search_kb", impact: "low" },
      { name: "send_money", impact: "high" },
    ]);
  });
});

test("what drifts and is declared drifts no longer, and declaring never tightens", () => {
  fc.assert(
    fc.property(anyDocument, fc.array(anyFacts, { maxLength: 5 }), (document, many) => {
      const drift = many.flatMap((facts) => departuresOf(facts, document.baseline));
      const after = drift.reduce(
        (so, { dimension, value }) => declareDrift(so, dimension, [value]),
        document,
      );
      expect(many.flatMap((facts) => departuresOf(facts, after.baseline))).toEqual([]);
      expect(compare(document, after).direction).toBe(drift.length > 0 ? "loosens" : "equal");
    }),
  );
});

test("declaring what was observed leaves alone what was never seen, and is a valid document", () => {
  const next = declareObserved(anything, {
    fields: {
      models: list("openai/gpt-4o"),
      tools: list(),
      dataClasses: list("restricted"),
      destinations: list("api.example.com"),
      purposes: list(),
      retrievalSources: list(),
      workloads: list("gateway"),
    },
  });
  expect(next.baseline).toMatchObject({
    models: ["openai/gpt-4o"],
    tools: null,
    dataClasses: ["restricted"],
    destinations: exampleDocument.baseline.destinations,
  });
  expect(policyDocumentSchema.safeParse(next).success).toBe(true);
});

describe("proposalFor", () => {
  test("fills in what the link asks for", () => {
    const wish = { declare: ["models:mistral/large", "tools:rm:all", "requestRate:480", "requestRate:240"] };
    const { proposal, justification } = proposalFor(wish, exampleDocument, null);
    expect(proposal.baseline.models).toContain("mistral/large");
    expect(proposal.baseline.tools).toContainEqual({ name: "rm:all", impact: "high" });
    expect(proposal.baseline.traffic.requestsPerMinute).toBe(480);
    expect(justification).toContain("model mistral/large, tool rm:all, up to 480 requests a minute");
    expect(proposalFor({ propose: "next-stage" }, exampleDocument, null).proposal.stage).toBe("limited");
  });

  test("changes nothing for a link that says nothing, or something unknown", () => {
    const strange = { declare: ["constructor:x", "models", "models:", ":x"] };
    const unknown = { propose: "field", field: "constructor" };
    for (const wish of [{}, { propose: "everything" }, { propose: "observed" }, unknown, strange]) {
      expect(proposalFor(wish, exampleDocument, null)).toEqual({
        proposal: exampleDocument,
        justification: "",
      });
    }
  });
});
