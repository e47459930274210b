/** SHA-256 of bytes. Injected, so that the same tree runs in Node and in a browser. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array;

/** A frontier as it is stored: the roots of its perfect subtrees, widest first, in hex. */
export interface FrontierJson {
  size: number;
  nodes: string[];
}

export type Merkle = ReturnType<typeof createMerkle>;

/** The largest power of two smaller than `n` (n ≥ 2): where RFC 6962 splits a tree. */
function splitOf(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function fromHex(hex: string): Uint8Array {
  if (!/^[0-9a-f]{64}$/.test(hex)) throw new RangeError("A node is 64 lower-case hexadecimal digits.");
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function assertSize(size: number): void {
  if (!Number.isSafeInteger(size) || size < 0) throw new RangeError("A tree size is a whole number from 0.");
}

/**
 * The Merkle tree of RFC 6962 section 2.1 over a given SHA-256: leaves are hashed with the prefix 0x00, inner
 * nodes with 0x01, and a tree of n leaves splits at the largest power of two below n. Proofs are lists of
 * hashes from the leaf upwards (RFC 6962 sections 2.1.1 and 2.1.2); their verification follows RFC 9162
 * sections 2.1.3.2 and 2.1.4.2. Hashes are 32 bytes.
 */
export function createMerkle(sha256: Sha256) {
  /** The hash of a leaf's bytes: SHA-256(0x00 || bytes). */
  function leafHash(bytes: Uint8Array): Uint8Array {
    const input = new Uint8Array(bytes.length + 1);
    input.set(bytes, 1);
    return sha256(input);
  }

  /** The hash of an inner node: SHA-256(0x01 || left || right). */
  function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
    const input = new Uint8Array(1 + left.length + right.length);
    input[0] = 1;
    input.set(left, 1);
    input.set(right, 1 + left.length);
    return sha256(input);
  }

  /** The edge of a growing tree (a compact range): all that is needed to append and to know the root. */
  class Frontier {
    #size = 0;
    #nodes: Uint8Array[] = [];

    get size(): number {
      return this.#size;
    }

    /** Adds the hash of the next leaf. */
    append(hash: Uint8Array): this {
      let node = hash;
      for (let rest = this.#size; rest % 2 === 1; rest = (rest - 1) / 2) {
        node = nodeHash(this.#nodes.pop() as Uint8Array, node);
      }
      this.#nodes.push(node);
      this.#size += 1;
      return this;
    }

    /** The root over everything appended; of nothing, SHA-256 of no bytes. */
    root(): Uint8Array {
      if (this.#size === 0) return sha256(new Uint8Array(0));
      return this.#nodes.reduceRight((right, left) => nodeHash(left, right));
    }

    toJSON(): FrontierJson {
      return { size: this.#size, nodes: this.#nodes.map(toHex) };
    }

    /** Reads what `toJSON` wrote; throws a RangeError on anything that is no frontier. */
    static fromJSON(json: FrontierJson): Frontier {
      assertSize(json.size);
      const wanted = [...json.size.toString(2)].filter((bit) => bit === "1").length;
      if (json.nodes.length !== wanted) throw new RangeError("The frontier's nodes do not match its size.");
      const frontier = new Frontier();
      frontier.#size = json.size;
      frontier.#nodes = json.nodes.map(fromHex);
      return frontier;
    }
  }

  /** The root over leaf hashes in order. */
  function rootOf(leaves: Iterable<Uint8Array>): Uint8Array {
    const frontier = new Frontier();
    for (const leaf of leaves) frontier.append(leaf);
    return frontier.root();
  }

  /** The proof that leaf `index` (from 0) stands in the tree of the first `size` leaves. */
  function inclusionProof(leaves: readonly Uint8Array[], index: number, size: number): Uint8Array[] {
    assertSize(size);
    if (index < 0 || index >= size || size > leaves.length)
      throw new RangeError("No such leaf in that tree.");
    const path = (from: number, to: number): Uint8Array[] => {
      if (to - from === 1) return [];
      const middle = from + splitOf(to - from);
      return index < middle
        ? [...path(from, middle), rootOf(leaves.slice(middle, to))]
        : [...path(middle, to), rootOf(leaves.slice(from, middle))];
    };
    return path(0, size);
  }

  /** Whether the proof places a leaf hash at `index` under `root` of a tree of `size` leaves. Never throws. */
  function verifyInclusion(
    leaf: Uint8Array,
    index: number,
    size: number,
    proof: readonly Uint8Array[],
    root: Uint8Array,
  ): boolean {
    if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size)
      return false;
    let at = index;
    let last = size - 1;
    let hash = leaf;
    for (const sibling of proof) {
      if (last === 0) return false;
      if (at % 2 === 1 || at === last) {
        hash = nodeHash(sibling, hash);
        while (at % 2 === 0 && at !== 0) {
          at /= 2;
          last = Math.floor(last / 2);
        }
      } else {
        hash = nodeHash(hash, sibling);
      }
      at = Math.floor(at / 2);
      last = Math.floor(last / 2);
    }
    return last === 0 && equal(hash, root);
  }

  /** The proof that the tree of the first `to` leaves extends the tree of the first `from` leaves. */
  function consistencyProof(leaves: readonly Uint8Array[], from: number, to: number): Uint8Array[] {
    assertSize(from);
    if (from > to || to > leaves.length) throw new RangeError("A tree can only be extended by a larger one.");
    if (from === 0 || from === to) return [];
    const path = (m: number, lo: number, hi: number, whole: boolean): Uint8Array[] => {
      if (m === hi - lo) return whole ? [] : [rootOf(leaves.slice(lo, hi))];
      const k = splitOf(hi - lo);
      return m <= k
        ? [...path(m, lo, lo + k, whole), rootOf(leaves.slice(lo + k, hi))]
        : [...path(m - k, lo + k, hi, false), rootOf(leaves.slice(lo, lo + k))];
    };
    return path(from, 0, to, true);
  }

  /** Whether the tree with `newRoot` extends the one with `oldRoot`. Never throws. */
  function verifyConsistency(
    from: number,
    to: number,
    oldRoot: Uint8Array,
    newRoot: Uint8Array,
    proof: readonly Uint8Array[],
  ): boolean {
    if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || from < 0 || from > to) return false;
    if (from === to) return proof.length === 0 && equal(oldRoot, newRoot);
    if (from === 0) return proof.length === 0 && equal(oldRoot, rootOf([]));
    const isPowerOfTwo = Number.isInteger(Math.log2(from));
    const [first, ...rest] = isPowerOfTwo ? [oldRoot, ...proof] : proof;
    if (!first) return false;
    let at = from - 1;
    let last = to - 1;
    while (at % 2 === 1) {
      at = (at - 1) / 2;
      last = Math.floor(last / 2);
    }
    let older = first;
    let newer = first;
    for (const sibling of rest) {
      if (last === 0) return false;
      if (at % 2 === 1 || at === last) {
        older = nodeHash(sibling, older);
        newer = nodeHash(sibling, newer);
        while (at % 2 === 0 && at !== 0) {
          at /= 2;
          last = Math.floor(last / 2);
        }
      } else {
        newer = nodeHash(newer, sibling);
      }
      at = Math.floor(at / 2);
      last = Math.floor(last / 2);
    }
    return last === 0 && equal(older, oldRoot) && equal(newer, newRoot);
  }

  return {
    leafHash,
    nodeHash,
    rootOf,
    Frontier,
    inclusionProof,
    verifyInclusion,
    consistencyProof,
    verifyConsistency,
  };
}
