import type { Db, Tx } from "@/lib/db/prisma";
import { SluiceError } from "@/lib/errors";
import { nodeHash } from "./tree";

const HASH = 32;
const CHUNK = 20_000;

/**
 * The leaf hashes of entries `after` + 1 to `upTo`, 32 bytes each, in chunks. Throws `unavailable` when an entry
 * is missing: the log was tampered with.
 */
export async function* readLeaves(db: Db | Tx, after: number, upTo: number): AsyncGenerator<Buffer> {
  for (let from = after; from < upTo; from += CHUNK) {
    const to = Math.min(from + CHUNK, upTo);
    const [row] = await db.$queryRaw<{ hashes: Uint8Array | null }[]>`
      SELECT string_agg(leaf_hash, ''::bytea ORDER BY number) AS hashes
      FROM audit_entry WHERE number > ${from} AND number <= ${to}`;
    const hashes = Buffer.from(row?.hashes ?? []);
    if (hashes.length !== (to - from) * HASH) {
      throw new SluiceError("unavailable", `Audit entries between ${from + 1} and ${to} are missing.`);
    }
    yield hashes;
  }
}

/** Every perfect subtree of a log, so that a proof costs a few look-ups. Holds 64 bytes per entry. */
export class ProofTable {
  readonly size: number;
  /** `levels[k]` holds the roots of the perfect subtrees of 2^k leaves. */
  readonly #levels: Buffer[];

  private constructor(leaves: Buffer) {
    this.size = leaves.length / HASH;
    this.#levels = [leaves];
    for (let below = leaves; below.length >= 2 * HASH; ) {
      const count = Math.floor(below.length / HASH / 2);
      const level = Buffer.alloc(count * HASH);
      for (let at = 0; at < count; at++) {
        const left = below.subarray(2 * at * HASH, (2 * at + 1) * HASH);
        const right = below.subarray((2 * at + 1) * HASH, (2 * at + 2) * HASH);
        level.set(nodeHash(left, right), at * HASH);
      }
      this.#levels.push(level);
      below = level;
    }
  }

  /** The table of the first `size` entries of the log. */
  static async read(db: Db | Tx, size: number): Promise<ProofTable> {
    const chunks: Buffer[] = [];
    for await (const chunk of readLeaves(db, 0, size)) chunks.push(chunk);
    return new ProofTable(Buffer.concat(chunks));
  }

  static of(leaves: readonly Uint8Array[]): ProofTable {
    return new ProofTable(Buffer.concat(leaves));
  }

  root(): Uint8Array {
    return this.#root(0, this.size);
  }

  /** The inclusion proof of leaf `index` (from 0), as `inclusionProof` of the tree gives it. */
  inclusion(index: number): Uint8Array[] {
    const proof: Uint8Array[] = [];
    let from = 0;
    let to = this.size;
    while (to - from > 1) {
      const middle = from + splitOf(to - from);
      if (index < middle) {
        proof.push(this.#root(middle, to));
        to = middle;
      } else {
        proof.push(this.#root(from, middle));
        from = middle;
      }
    }
    return proof.reverse();
  }

  #root(from: number, to: number): Uint8Array {
    const count = to - from;
    const level = Math.log2(count);
    if (Number.isInteger(level)) {
      const at = (from / count) * HASH;
      return (this.#levels[level] as Buffer).subarray(at, at + HASH);
    }
    const middle = from + splitOf(count);
    return nodeHash(this.#root(from, middle), this.#root(middle, to));
  }
}

/** The largest power of two below `n`, where RFC 6962 splits a tree. */
function splitOf(n: number): number {
  return 2 ** (Math.ceil(Math.log2(n)) - 1);
}
