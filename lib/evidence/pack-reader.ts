import { BlobReader, ZipReader } from "@zip.js/zip.js";
import { concat, toHex } from "@/lib/evidence/bytes";
import type { Hasher, PackHashing } from "@/lib/evidence/crypto";
import type { Manifest } from "@/lib/evidence/format";
import type { Report } from "@/lib/evidence/report";

/** Where a file stands in a pack. Offsets are in bytes, `dataTo` exclusive. */
export interface PackEntry {
  pack: Blob;
  path: string;
  headerFrom: number;
  dataFrom: number;
  dataTo: number;
  stored: boolean;
}

/** A file of a pack, read once from start to end. What passes is hashed. */
export class PackFileReader {
  readonly path: string;
  readonly #entry: PackEntry;
  readonly #hasher: Hasher;
  #reader: ReadableStreamDefaultReader<Uint8Array> | null = null;
  #bytes = 0;
  #ended = false;

  constructor(entry: PackEntry, hashing: PackHashing) {
    this.path = entry.path;
    this.#entry = entry;
    this.#hasher = hashing.hasher();
  }

  /** The next piece, or null at the end. Throws when the ZIP entry cannot be read. */
  async piece(): Promise<Uint8Array | null> {
    if (this.#ended) return null;
    this.#reader ??= this.#start();
    const { value, done } = await this.#reader.read();
    if (done || !value) {
      this.#ended = true;
      return null;
    }
    this.#hasher.update(value);
    this.#bytes += value.length;
    return value;
  }

  #start(): ReadableStreamDefaultReader<Uint8Array> {
    const { pack, dataFrom, dataTo, stored } = this.#entry;
    const data: ReadableStream<Uint8Array<ArrayBuffer>> = pack.slice(dataFrom, dataTo).stream();
    const content = stored ? data : data.pipeThrough(new DecompressionStream("deflate-raw"));
    return content.getReader();
  }

  /** All that is left. */
  async rest(): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    for (let piece = await this.piece(); piece; piece = await this.piece()) pieces.push(piece);
    return concat(pieces);
  }

  /** Reads to the end and compares size and hash with the manifest. */
  async finish(listed: Manifest["files"][number], report: Report): Promise<void> {
    while (await this.piece());
    const sha256 = toHex(this.#hasher.digest());
    report.checked("files against the manifest");
    if (this.#bytes !== listed.bytes) {
      const message = `It has ${this.#bytes} bytes, the manifest says ${listed.bytes}.`;
      report.problem({ file: this.path, offset: Math.min(this.#bytes, listed.bytes), message });
    } else if (sha256 !== listed.sha256) {
      report.problem({ file: this.path, message: "Its SHA-256 is not the one in the manifest." });
    }
  }
}

/** A line, where it stands, and its text without the newline. */
export interface Line {
  row: number;
  offset: number;
  bytes: Uint8Array;
}

const NEWLINE = 10;

/** Lines of a JSONL file, one at a time. */
export class LineReader {
  readonly file: PackFileReader;
  #piece: Uint8Array = new Uint8Array(0);
  #at = 0;
  #row = 0;
  #offset = 0;
  #peeked: Line | null | undefined;

  constructor(file: PackFileReader) {
    this.file = file;
  }

  /** The line that `next` will give, or null at the end. */
  async peek(): Promise<Line | null> {
    if (this.#peeked === undefined) this.#peeked = await this.#read();
    return this.#peeked;
  }

  async next(): Promise<Line | null> {
    const line = this.#peeked === undefined ? await this.#read() : this.#peeked;
    this.#peeked = undefined;
    return line;
  }

  async #read(): Promise<Line | null> {
    const held: Uint8Array[] = [];
    for (;;) {
      const end = this.#piece.indexOf(NEWLINE, this.#at);
      if (end >= 0) {
        held.push(this.#piece.subarray(this.#at, end));
        this.#at = end + 1;
        return this.#line(held);
      }
      held.push(this.#piece.subarray(this.#at));
      const piece = await this.file.piece();
      if (piece) {
        this.#piece = piece;
        this.#at = 0;
        continue;
      }
      this.#at = this.#piece.length;
      return held.some((part) => part.length > 0) ? this.#line(held) : null;
    }
  }

  #line(parts: Uint8Array[]): Line {
    const bytes = parts.length === 1 ? (parts[0] as Uint8Array) : concat(parts);
    const line = { row: this.#row + 1, offset: this.#offset, bytes };
    this.#row += 1;
    this.#offset += bytes.length + 1;
    return line;
  }
}

/** The files of a pack by path, in order. Throws when it is no ZIP. */
export async function openZip(pack: Blob): Promise<Map<string, PackEntry>> {
  const zip = new ZipReader(new BlobReader(pack), { useWebWorkers: false });
  const files = new Map<string, PackEntry>();
  for (const { filename, offset, compressedSize, compressionMethod } of await zip.getEntries()) {
    const header = new DataView(await pack.slice(offset, offset + 30).arrayBuffer());
    const dataFrom = offset + 30 + header.getUint16(26, true) + header.getUint16(28, true);
    const dataTo = dataFrom + compressedSize;
    const path = files.has(filename) ? `${filename} (again)` : filename;
    files.set(path, { pack, path, headerFrom: offset, dataFrom, dataTo, stored: compressionMethod === 0 });
  }
  return files;
}

/** Compares CSV text with what its JSONL rows give, without holding either. */
export class TextComparer {
  readonly #file: PackFileReader;
  #held: Uint8Array = new Uint8Array(0);
  #offset = 0;

  constructor(file: PackFileReader) {
    this.#file = file;
  }

  /** The offset of the first byte that differs from `expected`, or null. */
  async differs(expected: Uint8Array): Promise<number | null> {
    const pieces = [this.#held];
    let have = this.#held.length;
    while (have < expected.length) {
      const piece = await this.#file.piece();
      if (!piece) break;
      pieces.push(piece);
      have += piece.length;
    }
    const bytes = concat(pieces);
    const from = this.#offset;
    this.#held = bytes.subarray(expected.length);
    this.#offset += expected.length;
    if (bytes.length >= expected.length) {
      let at = 0;
      while (at < expected.length && bytes[at] === expected[at]) at += 1;
      return at === expected.length ? null : from + at;
    }
    const at = bytes.findIndex((byte, index) => byte !== expected[index]);
    return from + (at < 0 ? bytes.length : at);
  }

  /** The offset of what follows the last compared byte, or null when nothing does. */
  async trailing(): Promise<number | null> {
    const more = this.#held.length > 0 || (await this.#file.piece()) !== null;
    return more ? this.#offset : null;
  }
}
