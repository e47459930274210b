import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  consistencyProof,
  Frontier,
  inclusionProof,
  leafHash,
  rootOf,
  verifyConsistency,
  verifyInclusion,
} from "@/lib/audit/tree";

const MAX = 130;
const inputs = Array.from({ length: MAX }, (_, at) => Buffer.from(`leaf ${at}`));
const leaves = inputs.map((bytes) => leafHash(bytes));
const sha = (...parts: Uint8Array[]) => createHash("sha256").update(Buffer.concat(parts)).digest();
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

/** RFC 6962 section 2.1, word for word: MTH(D[n]). */
function mth(data: Uint8Array[]): Buffer {
  if (data.length === 0) return sha();
  if (data.length === 1) return sha(Buffer.of(0), data[0] as Uint8Array);
  const k = 2 ** Math.floor(Math.log2(data.length - 1));
  return sha(Buffer.of(1), mth(data.slice(0, k)), mth(data.slice(k)));
}

/** Section 2.1.1: PATH(m, D[n]). */
function path(m: number, data: Uint8Array[]): Buffer[] {
  if (data.length === 1) return [];
  const k = 2 ** Math.floor(Math.log2(data.length - 1));
  return m < k
    ? [...path(m, data.slice(0, k)), mth(data.slice(k))]
    : [...path(m - k, data.slice(k)), mth(data.slice(0, k))];
}

/** Section 2.1.2: SUBPROOF(m, D[n], b). */
function subproof(m: number, data: Uint8Array[], whole: boolean): Buffer[] {
  if (m === data.length) return whole ? [] : [mth(data)];
  const k = 2 ** Math.floor(Math.log2(data.length - 1));
  return m <= k
    ? [...subproof(m, data.slice(0, k), whole), mth(data.slice(k))]
    : [...subproof(m - k, data.slice(k), false), mth(data.slice(0, k))];
}

const roots = Array.from({ length: MAX + 1 }, (_, n) => mth(inputs.slice(0, n)));
const root = (n: number) => roots[n] as Buffer;
const leaf = (at: number) => leaves[at] as Uint8Array;

describe("root", () => {
  it("is RFC 6962's for every size from 0 to 130", () => {
    for (let n = 0; n <= MAX; n++) expect(hex(rootOf(leaves.slice(0, n)))).toBe(hex(root(n)));
  });

  it("of an empty tree is the hash of nothing", () => {
    expect(hex(rootOf([]))).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  });

  it("goes on from a frontier that was stored and read back, at every size", () => {
    let frontier = new Frontier();
    for (let n = 0; n < MAX; n++) {
      frontier = Frontier.fromJSON(JSON.parse(JSON.stringify(frontier))).append(leaf(n));
      expect(frontier.size).toBe(n + 1);
      expect(hex(frontier.root())).toBe(hex(root(n + 1)));
    }
  });

  it("refuses a frontier whose nodes do not fit its size", () => {
    expect(() => Frontier.fromJSON({ size: 3, nodes: [hex(leaf(0))] })).toThrow(RangeError);
    expect(() => Frontier.fromJSON({ size: 1, nodes: ["zz"] })).toThrow(RangeError);
  });
});

describe("inclusion", () => {
  it("proofs are RFC 6962's and hold, for every leaf of every size", { timeout: 30_000 }, () => {
    for (let n = 1; n <= MAX; n++) {
      for (let m = 0; m < n; m++) {
        const proof = inclusionProof(leaves, m, n);
        if (n <= 40) expect(proof.map(hex)).toEqual(path(m, inputs.slice(0, n)).map(hex));
        expect(verifyInclusion(leaf(m), m, n, proof, root(n))).toBe(true);
      }
    }
  });

  it("does not hold for another index, size, leaf, root, or a bent proof", () => {
    const size = fc.integer({ min: 2, max: MAX });
    const law = fc.property(size, fc.nat(), fc.nat(), fc.nat(), (n, a, b, bit) => {
      const m = a % n;
      const other = (m + 1 + (b % (n - 1))) % n;
      const proof = inclusionProof(leaves, m, n);
      expect(verifyInclusion(leaf(m), other, n, proof, root(n))).toBe(false);
      expect(verifyInclusion(leaf(other), m, n, proof, root(n))).toBe(false);
      expect(verifyInclusion(leaf(m), m, n, proof, root(n - 1))).toBe(false);
      expect(verifyInclusion(leaf(m), m, n, proof.slice(1), root(n))).toBe(false);
      expect(verifyInclusion(leaf(m), m, n, [...proof, leaf(0)], root(n))).toBe(false);
      const at = b % proof.length;
      const bent = proof.map((hash, index) =>
        index === at ? hash.map((byte, i) => (i === bit % 32 ? byte ^ (1 << (bit % 8)) : byte)) : hash,
      );
      expect(verifyInclusion(leaf(m), m, n, bent, root(n))).toBe(false);
    });
    fc.assert(law, { numRuns: 500 });
  });
});

describe("consistency", () => {
  it("proofs are RFC 6962's and hold, for every pair of sizes", { timeout: 30_000 }, () => {
    for (let n = 1; n <= MAX; n++) {
      for (let m = 0; m <= n; m++) {
        const proof = consistencyProof(leaves, m, n);
        if (m > 0 && n <= 40) {
          expect(proof.map(hex)).toEqual(subproof(m, inputs.slice(0, n), true).map(hex));
        }
        expect(verifyConsistency(m, n, root(m), root(n), proof)).toBe(true);
      }
    }
  });

  it("does not hold between trees of which one is not the start of the other", () => {
    const pair = fc.tuple(fc.integer({ min: 1, max: MAX }), fc.integer({ min: 1, max: MAX }), fc.nat());
    const law = fc.property(pair, ([a, b, where]) => {
      const [m, n] = a < b ? [a, b] : [b, a];
      const forged = leaves.map((hash, at) => (at === where % m ? leaf((at + 1) % MAX) : hash));
      const proof = consistencyProof(leaves, m, n);
      expect(verifyConsistency(m, n, rootOf(forged.slice(0, m)), root(n), proof)).toBe(false);
      expect(verifyConsistency(m, n, root(m), rootOf(forged.slice(0, n)), proof)).toBe(false);
      expect(verifyConsistency(m, n, root(m), root(n), [...proof, leaf(0)])).toBe(false);
      if (m !== n) expect(verifyConsistency(m, n, root(m), root(n), proof.slice(1))).toBe(false);
    });
    fc.assert(law, { numRuns: 500 });
  });
});
