import { z } from "zod";

/** A field of a form made wrong: where, how, and the body that says so. */
export interface BadBody {
  path: string;
  how: string;
  body: unknown;
}

interface JsonSchema {
  type?: string;
  properties?: Record<string, JsonSchema>;
  additionalProperties?: JsonSchema | boolean;
  required?: string[];
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  enum?: unknown[];
  const?: unknown;
  format?: string;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  minimum?: number;
}

/**
 * Every way in which one field of a valid body can be wrong, read from the form's own schema: missing, of another
 * type, too short, too long, not one of the words, unknown. Throws when the body lacks a field of the schema.
 */
export function badBodies(
  schema: z.ZodType,
  valid: Record<string, unknown>,
  /** Fields of which only one may stand, and another one stands in the body. */
  instead: readonly string[] = [],
): BadBody[] {
  const json = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as JsonSchema;
  const unknown = { path: "surprise", how: "unknown", body: { ...valid, surprise: 1 } };
  for (const field of instead) delete json.properties?.[field];
  return [unknown, ...inside(json, valid, [], (value) => value)];
}

type Rebuild = (value: unknown) => unknown;

function inside(schema: JsonSchema, valid: unknown, path: string[], rebuild: Rebuild): BadBody[] {
  const at = (key: string, value: unknown): Rebuild =>
    Array.isArray(valid)
      ? (bad) => rebuild(valid.map((item, index) => (String(index) === key ? bad : item)))
      : (bad) => rebuild({ ...(value as object), [key]: bad });
  const children: [string, JsonSchema, unknown][] = Array.isArray(valid)
    ? valid.slice(0, 1).map((item) => ["0", schema.items ?? {}, item])
    : isRecord(valid)
      ? propertiesOf(schema, valid, path)
      : [];
  return children.flatMap(([key, child, value]) => {
    const real = child.anyOf?.find(({ type }) => type !== "null") ?? child;
    const here = [...path, key];
    const put = at(key, valid);
    const missing =
      schema.required?.includes(key) && isRecord(valid)
        ? [{ how: "missing", body: rebuild(without(valid, key)) }]
        : [];
    const wrong = wrongValues(real).map(([how, bad]) => ({ how, body: put(bad) }));
    const mine = [...missing, ...wrong].map((one) => ({ path: here.join("."), ...one }));
    return [...mine, ...inside(real, value, here, put)];
  });
}

function propertiesOf(
  schema: JsonSchema,
  valid: Record<string, unknown>,
  path: string[],
): [string, JsonSchema, unknown][] {
  const named = Object.entries(schema.properties ?? {});
  const lacking = named.filter(([key]) => !(key in valid) && path.length === 0).map(([key]) => key);
  if (lacking.length > 0) throw new Error(`The valid body lacks ${lacking.join(", ")}`);
  if (named.length > 0) {
    return named
      .flatMap(([key, child]) => (key in valid ? [[key, child, valid[key]] as const] : []))
      .map((x) => [...x]);
  }
  const any = typeof schema.additionalProperties === "object" ? schema.additionalProperties : {};
  return Object.entries(valid).map(([key, value]) => [key, any, value]);
}

function wrongValues(schema: JsonSchema): [string, unknown][] {
  const wrong: [string, unknown][] = [["of another type", schema.type === "object" ? 17 : { wrong: true }]];
  if (schema.type === "string") {
    const closed = schema.enum || schema.const !== undefined || schema.format || schema.pattern;
    if (isEmptyWrong(schema)) wrong.push(["empty", ""]);
    if (schema.format === "date-time") wrong.push(["beyond reason", "9999-12-31T23:59:59-12:00"]);
    if (closed) wrong.push(["another word", "\u0007no such word"]);
    if (schema.format === undefined)
      wrong.push(["with a NUL", "some thing\u0000 some thing else that is quite long"]);
    if (schema.maxLength !== undefined) wrong.push(["too long", "x".repeat(schema.maxLength + 1)]);
    if ((schema.minLength ?? 0) > 1) wrong.push(["too short", "x".repeat((schema.minLength ?? 1) - 1)]);
  }
  if (schema.type === "array" && (schema.minItems ?? 0) > 0) wrong.push(["empty", []]);
  if (schema.type === "integer")
    wrong.push(["no integer", 1.5], ["too low", (schema.minimum ?? 0) - 1], ["too high", 2 ** 40]);
  return wrong;
}

function isEmptyWrong({ enum: words, const: word, format, pattern, minLength = 0 }: JsonSchema): boolean {
  const closed = words !== undefined || word !== undefined || format !== undefined;
  return closed || minLength > 0 || (pattern !== undefined && !new RegExp(pattern, "u").test(""));
}

function without(record: Record<string, unknown>, key: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
