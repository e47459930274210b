import { describe, expect, it } from "vitest";
import { apiDescription, createApi } from "./app";
import type { OpenApiOperation } from "./description";
import { summaryOf } from "./summaries";

const app = createApi({
  db: () => {
    throw new Error("No route is called here.");
  },
  authenticate: async () => null,
});
const document = apiDescription();
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    name: `${method.toUpperCase()} ${path}`,
    path,
    operation,
  })),
);

const problems = ({ responses }: OpenApiOperation) =>
  Object.entries(responses).filter(([status]) => status >= "400");

describe("the description of the API", () => {
  it("holds every route that is registered", () => {
    const described = new Set(operations.map(({ name }) => name));
    const registered = app.routes
      .filter(({ method, path }) => method !== "ALL" && !path.endsWith("/openapi.json"))
      .map(({ method, path }) => `${method} ${path.replace(/:(\w+)(?:\{[^}]*\})?/g, "{$1}")}`);
    expect(registered.length).toBeGreaterThan(80);
    expect([...new Set(registered)].filter((route) => !described.has(route))).toEqual([]);
  });

  it("says of each what it does, by a summary, a tag and an id of its own", () => {
    for (const { name, operation } of operations) {
      expect(operation.summary, name).toMatch(/^[A-Z][^.]{4,90}$/);
      expect(operation.tags, name).toHaveLength(1);
      expect(
        document.tags?.map((tag) => tag.name),
        name,
      ).toContain(operation.tags?.[0]);
      expect(
        Object.keys(operation.responses).some((status) => status < "300"),
        name,
      ).toBe(true);
    }
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(operations.length);
  });

  it("tells calls of one thing apart by their summaries", () => {
    const byTag = Map.groupBy(operations, ({ operation }) => operation.tags?.[0]);
    for (const [tag, calls] of byTag) {
      const summaries = calls.map(({ operation }) => operation.summary);
      expect(new Set(summaries).size, `${tag}: ${summaries.join(", ")}`).toBe(calls.length);
    }
  });

  it("says who may call each, and how it answers what is wrong", () => {
    for (const { name, operation } of operations) {
      const schemes = operation.security?.flatMap((one) => Object.keys(one));
      expect(schemes, name).toEqual(
        name === "POST /api/v1/setup" ? [] : schemes?.includes("token") ? ["session", "token"] : ["session"],
      );
      expect(problems(operation).length, name).toBeGreaterThan(2);
      for (const [, { content }] of problems(operation)) {
        expect(Object.keys(content ?? {}), name).toEqual(["application/problem+json"]);
      }
    }
    const open = operations.filter(({ operation }) =>
      operation.security?.some(({ token }) => token?.[0] === "propose"),
    );
    expect(open.map(({ name }) => name)).toContain("PUT /api/v1/use-cases/{id}/policy");
    expect(Object.keys(document.components?.securitySchemes ?? {})).toEqual(["session", "token"]);
  });
});

describe("a summary that a path gives", () => {
  it.each([
    ["GET", "/use-cases", "List use cases"],
    ["GET", "/people", "List people"],
    ["GET", "/changes/{id}", "Read a change request"],
    ["POST", "/changes/{id}/approve", "Approve a change request"],
    ["POST", "/workloads/{id}/credentials", "Add a credential to a workload"],
    ["POST", "/workloads/{id}/credentials/{credential}/revoke", "Revoke a credential"],
    ["PUT", "/people/{id}/roles", "Set the roles of a person"],
    ["GET", "/audit/entries/{number}", "Read an audit entry"],
    ["GET", "/audit/entries", "List audit entries"],
    ["PATCH", "/use-cases/{id}", "Edit a use case"],
    ["POST", "/use-cases", "Create a use case"],
    ["GET", "/evidence/packs/{id}/contents", "Read the contents of an evidence pack"],
  ])("%s %s: %s", (method, path, summary) => {
    expect(summaryOf(method, path)).toBe(summary);
  });
});
