import { describe, expect, it } from "vitest";
import type { OpenApiDocument } from "@/lib/api/description";
import { callFits, prepareReference } from "./prepare";
import { exampleOf, schemaText } from "./schema-text";

const document: OpenApiDocument = {
  openapi: "3.1.0",
  info: { title: "Sluice", version: "1" },
  paths: {
    "/api/v1/things/{id}": {
      put: {
        operationId: "things.by-id.put",
        summary: "Set a thing",
        tags: ["Things"],
        security: [{ session: [] }, { token: ["propose"] }],
        parameters: [
          { name: "id", in: "path", required: true, schema: { type: "string", maxLength: 9 } },
          { name: "why", in: "query", required: true, schema: { type: "string" } },
          { name: "if-match", in: "header", schema: { type: "string" } },
        ],
        requestBody: {
          content: {
            "application/json": {
              schema: { type: "object", required: ["n"], properties: { n: { type: "integer", minimum: 3 } } },
            },
          },
        },
        responses: { 200: { description: "It.", content: { "application/json": {} } } },
      },
    },
    "/api/v1/alone": { post: { tags: ["Alone"], security: [{ session: [] }], responses: {} } },
    "/api/v1/setup": { post: { tags: ["Setup"], security: [], responses: {} } },
  },
};

describe("the reference", () => {
  const groups = prepareReference(document);
  const call = groups.find(({ tag }) => tag === "Things")?.calls[0];

  it("groups the calls, in the order of their titles", () => {
    expect(groups.map(({ tag }) => tag)).toEqual(["Alone", "Setup", "Things"]);
    expect(groups.map(({ calls }) => [calls[0]?.scope, calls[0]?.open, calls[0]?.curl !== null])).toEqual([
      [null, false, false],
      [null, true, false],
      ["propose", false, true],
    ]);
  });

  it("gives a command that sends what is needed", () => {
    expect(call?.curl).toBe(
      [
        'curl --fail-with-body "$SLUICE_URL/api/v1/things/{id}?why=…" \\',
        "  --request PUT \\",
        '  --header "authorization: Bearer $SLUICE_TOKEN" \\',
        "  --header 'if-match: \"…\"' \\",
        '  --header "content-type: application/json" \\',
        "  --data '{\"n\":3}'",
      ].join("\n"),
    );
  });

  it("is searched by any words of a call", () => {
    if (!call) throw new Error("There is no call.");
    for (const search of ["", "thing", "PUT things", "set  a"]) expect(callFits(call, search)).toBe(true);
    expect(callFits(call, "things approve")).toBe(false);
  });
});

describe("a schema in words", () => {
  it.each<[unknown, string]>([
    [{ type: "string", minLength: 2, maxLength: 60 }, "string (2–60 characters)"],
    [{ type: "integer", minimum: 1, maximum: 2_147_483_647 }, "integer (at least 1)"],
    [{ type: ["string", "null"] }, "string or null"],
    [{ enum: ["a", "b"] }, '"a" | "b"'],
    [{ type: "array", items: { type: "string" }, maxItems: 5 }, "list of string (at most 5 items)"],
    [{ anyOf: [{ type: "string" }, { type: "null" }] }, "string or null"],
    [undefined, "anything"],
    [
      { type: "object", required: ["a"], properties: { a: { type: "string" }, b: {} } },
      "{\n  a: string\n  b?: anything\n}",
    ],
  ])("%j", (schema, text) => {
    expect(schemaText(schema)).toBe(text);
  });

  it("gives an example with what is required", () => {
    const schema = {
      type: "object",
      required: ["a", "n", "at", "list", "kind", "none"],
      properties: {
        a: { type: "string" },
        n: { type: "integer" },
        at: { type: "string", format: "date-time" },
        list: { type: "array", items: { enum: ["x"] }, minItems: 1 },
        kind: { enum: ["k", "l"] },
        none: { type: ["string", "null"] },
        other: { type: "string" },
      },
    };
    expect(exampleOf(schema)).toEqual({
      a: "…",
      n: 1,
      at: "2026-12-31T12:00:00Z",
      list: ["x"],
      kind: "k",
      none: null,
    });
  });
});
