import type { OpenApiDocument, OpenApiOperation } from "@/lib/api/description";
import { exampleOf, schemaText } from "./schema-text";

/** One call, as the page shows it. */
export interface CallView {
  /** The anchor. */
  id: string;
  method: string;
  path: string;
  summary: string;
  description: string | null;
  /** The scope that a token needs; null where no token may call it. */
  scope: string | null;
  open: boolean;
  parameters: { name: string; place: string; required: boolean; text: string }[];
  bodies: { type: string; text: string }[];
  responses: { status: string; description: string; types: string }[];
  curl: string | null;
}

export interface GroupView {
  tag: string;
  calls: CallView[];
}

/** The calls of the API by what they are about, each in the order in which they were written. */
export function prepareReference(document: OpenApiDocument): GroupView[] {
  const calls = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      tag: operation.tags?.[0] ?? "API",
      call: toCall(method.toUpperCase(), path, operation),
    })),
  );
  const groups = Map.groupBy(calls, ({ tag }) => tag);
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([tag, members]) => ({ tag, calls: members.map(({ call }) => call) }));
}

function toCall(method: string, path: string, operation: OpenApiOperation): CallView {
  const { summary = path, description = null, operationId = `${method} ${path}`, security = [] } = operation;
  const scope = security.find((one) => one["token"])?.["token"]?.[0] ?? null;
  return {
    id: operationId,
    method,
    path,
    summary,
    description,
    scope,
    open: security.length === 0,
    parameters: (operation.parameters ?? []).map(({ name, in: place, required = false, schema }) => ({
      name,
      place,
      required,
      text: schemaText(schema),
    })),
    bodies: Object.entries(operation.requestBody?.content ?? {}).map(([type, { schema }]) => ({
      type,
      text: schemaText(schema),
    })),
    responses: Object.entries(operation.responses).map(([status, response]) => ({
      status,
      description: response.description,
      types: Object.keys(response.content ?? {}).join(", "),
    })),
    curl: scope === null ? null : curlOf(method, path, operation),
  };
}

/** A command that calls it with a token, for a shell; the parts in braces are to be filled in. */
export function curlOf(
  method: string,
  path: string,
  { parameters = [], requestBody }: OpenApiOperation,
): string {
  const [type, content] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  const query = parameters.filter((one) => one.in === "query" && one.required).map(({ name }) => `${name}=…`);
  const body = type === "application/yaml" ? "@policy.yaml" : JSON.stringify(exampleOf(content?.schema));
  return [
    `curl --fail-with-body "$SLUICE_URL${path}${query.length > 0 ? `?${query.join("&")}` : ""}"`,
    ...(method === "GET" ? [] : [`--request ${method}`]),
    `--header "authorization: Bearer $SLUICE_TOKEN"`,
    ...parameters.filter((one) => one.in === "header").map(({ name }) => `--header '${name}: "…"'`),
    ...(type === undefined
      ? []
      : [
          `--header "content-type: ${type}"`,
          `${body.startsWith("@") ? "--data-binary" : "--data"} '${body}'`,
        ]),
  ].join(" \\\n  ");
}

/** Does the call fit what somebody looks for: every word in its method, path, summary or description? */
export function callFits(call: CallView, search: string): boolean {
  const text = `${call.method} ${call.path} ${call.summary} ${call.description ?? ""}`.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
