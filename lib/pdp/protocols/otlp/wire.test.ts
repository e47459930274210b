import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { understandLogs } from "./understand-log";
import { understandSpans } from "./understand-span";
import { itemsOf, LOGS, METRICS, type Read, type Signal, type Span, TRACES, Undecodable } from "./wire";
import { readJsonMessage } from "./wire-json";
import { field, readProtobuf } from "./wire-protobuf";

const SIGNALS = [TRACES, LOGS, METRICS];

/** Reads, or refuses in the one way there is; whatever was read is then understood. */
function readsOrRefuses(read: () => Read, signal: Signal): void {
  let message: Read;
  try {
    message = read();
  } catch (error) {
    expect(error).toBeInstanceOf(Undecodable);
    return;
  }
  if (signal === TRACES) understandSpans(itemsOf(message, TRACES));
  if (signal === LOGS) understandLogs(itemsOf(message, LOGS));
}

const varint = (value: number) => field(1, value).subarray(1);
const text = (number: number, value: string) => field(number, value);
const keyValue = (key: string, value: Buffer) => Buffer.concat([text(1, key), field(2, value)]);
const SPAN = Buffer.concat([
  field(1, Buffer.from("0af7651916cd43dd8448eb211c80319c", "hex")),
  field(2, Buffer.from("b7ad6b7169203331", "hex")),
  text(5, "chat"),
  Buffer.from([8 * 8 + 1, 0, 0, 0, 0, 0, 0, 0, 0x10]),
  field(9, keyValue("gen_ai.operation.name", text(1, "chat"))),
  field(9, keyValue("__proto__", Buffer.concat([Buffer.from([0x10]), varint(1)]))),
  field(
    9,
    keyValue(
      "deep",
      field(6, field(1, keyValue("a", field(5, field(1, Buffer.concat([Buffer.from([0x18]), varint(7)])))))),
    ),
  ),
]);
const EXPORT = field(1, Buffer.concat([field(1, Buffer.alloc(0)), field(2, field(2, SPAN))]));

describe("protobuf", () => {
  it("is read by the field numbers of the specification", () => {
    const [sent] = itemsOf<Span>(readProtobuf(EXPORT, TRACES.request), TRACES);
    expect(sent?.item).toEqual({
      traceId: "0af7651916cd43dd8448eb211c80319c",
      spanId: "b7ad6b7169203331",
      name: "chat",
      endTimeUnixNano: 2 ** 60,
      attributes: new Map<string, unknown>([
        ["gen_ai.operation.name", "chat"],
        ["__proto__", true],
        ["deep", { a: [7] }],
      ]),
    });
  });

  it("skips fields that it does not know, of every wire type", () => {
    const unknown = Buffer.concat([
      field(90, 5),
      field(91, "x"),
      Buffer.from([0xe1, 5, 0, 0, 0, 0, 0, 0, 0, 0]),
      Buffer.from([0xe5, 5, 0, 0, 0, 0]),
    ]);
    expect(readProtobuf(Buffer.concat([unknown, EXPORT]), TRACES.request)).toEqual(
      readProtobuf(EXPORT, TRACES.request),
    );
  });

  it("an empty export is an export of nothing", () => {
    for (const signal of SIGNALS)
      expect(itemsOf(readProtobuf(Buffer.alloc(0), signal.request), signal)).toEqual([]);
  });

  it("negative integers and doubles", () => {
    const minusOne = Buffer.from([0x18, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]);
    const half = Buffer.concat([Buffer.from([0x21]), Buffer.from(new Float64Array([0.5]).buffer)]);
    const span = Buffer.concat([field(9, keyValue("i", minusOne)), field(9, keyValue("d", half))]);
    const read = readProtobuf(field(1, field(2, field(2, span))), TRACES.request);
    expect(itemsOf<Span>(read, TRACES)[0]?.item.attributes).toEqual(
      new Map([
        ["i", -1],
        ["d", 0.5],
      ]),
    );
  });

  it("refuses what is nested too deep, rather than fall", () => {
    let value = text(1, "x");
    for (let depth = 0; depth < 5_000; depth++) value = field(5, field(1, value));
    const bytes = field(1, field(2, field(2, field(9, keyValue("k", value)))));
    expect(() => readProtobuf(bytes, TRACES.request)).toThrow(Undecodable);
  });

  it("cut anywhere: an export of less, or refused", () => {
    for (let length = 0; length < EXPORT.length; length++) {
      readsOrRefuses(() => readProtobuf(EXPORT.subarray(0, length), TRACES.request), TRACES);
    }
  });

  it("any bytes, and any byte changed: read or refused, never anything else", () => {
    const signal = fc.constantFrom(...SIGNALS);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), signal, (bytes, of) =>
        readsOrRefuses(() => readProtobuf(Buffer.from(bytes), of.request), of),
      ),
      { numRuns: 3_000 },
    );
    const changes = fc.array(fc.tuple(fc.nat(EXPORT.length - 1), fc.nat(255)), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(changes, signal, (list, of) => {
        const bytes = Buffer.from(EXPORT);
        for (const [at, byte] of list) bytes[at] = byte;
        readsOrRefuses(() => readProtobuf(bytes, of.request), of);
      }),
      { numRuns: 5_000 },
    );
  });
});

describe("JSON", () => {
  const exportOf = (span: object) => ({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });
  const only = (span: object) =>
    itemsOf<Span>(readJsonMessage(exportOf(span), TRACES.request), TRACES)[0]?.item;

  it("takes 64-bit integers as text or numbers, names of both kinds, and ids in either case", () => {
    const attribute = (value: object) => ({ key: "k", value });
    expect(only({ traceId: "ABCD", span_id: "ef", endTimeUnixNano: "1795176532683561808" })).toEqual({
      traceId: "abcd",
      spanId: "ef",
      endTimeUnixNano: 1_795_176_532_683_561_700,
    });
    for (const value of [{ intValue: "5" }, { intValue: 5 }, { int_value: 5 }, { doubleValue: 5 }]) {
      expect(only({ attributes: [attribute(value)] })?.attributes).toEqual(new Map([["k", 5]]));
    }
  });

  it.each([
    ["a list", []],
    ["text", "x"],
    ["null", null],
    ["spans that are none", { resourceSpans: [{ scopeSpans: [{ spans: [5] }] }] }],
    ["an id that is no hexadecimal", exportOf({ traceId: "xyz" })],
    ["an id that is a number", exportOf({ spanId: 5 })],
    ["a time that is none", exportOf({ endTimeUnixNano: "soon" })],
    ["attributes that are an object", exportOf({ attributes: {} })],
    ["a value that is bare", exportOf({ attributes: [{ key: "a", value: "b" }] })],
    ["a text that is a number", exportOf({ attributes: [{ key: "a", value: { stringValue: 5 } }] })],
  ])("refuses %s", (_, json) => {
    expect(() => readJsonMessage(json, TRACES.request)).toThrow(Undecodable);
  });

  it("any JSON, in any place: read or refused, never anything else", () => {
    const place = fc.constantFrom("export", "span", "attributes", "value", "body");
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), place, fc.constantFrom(...SIGNALS), (any, where, signal) => {
        const [resources, scopes, items] = signal.levels;
        const item = {
          span: any,
          attributes: { attributes: any },
          value: {
            attributes: [
              { key: "gen_ai.operation.name", value: { stringValue: "chat" } },
              { key: "gen_ai.input.messages", value: any },
            ],
          },
          body: {
            eventName: "gen_ai.user.message",
            body: any,
            attributes: [{ key: "gen_ai.input.messages", value: { stringValue: JSON.stringify(any) } }],
          },
          export: any,
        }[where];
        const json = where === "export" ? any : { [resources]: [{ [scopes]: [{ [items]: [item] }] }] };
        readsOrRefuses(() => readJsonMessage(json, signal.request), signal);
      }),
      { numRuns: 5_000 },
    );
  });
});
