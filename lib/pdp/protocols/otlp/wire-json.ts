import {
  type Attributes,
  type Field,
  MAX_DEPTH,
  MAX_HEX,
  type Message,
  type Read,
  Undecodable,
  type Value,
} from "./wire";
import { objectOf } from "./wire-protobuf";

type Json = Record<string, unknown>;

/**
 * Reads a message in OTLP's JSON (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding): ids in
 * hexadecimal, 64-bit integers as text or as numbers, unknown fields ignored. Throws `Undecodable` for another type.
 */
export function readJsonMessage(json: unknown, message: Message): Read {
  return readMessage(json, message);
}

function readMessage(json: unknown, message: Message): Read {
  const read: Read = {};
  for (const [name, value] of Object.entries(objectIn(json))) {
    const field = message.byName.get(name);
    if (field !== undefined && value !== null && value !== undefined) readField(value, field, read);
  }
  return read;
}

function readField(value: unknown, { name, kind }: Field, read: Read): void {
  if (kind === "string") read[name] = textIn(value);
  else if (kind === "hex") read[name] = hexIn(value);
  else if (kind === "nanos") read[name] = numberIn(value);
  else if (kind === "value") read[name] = valueIn(value, 0);
  else if (kind === "attributes") read[name] = attributesIn(value, 0);
  else read[name] = (Array.isArray(value) ? value : [value]).map((one) => readMessage(one, kind));
}

function objectIn(json: unknown): Json {
  if (typeof json === "object" && json !== null && !Array.isArray(json)) return json as Json;
  throw new Undecodable("What should be an object is none.");
}

function listIn(json: unknown): unknown[] {
  if (Array.isArray(json)) return json;
  throw new Undecodable("What should be a list is none.");
}

function textIn(json: unknown): string {
  if (typeof json === "string") return json;
  throw new Undecodable("What should be text is none.");
}

function hexIn(json: unknown): string {
  const text = textIn(json);
  if (text.length <= MAX_HEX && /^(?:[0-9a-fA-F]{2})*$/.test(text)) return text.toLowerCase();
  throw new Undecodable("What should be hexadecimal is not.");
}

function numberIn(json: unknown): number {
  if (typeof json === "number") return json;
  const text = textIn(json);
  if (/^-?(?:\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|Infinity)$|^NaN$/.test(text)) return Number(text);
  throw new Undecodable("What should be a number is none.");
}

function attributesIn(json: unknown, depth: number): Attributes {
  const attributes = new Map<string, Value>();
  for (const entry of listIn(json)) {
    const { key = "", value } = objectIn(entry);
    attributes.set(
      textIn(key),
      value === undefined || value === null ? undefined : valueIn(value, depth + 1),
    );
  }
  return attributes;
}

function valueIn(json: unknown, depth: number): Value {
  if (depth > MAX_DEPTH) throw new Undecodable("A value is nested too deep.");
  let value: Value;
  for (const [name, given] of Object.entries(objectIn(json))) {
    if (given === null || given === undefined) continue;
    if (name === "stringValue" || name === "string_value") value = textIn(given);
    else if (name === "boolValue" || name === "bool_value") value = given === true;
    else if (/^(?:int|double)(?:Value|_value)$/.test(name)) value = numberIn(given);
    else if (name === "arrayValue" || name === "array_value") {
      value = listIn(objectIn(given)["values"] ?? []).map((one) =>
        one === null ? undefined : valueIn(one, depth + 1),
      );
    } else if (name === "kvlistValue" || name === "kvlist_value") {
      value = objectOf(attributesIn(objectIn(given)["values"] ?? [], depth + 1));
    }
  }
  return value;
}
