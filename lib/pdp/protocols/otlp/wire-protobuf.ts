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

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

const WIRE_TYPES: Readonly<Record<string, number>> = { nanos: FIXED64 };

/** Walks over the bytes of one message. Throws `Undecodable` wherever they are none. */
class Cursor {
  at = 0;
  readonly #bytes: Buffer;
  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Unsigned, at most 64 bits; beyond 2^53 as near as a double comes. */
  varint(): number {
    let value = 0;
    let scale = 1;
    for (let n = 0; n < 10; n++) {
      const byte = this.#bytes[this.at++];
      if (byte === undefined) throw cutShort();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
    throw new Undecodable("A number has too many bytes.");
  }

  /** Signed, in two's complement of 64 bits. */
  int64(): number {
    const from = this.at;
    const unsigned = this.varint();
    if (unsigned < 2 ** 53) return unsigned;
    let exact = 0n;
    for (let at = this.at - 1; at >= from; at--)
      exact = (exact << 7n) | BigInt((this.#bytes[at] ?? 0) & 0x7f);
    return Number(BigInt.asIntN(64, exact));
  }

  /** The bytes of a field that says how long it is, up to `end`. */
  bounds(end: number): number {
    const length = this.varint();
    if (length > end - this.at) throw cutShort();
    return this.at + length;
  }

  text(end: number): string {
    const text = this.#bytes.toString("utf8", this.at, end);
    this.at = end;
    return text;
  }

  hex(end: number): string {
    if ((end - this.at) * 2 > MAX_HEX) throw new Undecodable("An id is too long.");
    const text = this.#bytes.toString("hex", this.at, end);
    this.at = end;
    return text;
  }

  fixed64(end: number): number {
    if (end - this.at < 8) throw cutShort();
    const low = this.#bytes.readUInt32LE(this.at);
    const high = this.#bytes.readUInt32LE(this.at + 4);
    this.at += 8;
    return high * 2 ** 32 + low;
  }

  double(end: number): number {
    if (end - this.at < 8) throw cutShort();
    this.at += 8;
    return this.#bytes.readDoubleLE(this.at - 8);
  }

  skip(wireType: number, end: number): void {
    if (wireType === VARINT) this.varint();
    else if (wireType === BYTES) this.at = this.bounds(end);
    else if (wireType === FIXED64 || wireType === FIXED32) this.at += wireType === FIXED64 ? 8 : 4;
    else throw new Undecodable("A field has a wire type that is none.");
    if (this.at > end) throw cutShort();
  }
}

function cutShort(): Undecodable {
  return new Undecodable("The message is cut short.");
}

/** Reads a message of the Protocol Buffers encoding (https://protobuf.dev/programming-guides/encoding). */
export function readProtobuf(bytes: Buffer, message: Message): Read {
  return readMessage(new Cursor(bytes), bytes.length, message, 0);
}

/** Calls `read` for each field up to `end`; it must move the cursor past the field. */
function eachField(cursor: Cursor, end: number, read: (number: number, wireType: number) => void): void {
  while (cursor.at < end) {
    const tag = cursor.varint();
    if (tag < 8 || tag > 0xffffffff) throw new Undecodable("A field has a number that is none.");
    read(Math.floor(tag / 8), tag % 8);
  }
  if (cursor.at !== end) throw cutShort();
}

function readMessage(cursor: Cursor, end: number, message: Message, depth: number): Read {
  const read: Read = {};
  eachField(cursor, end, (number, wireType) => {
    const field = message.byNumber.get(number);
    if (field === undefined) cursor.skip(wireType, end);
    else readField(cursor, end, field, wireType, read, depth);
  });
  return read;
}

function readField(
  cursor: Cursor,
  end: number,
  { name, kind }: Field,
  wireType: number,
  read: Read,
  depth: number,
) {
  if (wireType !== (typeof kind === "string" ? (WIRE_TYPES[kind] ?? BYTES) : BYTES)) {
    throw new Undecodable("A field has another wire type than its own.");
  }
  if (kind === "nanos") {
    read[name] = cursor.fixed64(end);
    return;
  }
  const until = cursor.bounds(end);
  if (kind === "string") read[name] = cursor.text(until);
  else if (kind === "hex") read[name] = cursor.hex(until);
  else if (kind === "value") read[name] = readValue(cursor, until, depth + 1);
  else if (kind === "attributes") addKeyValue(cursor, until, mapIn(read, name), depth + 1);
  else listIn(read, name).push(readMessage(cursor, until, kind, depth + 1));
}

function listIn(read: Read, name: string): unknown[] {
  const list = (read[name] ?? []) as unknown[];
  read[name] = list;
  return list;
}

function mapIn(read: Read, name: string): Map<string, Value> {
  const map = (read[name] ?? new Map()) as Map<string, Value>;
  read[name] = map;
  return map;
}

function addKeyValue(cursor: Cursor, end: number, to: Map<string, Value>, depth: number): void {
  let key = "";
  let value: Value;
  eachField(cursor, end, (number, wireType) => {
    if (wireType !== BYTES || number > 2) return cursor.skip(wireType, end);
    const until = cursor.bounds(end);
    if (number === 1) key = cursor.text(until);
    else value = readValue(cursor, until, depth + 1);
  });
  to.set(key, value);
}

function readValue(cursor: Cursor, end: number, depth: number): Value {
  if (depth > MAX_DEPTH) throw new Undecodable("A value is nested too deep.");
  let value: Value;
  eachField(cursor, end, (number, wireType) => {
    if (number === 1 && wireType === BYTES) value = cursor.text(cursor.bounds(end));
    else if (number === 2 && wireType === VARINT) value = cursor.varint() !== 0;
    else if (number === 3 && wireType === VARINT) value = cursor.int64();
    else if (number === 4 && wireType === FIXED64) value = cursor.double(end);
    else if (number === 5 && wireType === BYTES) value = readArray(cursor, cursor.bounds(end), depth + 1);
    else if (number === 6 && wireType === BYTES) value = readObject(cursor, cursor.bounds(end), depth + 1);
    else cursor.skip(wireType, end);
  });
  return value;
}

function readArray(cursor: Cursor, end: number, depth: number): Value[] {
  const values: Value[] = [];
  eachField(cursor, end, (number, wireType) => {
    if (number !== 1 || wireType !== BYTES) cursor.skip(wireType, end);
    else values.push(readValue(cursor, cursor.bounds(end), depth + 1));
  });
  return values;
}

function readObject(cursor: Cursor, end: number, depth: number): Value {
  const entries = new Map<string, Value>();
  eachField(cursor, end, (number, wireType) => {
    if (number !== 1 || wireType !== BYTES) cursor.skip(wireType, end);
    else addKeyValue(cursor, cursor.bounds(end), entries, depth + 1);
  });
  return objectOf(entries);
}

/** The same as an object, with a key such as `__proto__` as one of its own. */
export function objectOf(entries: Attributes): Value {
  return Object.fromEntries(entries) as Value;
}

/** A field of a message to send: a number as a varint (left out when 0), text or a message as bytes. */
export function field(number: number, value: number | string | Buffer): Buffer {
  if (typeof value === "number") {
    return value === 0 ? Buffer.alloc(0) : Buffer.concat([varint(number * 8 + VARINT), varint(value)]);
  }
  const bytes = Buffer.from(value as string);
  return Buffer.concat([varint(number * 8 + BYTES), varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 0x80);
  return Buffer.from([...bytes, rest]);
}
