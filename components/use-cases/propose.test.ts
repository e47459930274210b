import { describe, expect, test } from "vitest";
import { policyDocumentSchema } from "@/lib/policy/document";
import { exampleDocument } from "@/lib/policy/testing";
import { declare, declareObserved, proposalFor } from "./propose";

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
    const wish = { propose: "value", field: "models", value: "mistral/large" };
    expect(proposalFor(wish, exampleDocument, null).proposal.baseline.models).toContain("mistral/large");
    expect(proposalFor({ propose: "next-stage" }, exampleDocument, null).proposal.stage).toBe("limited");
  });

  test("changes nothing for a link that says nothing, or something unknown", () => {
    const strange = { propose: "value", field: "constructor", value: "x" };
    for (const wish of [{}, { propose: "everything" }, { propose: "observed" }, strange]) {
      expect(proposalFor(wish, exampleDocument, null)).toEqual({
        proposal: exampleDocument,
        justification: "",
      });
    }
  });
});
