import { concat, fromBase64, toBase64, utf8 } from "@/lib/evidence/bytes";
import type { PackHashing } from "@/lib/evidence/crypto";

/** Bytes of the pack that one entry of the seal covers. */
export const BLOCK = 16_384;
/** SHA-256, sum of bytes (u32), and sum of bytes weighted by position (u64). */
const ENTRY = 44;
const MAGIC = "sluice.seal/v1\n";
const MAX_COMMENT = 65_535;

/** What the seal knows of a block. The two sums point at a single changed byte: position = Δweighted / Δsum. */
export interface BlockMark {
  hash: Uint8Array;
  sum: number;
  weighted: number;
}

/** The zip comment of a pack: how its bytes are divided, marks of the tail's blocks, and a signature over that. */
export interface Seal {
  keyId: string;
  /** Bytes before the entry `seal.bin`; their marks are that entry. */
  body: number;
  /** Bytes from there to the comment: `seal.bin`, the central directory and its end. */
  tail: number;
  marks: BlockMark[];
  signature: Uint8Array;
}

export function markOf(block: Uint8Array, hashing: PackHashing): BlockMark {
  let sum = 0;
  let weighted = 0;
  for (let at = 0; at < block.length; at++) {
    const byte = block[at] as number;
    sum += byte;
    weighted += byte * (at + 1);
  }
  return { hash: hashing.sha256(block), sum, weighted };
}

export function encodeMark(mark: BlockMark): Uint8Array {
  const entry = new Uint8Array(ENTRY);
  const view = new DataView(entry.buffer);
  entry.set(mark.hash);
  view.setUint32(32, mark.sum);
  view.setBigUint64(36, BigInt(mark.weighted));
  return entry;
}

/** Reads the marks that `encodeMark` wrote one after another. A rest that is no whole mark is left out. */
export function decodeMarks(bytes: Uint8Array): BlockMark[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: Math.floor(bytes.length / ENTRY) }, (_, index) => {
    const at = index * ENTRY;
    const weighted = Number(view.getBigUint64(at + 36));
    return { hash: bytes.slice(at, at + 32), sum: view.getUint32(at + 32), weighted };
  });
}

/** Cuts bytes into the seal's blocks. */
export function blocksOf(bytes: Uint8Array): Uint8Array[] {
  const count = Math.ceil(bytes.length / BLOCK);
  return Array.from({ length: count }, (_, at) => bytes.subarray(at * BLOCK, (at + 1) * BLOCK));
}

function signedText(seal: Omit<Seal, "signature">): string {
  const marks = seal.marks.map((mark) => `${toBase64(encodeMark(mark))}\n`).join("");
  return `${MAGIC}key ${seal.keyId}\nbody ${seal.body} block ${BLOCK}\ntail ${seal.tail}\n${marks}`;
}

const LAST_LINES = "signature \n".length + 88 + "end 00000\n".length;

/** Bytes of the comment that seals a pack with that key, body and tail. Throws a RangeError when no comment can. */
export function sealLength(keyId: string, body: number, tail: number): number {
  const marks = Math.ceil(tail / BLOCK) * (Math.ceil(ENTRY / 3) * 4 + 1);
  const length = signedText({ keyId, body, tail, marks: [] }).length + marks + LAST_LINES;
  if (length > MAX_COMMENT)
    throw new RangeError("The pack is too large for one seal; choose a shorter period.");
  return length;
}

/** The comment, signed. */
export function renderSeal(
  seal: Omit<Seal, "signature">,
  sign: (bytes: Uint8Array) => Uint8Array,
): Uint8Array {
  const text = signedText(seal);
  return withSignature(text, sign(utf8(text)));
}

function withSignature(text: string, signature: Uint8Array): Uint8Array {
  const length = String(text.length + LAST_LINES).padStart(5, "0");
  return utf8(`${text}signature ${toBase64(signature)}\nend ${length}\n`);
}

/** Where the comment begins, by its last line or by its first; null when the file ends with neither. */
export function findSeal(end: Uint8Array): number | null {
  const text = Array.from(end, (byte) => String.fromCharCode(byte)).join("");
  const last = /end (\d{5})\n$/.exec(text);
  const byLength = end.length - Number(last?.[1] ?? Number.NaN);
  const start = byLength >= 0 && text.startsWith("sluice", byLength) ? byLength : text.lastIndexOf(MAGIC);
  if (start >= 0) return start;
  return byLength >= 0 ? byLength : null;
}

const SHAPE =
  /^sluice\.seal\/v1\nkey ([0-9a-f]{16})\nbody (\d{1,15}) block 16384\ntail (\d{1,15})\n((?:[^ \n]{60}\n)+)signature (.{88})\nend \d{5}\n$/;

/** Reads a comment; null unless it is, byte for byte, what `renderSeal` writes. `signed` are the signed bytes. */
export function parseSeal(comment: Uint8Array): { seal: Seal; signed: Uint8Array } | null {
  const match = SHAPE.exec(Array.from(comment, (byte) => String.fromCharCode(byte)).join(""));
  if (!match) return null;
  const [, keyId = "", body, tail, lines = "", encoded = ""] = match;
  const entries = lines.trimEnd().split("\n").map(fromBase64);
  const signature = fromBase64(encoded);
  if (!signature || entries.some((entry) => entry?.length !== ENTRY)) return null;
  const marks = decodeMarks(concat(entries.filter((entry) => entry !== null)));
  const seal = { keyId, body: Number(body), tail: Number(tail), marks, signature };
  const text = signedText(seal);
  const again = withSignature(text, signature);
  const same = again.length === comment.length && again.every((byte, at) => byte === comment[at]);
  return same ? { seal, signed: utf8(text) } : null;
}

/** A single byte that differs from what was sealed. */
export interface ChangedByte {
  at: number;
  was: number;
  is: number;
}

/** Finds the one byte by which a block differs from its mark; null when more than one does. */
export function locateChange(block: Uint8Array, sealed: BlockMark, hashing: PackHashing): ChangedByte | null {
  const mark = markOf(block, hashing);
  const at = (mark.weighted - sealed.weighted) / (mark.sum - sealed.sum) - 1;
  const is = block[at];
  if (!Number.isInteger(at) || is === undefined) return null;
  const was = is - (mark.sum - sealed.sum);
  if (was < 0 || was > 255) return null;
  const mended = block.slice();
  mended[at] = was;
  const hash = hashing.sha256(mended);
  return hash.every((byte, index) => byte === sealed.hash[index]) ? { at, was, is } : null;
}
