import { PROBLEMS } from "./respond";
import { summaryOf } from "./summaries";
import { scopeFor } from "./token-door";

/** The parts of an OpenAPI 3.1 document that are read and filled in here. */
export interface OpenApiDocument {
  openapi: string;
  info: { title: string; version: string; description?: string };
  servers?: { url: string; description?: string }[];
  tags?: { name: string; description?: string }[];
  paths: Record<string, Record<string, OpenApiOperation>>;
  components?: { schemas?: Record<string, unknown>; securitySchemes?: Record<string, unknown> };
}

export interface OpenApiOperation {
  summary?: string;
  description?: string;
  operationId?: string;
  tags?: string[];
  security?: Record<string, string[]>[];
  parameters?: { name: string; in: string; required?: boolean; description?: string; schema?: unknown }[];
  requestBody?: { description?: string; required?: boolean; content: Record<string, { schema?: unknown }> };
  responses: Record<string, OpenApiResponse>;
}

export interface OpenApiResponse {
  description: string;
  content?: Record<string, { schema?: unknown }>;
}

const BASE = "/api/v1";
const OPEN = new Set(["POST /setup"]);
const METHODS = ["get", "head", "post", "put", "patch", "delete"];

const INFO = `The console's API: the same routes that its pages use, and the same rules.

A signed-in session authenticates, with calls from the console's own pages; or a personal access token
(\`Authorization: Bearer slp_…\`), which reads what its person may read and can propose a change of policy, and never
approves, rejects, applies, grants or administers anything.

Every error is \`application/problem+json\`; its \`id\` stands in the log. Lists are paged by \`cursor\` and \`limit\`.`;

/**
 * The description of the API, with what each route leaves to say of itself: a summary, an id, the tag of its first
 * part, who may call it, and the shape of its problems.
 */
export function describeApi(
  document: object,
  routes: readonly { method: string; path: string }[] = [],
): OpenApiDocument {
  const { paths: written = {}, components, ...rest } = document as OpenApiDocument;
  const paths = { ...written, ...filesOf(written, routes) };
  const described = Object.fromEntries(
    Object.entries(paths).map(([path, operations]) => [
      path,
      Object.fromEntries(
        Object.entries(operations).map(([method, operation]) => [
          method,
          METHODS.includes(method) ? describeOperation(method.toUpperCase(), path, operation) : operation,
        ]),
      ),
    ]),
  );
  const tags = [
    ...new Set(
      Object.values(described).flatMap((one) => Object.values(one).flatMap(({ tags }) => tags ?? [])),
    ),
  ];
  return {
    ...rest,
    info: { ...rest.info, description: INFO },
    tags: tags.sort().map((name) => ({ name })),
    paths: described,
    components: {
      ...components,
      schemas: { ...components?.schemas, Problem: PROBLEM },
      securitySchemes: {
        session: {
          type: "apiKey",
          in: "cookie",
          name: "next-auth.session-token",
          description:
            "A signed-in session. Calls that change something must come from the console's own pages.",
        },
        token: {
          type: "http",
          scheme: "bearer",
          bearerFormat: "slp_…",
          description: "A personal access token: Settings → Access tokens.",
        },
      },
    },
  };
}

function describeOperation(method: string, path: string, operation: OpenApiOperation): OpenApiOperation {
  const own = path.startsWith(BASE) ? path.slice(BASE.length) : path;
  return {
    ...operation,
    summary: operation.summary ?? summaryOf(method, own),
    operationId: operation.operationId ?? operationId(method, own),
    tags: operation.tags ?? [tagOf(own)],
    security: securityOf(method, own),
    responses: Object.fromEntries(
      Object.entries(withCommon(operation, method)).map(([status, response]) => [
        status,
        Number(status) >= 400 && !response.content ? { ...response, content: PROBLEM_CONTENT } : response,
      ]),
    ),
  };
}

/** The files that lists are exported as: with the filter of their list, all of it. */
function filesOf(
  paths: OpenApiDocument["paths"],
  routes: readonly { method: string; path: string }[],
): OpenApiDocument["paths"] {
  const files = routes.filter(({ method, path }) => method === "GET" && path.endsWith(".csv"));
  return Object.fromEntries(
    files.map(({ path }) => {
      const list = paths[path.replace(/\.csv$/, "")]?.["get"];
      const parameters = list?.parameters?.filter(({ name }) => !["cursor", "limit"].includes(name)) ?? [];
      const text = { "text/csv": { schema: { type: "string" } } };
      const responses = {
        ...Object.fromEntries(
          Object.entries(list?.responses ?? PROBLEMS).filter(([status]) => status >= "400"),
        ),
        200: {
          description: "Every row that the filter lets through, as CSV. The export is itself audited.",
          content: text,
        },
      };
      return [path, { get: { parameters, responses } }];
    }),
  );
}

function securityOf(method: string, path: string): Record<string, string[]>[] {
  if (OPEN.has(`${method} ${path}`)) return [];
  const scope = scopeFor(method, path);
  return scope === null ? [{ session: [] }] : [{ session: [] }, { token: [scope] }];
}

function withCommon(
  { responses, parameters }: OpenApiOperation,
  method: string,
): Record<string, OpenApiResponse> {
  const namesRevision = parameters?.some(({ name, required }) => name === "if-match" && required);
  return {
    ...responses,
    ...(namesRevision ? { 428: { description: "`If-Match` does not say which revision you saw." } } : {}),
    ...(method === "GET" ? {} : { 413: { description: "The body is larger than 1 MiB." } }),
    429: { description: "Too many attempts; `Retry-After` says when to come again." },
    503: { description: "The database does not answer now; `Retry-After` says when to come again." },
  };
}

/** `changes.approve`, `use-cases.policy.versions.get`: unique, as method and path are. */
function operationId(method: string, path: string): string {
  const parts = path
    .split("/")
    .filter(Boolean)
    .map((part) => (part.startsWith("{") ? `by-${part.slice(1, -1)}` : part));
  return [...parts, method.toLowerCase()].join(".");
}

/** `use-cases` is “Use cases”. */
function tagOf(path: string): string {
  const [first = "api"] = path.split("/").filter(Boolean);
  const text = first.replace(/\.\w+$/, "").replaceAll("-", " ");
  return text === "me" ? "You" : text.charAt(0).toUpperCase() + text.slice(1);
}

const PROBLEM_CONTENT = {
  "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } },
};

const PROBLEM = {
  type: "object",
  description:
    "RFC 9457. `id` is in the log; `fields` names each bad field; `rule` the rule that forbids it.",
  required: ["type", "title", "status", "code", "detail", "id"],
  properties: {
    type: { type: "string", enum: ["about:blank"] },
    title: { type: "string" },
    status: { type: "integer" },
    code: { type: "string" },
    detail: { type: "string" },
    rule: { type: "string" },
    id: { type: "string" },
    fields: {
      type: "array",
      items: {
        type: "object",
        required: ["path", "message"],
        properties: { path: { type: "string" }, message: { type: "string" } },
      },
    },
  },
};
