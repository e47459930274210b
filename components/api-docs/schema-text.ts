/** A JSON Schema as people read it: a line for each field. Pure. */

interface Schema {
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  format?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  default?: unknown;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  additionalProperties?: Schema | boolean;
  anyOf?: Schema[];
  oneOf?: Schema[];
  $ref?: string;
}

const DEEPEST = 6;

/** The schema, indented; `…` where it is deeper than people read. */
export function schemaText(schema: unknown): string {
  return textOf((schema ?? {}) as Schema, 0);
}

function textOf(schema: Schema, depth: number): string {
  const options = schema.anyOf ?? schema.oneOf;
  if (options) return options.map((one) => textOf(one, depth)).join(" or ");
  if (schema.$ref) return schema.$ref.split("/").at(-1) ?? "";
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  const kinds = [schema.type ?? "anything"].flat();
  return kinds
    .map((kind) =>
      kind === "object" ? objectText(schema, depth) : kind === "array" ? listText(schema, depth) : kind,
    )
    .join(" or ")
    .concat(limitsOf(schema));
}

function objectText(
  { properties, required = [], additionalProperties: more }: Schema,
  depth: number,
): string {
  if (depth >= DEEPEST) return "{ … }";
  const pad = "  ".repeat(depth + 1);
  const lines = Object.entries(properties ?? {}).map(
    ([name, field]) => `${pad}${name}${required.includes(name) ? "" : "?"}: ${textOf(field, depth + 1)}`,
  );
  if (typeof more === "object" && Object.keys(more).length > 0)
    lines.push(`${pad}[name]: ${textOf(more, depth + 1)}`);
  return lines.length === 0 ? "object" : `{\n${lines.join("\n")}\n${"  ".repeat(depth)}}`;
}

function listText({ items }: Schema, depth: number): string {
  return `list of ${textOf(items ?? {}, depth)}`;
}

function limitsOf(schema: Schema): string {
  const { format, minimum, maximum, minLength, maxLength, minItems, maxItems } = schema;
  const parts = [
    format,
    rangeOf(minimum, maximum, ""),
    rangeOf(minLength, maxLength, " characters"),
    rangeOf(minItems, maxItems, " items"),
    schema.default === undefined ? undefined : `default ${JSON.stringify(schema.default)}`,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? "" : ` (${parts.join(", ")})`;
}

/** The largest integers stand for “no limit”. */
function rangeOf(low: number | undefined, high: number | undefined, unit: string): string | undefined {
  const top = high !== undefined && high >= 2_147_483_647 ? undefined : high;
  const bottom = low !== undefined && low <= -2_147_483_647 ? undefined : low;
  if (bottom === undefined && top === undefined) return undefined;
  if (bottom === undefined) return `at most ${top}${unit}`;
  return top === undefined ? `at least ${bottom}${unit}` : `${bottom}–${top}${unit}`;
}

/** A value that has the shape of the schema: what it requires, with `…` for texts. */
export function exampleOf(schema: unknown): unknown {
  const one = (schema ?? {}) as Schema;
  if (one.const !== undefined) return one.const;
  if (one.enum) return one.enum[0];
  const [option] = one.anyOf ?? one.oneOf ?? [];
  if (option) return exampleOf(option);
  const kinds = [one.type ?? "object"].flat();
  if (kinds.includes("null")) return null;
  if (kinds.includes("array")) return one.minItems ? [exampleOf(one.items)] : [];
  if (kinds.includes("object")) {
    const names = one.required ?? [];
    return Object.fromEntries(names.map((name) => [name, exampleOf(one.properties?.[name])]));
  }
  if (kinds.includes("integer") || kinds.includes("number")) return Math.max(1, one.minimum ?? 1);
  return kinds.includes("boolean") ? true : one.format === "date-time" ? "2026-12-31T12:00:00Z" : "…";
}
