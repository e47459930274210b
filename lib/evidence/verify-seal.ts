import { sameBytes } from "@/lib/evidence/bytes";
import type { PackHashing, PublicKey } from "@/lib/evidence/crypto";
import type { Report } from "@/lib/evidence/report";
import {
  BLOCK,
  type BlockMark,
  blocksOf,
  decodeMarks,
  findSeal,
  locateChange,
  parseSeal,
  type Seal,
} from "@/lib/evidence/seal";

const END = 66_000;
const READ = BLOCK * 64;

/** A stretch of the pack whose bytes are not the sealed ones. */
export interface Damage {
  from: number;
  /** Exclusive. */
  to: number;
  /** The sealed byte, when exactly one byte differs. */
  was?: number;
}

export interface SealCheck {
  /** Null when the pack does not end with a seal that can be read. */
  seal: Seal | null;
  damage: Damage[];
}

async function bytesOf(pack: Blob, from: number, to: number): Promise<Uint8Array> {
  return new Uint8Array(await pack.slice(from, to).arrayBuffer());
}

function compare(
  bytes: Uint8Array,
  start: number,
  marks: readonly BlockMark[],
  hashing: PackHashing,
): { damage: Damage[]; mended: Uint8Array } {
  const damage: Damage[] = [];
  const mended = bytes.slice();
  for (const [index, block] of blocksOf(bytes).entries()) {
    const mark = marks[index];
    if (mark && sameBytes(hashing.sha256(block), mark.hash)) continue;
    const from = start + index * BLOCK;
    const change = mark && locateChange(block, mark, hashing);
    if (!change) {
      damage.push({ from, to: from + block.length });
      continue;
    }
    damage.push({ from: from + change.at, to: from + change.at + 1, was: change.was });
    mended[index * BLOCK + change.at] = change.was;
  }
  return { damage, mended };
}

/** The content of `seal.bin`, the first entry of the tail (which starts with its ZIP local header, stored). */
function bodyMarks(tail: Uint8Array, body: number): BlockMark[] | null {
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength);
  if (tail.length < 30) return null;
  const start = 30 + view.getUint16(26, true) + view.getUint16(28, true);
  const marks = decodeMarks(tail.subarray(start)).slice(0, Math.ceil(body / BLOCK));
  return marks.length === Math.ceil(body / BLOCK) ? marks : null;
}

/**
 * Compares every byte of the pack with its seal. The comment at the end is signed and holds marks of the tail;
 * the tail holds marks of all bytes before it. Reads a megabyte at a time.
 */
export async function checkSeal(
  pack: Blob,
  key: PublicKey | null,
  hashing: PackHashing,
  report: Report,
): Promise<SealCheck> {
  const endFrom = Math.max(0, pack.size - END);
  const end = await bytesOf(pack, endFrom, pack.size);
  const at = findSeal(end);
  if (at === null) {
    report.problem({ file: "zip", offset: pack.size, message: "The pack does not end with its seal." });
    return { seal: null, damage: [] };
  }
  const comment = end.subarray(at);
  const start = endFrom + at;
  const parsed = parseSeal(comment);
  if (!parsed || parsed.seal.body + parsed.seal.tail !== start) {
    const message = `The seal (zip comment, bytes ${start} to ${pack.size - 1}) is not as it was written.`;
    report.problem({ file: "zip", offset: start, message });
    return { seal: null, damage: [] };
  }
  const { seal, signed } = parsed;
  if (key && !(await key.verify(signed, seal.signature))) {
    const who = seal.keyId === key.id ? "its signature does not hold" : `it is signed by key ${seal.keyId}`;
    const message = `The seal (zip comment, bytes ${start} to ${pack.size - 1}) is not by key ${key.id}: ${who}.`;
    report.problem({ file: "zip", offset: start, message });
  }
  return { seal, damage: await checkBlocks(pack, seal, hashing, report) };
}

async function checkBlocks(pack: Blob, seal: Seal, hashing: PackHashing, report: Report): Promise<Damage[]> {
  const tail = await bytesOf(pack, seal.body, seal.body + seal.tail);
  const { damage, mended } = compare(tail, seal.body, seal.marks, hashing);
  if (seal.marks.length !== Math.ceil(seal.tail / BLOCK)) damage.push({ from: seal.body, to: seal.body });
  const marks = bodyMarks(mended, seal.body);
  for (let from = 0; marks && from < seal.body; from += READ) {
    const bytes = await bytesOf(pack, from, Math.min(from + READ, seal.body));
    damage.push(...compare(bytes, from, marks.slice(from / BLOCK), hashing).damage);
  }
  if (!marks) damage.push({ from: seal.body, to: seal.body + seal.tail });
  report.checked("bytes of the pack against its seal", pack.size);
  return damage;
}
