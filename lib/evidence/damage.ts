import type { PackHashing } from "@/lib/evidence/crypto";
import { openZip, type PackEntry, PackFileReader } from "@/lib/evidence/pack-reader";
import type { Report } from "@/lib/evidence/report";
import type { Damage } from "@/lib/evidence/verify-seal";

/** The pack as it was sealed, as far as single changed bytes can be put back. */
function mend(pack: Blob, damage: readonly Damage[]): Blob {
  let mended = pack;
  for (const { from, was } of damage) {
    if (was === undefined) continue;
    mended = new Blob([mended.slice(0, from), Uint8Array.of(was), mended.slice(from + 1)]);
  }
  return mended;
}

/** The first byte of the content by which two readings of a file differ; null when they do not. */
async function firstDifference(a: PackEntry, b: PackEntry, hashing: PackHashing): Promise<number | null> {
  const readers = [new PackFileReader(a, hashing), new PackFileReader(b, hashing)] as const;
  const held: [Uint8Array, Uint8Array] = [new Uint8Array(0), new Uint8Array(0)];
  for (let offset = 0; ; ) {
    for (const side of [0, 1] as const) {
      if (held[side].length > 0) continue;
      const piece = await readers[side].piece().catch(() => null);
      held[side] = piece ?? held[side];
    }
    const length = Math.min(held[0].length, held[1].length);
    if (length === 0) return held[0].length === held[1].length ? null : offset;
    for (let at = 0; at < length; at++) if (held[0][at] !== held[1][at]) return offset + at;
    held[0] = held[0].subarray(length);
    held[1] = held[1].subarray(length);
    offset += length;
  }
}

/**
 * Tells each stretch of damage: the file and the byte in it where the content departs from what was sealed, or
 * the part of the ZIP's structure.
 */
export async function tellDamage(
  pack: Blob,
  damage: readonly Damage[],
  hashing: PackHashing,
  report: Report,
): Promise<void> {
  if (damage.length === 0) return;
  const mended = mend(pack, damage);
  const files = await openZip(mended).catch(() => new Map<string, PackEntry>());
  const found = await openZip(pack).catch(() => new Map<string, PackEntry>());
  const entries = [...files.values()];
  for (const one of damage) {
    const range = one.to - one.from === 1 ? `byte ${one.from}` : `between byte ${one.from} and ${one.to - 1}`;
    const entry = entries.find(({ dataFrom, dataTo }) => one.from < dataTo && one.to > dataFrom);
    const told = entry ? await tellInFile(entry, one, found, hashing) : null;
    if (entry && told !== null) {
      report.problem({
        file: entry.path,
        offset: told,
        message: `Changed since it was sealed (${range} of the pack).`,
      });
    } else {
      const where = entry ? `in the compressed data of ${entry.path}` : structurePart(one.from, entries);
      const message = `Changed since it was sealed: zip structure, ${range}, ${where}.`;
      report.problem({ file: "zip", offset: one.from, message });
    }
  }
}

async function tellInFile(
  entry: PackEntry,
  damage: Damage,
  found: ReadonlyMap<string, PackEntry>,
  hashing: PackHashing,
): Promise<number | null> {
  if (entry.stored) return Math.max(0, damage.from - entry.dataFrom);
  const actual = found.get(entry.path);
  return actual && damage.was !== undefined ? firstDifference(entry, actual, hashing) : null;
}

function structurePart(at: number, entries: readonly PackEntry[]): string {
  const inHeader = entries.find(({ headerFrom, dataFrom }) => at >= headerFrom && at < dataFrom);
  if (inHeader) return `in the header of ${inHeader.path}`;
  const before = entries.findLast(({ dataTo }) => at >= dataTo);
  return before && before !== entries.at(-1) ? `after ${before.path}` : "in the directory";
}
