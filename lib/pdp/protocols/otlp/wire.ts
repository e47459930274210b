/** A value of an attribute or a body: OTLP's AnyValue, unwrapped. Bytes are not read. */
export type Value = string | number | boolean | Value[] | { [key: string]: Value } | undefined;
/** Repeated KeyValue; the last of equal keys counts. */
export type Attributes = ReadonlyMap<string, Value>;

/**
 * How one field is read. `hex`: bytes, in JSON as hexadecimal text. `nanos`: an instant in nanoseconds, as a number.
 * `value` and `attributes`: see the types. A message may be repeated, nothing else here is.
 */
type Kind = "string" | "hex" | "nanos" | "value" | "attributes";

export interface Field {
  name: string;
  kind: Kind | Message;
}

/** A message of OTLP with the fields that are read; all others are skipped. Messages within are lists. */
export interface Message {
  byNumber: ReadonlyMap<number, Field>;
  byName: ReadonlyMap<string, Field>;
}

/** What cannot be read as what it says it is. The message holds nothing of it. */
export class Undecodable extends Error {}

/** Deeper than this, nothing is read. */
export const MAX_DEPTH = 24;
/** Ids of traces and spans have 32 and 16. */
export const MAX_HEX = 64;

type Shape = Record<string, readonly [number: number, kind: Kind | Message]>;

function message(shape: Shape): Message {
  const fields = Object.entries(shape).map(([name, [number, kind]]) => ({ number, field: { name, kind } }));
  return {
    byNumber: new Map(fields.map(({ number, field }) => [number, field])),
    byName: new Map(
      fields.flatMap(({ field }) => [
        [field.name, field],
        [snakeCase(field.name), field],
      ]),
    ),
  };
}

/** ProtoJSON readers take the name of the .proto file too. */
function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Field numbers are those of opentelemetry-proto 1.x (https://github.com/open-telemetry/opentelemetry-proto). */
const resource = message({ attributes: [1, "attributes"] });
const scope = message({ name: [1, "string"] });
const event = message({ name: [2, "string"], attributes: [3, "attributes"] });
const span = message({
  traceId: [1, "hex"],
  spanId: [2, "hex"],
  parentSpanId: [4, "hex"],
  name: [5, "string"],
  endTimeUnixNano: [8, "nanos"],
  attributes: [9, "attributes"],
  events: [11, event],
});
const logRecord = message({
  timeUnixNano: [1, "nanos"],
  body: [5, "value"],
  attributes: [6, "attributes"],
  traceId: [9, "hex"],
  spanId: [10, "hex"],
  observedTimeUnixNano: [11, "nanos"],
  eventName: [12, "string"],
});
const metric = message({ name: [1, "string"] });

function exported(resources: string, scopes: string, items: string, item: Message): Message {
  const inScope = message({ scope: [1, scope], [items]: [2, item] });
  return message({ [resources]: [1, message({ resource: [1, resource], [scopes]: [2, inScope] })] });
}

export interface SpanEvent {
  name?: string;
  attributes?: Attributes;
}

export interface Span {
  /** Lower-case hexadecimal. */
  traceId?: string;
  spanId?: string;
  parentSpanId?: string;
  name?: string;
  /** Nanoseconds since 1970, as near as a double comes. */
  endTimeUnixNano?: number;
  attributes?: Attributes;
  events?: SpanEvent[];
}

export interface LogRecord {
  timeUnixNano?: number;
  observedTimeUnixNano?: number;
  body?: Value;
  attributes?: Attributes;
  traceId?: string;
  spanId?: string;
  eventName?: string;
}

/** An item of an export with the attributes of the resource that it is of. */
export interface Sent<T> {
  item: T;
  resource: Attributes;
}

/** What one of the three endpoints takes. */
export interface Signal {
  request: Message;
  /** Names of the levels of the request, from the top. */
  levels: readonly [resources: string, scopes: string, items: string];
  /** The name of the count of what was refused, in JSON. */
  rejected: string;
}

export const TRACES: Signal = {
  request: exported("resourceSpans", "scopeSpans", "spans", span),
  levels: ["resourceSpans", "scopeSpans", "spans"],
  rejected: "rejectedSpans",
};
export const LOGS: Signal = {
  request: exported("resourceLogs", "scopeLogs", "logRecords", logRecord),
  levels: ["resourceLogs", "scopeLogs", "logRecords"],
  rejected: "rejectedLogRecords",
};
export const METRICS: Signal = {
  request: exported("resourceMetrics", "scopeMetrics", "metrics", metric),
  levels: ["resourceMetrics", "scopeMetrics", "metrics"],
  rejected: "rejectedDataPoints",
};

/** A message that was read: each field by its name, each message within as a list. */
export type Read = { [name: string]: unknown };

/** The items of an export that was read, out of their envelopes. */
export function itemsOf<T>(read: Read, { levels }: Signal): Sent<T>[] {
  const [resources, scopes, items] = levels;
  const within = (outer: Read, name: string) => (outer[name] ?? []) as Read[];
  return within(read, resources).flatMap((envelope) => {
    const attributes = (within(envelope, "resource").at(-1)?.["attributes"] ?? new Map()) as Attributes;
    return within(envelope, scopes).flatMap((inner) =>
      within(inner, items).map((item) => ({ item: item as T, resource: attributes })),
    );
  });
}
