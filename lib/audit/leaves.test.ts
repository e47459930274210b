import { expect, it } from "vitest";
import { ProofTable } from "@/lib/audit/leaves";
import { inclusionProof, leafHash, rootOf } from "@/lib/audit/tree";

it("a table of proofs gives the root and every proof of the tree, for sizes 1 to 70", () => {
  const leaves = Array.from({ length: 70 }, (_, at) => leafHash(Buffer.from(`leaf ${at}`)));
  for (let size = 1; size <= leaves.length; size++) {
    const table = ProofTable.of(leaves.slice(0, size));
    expect(Buffer.from(table.root())).toEqual(Buffer.from(rootOf(leaves.slice(0, size))));
    for (let index = 0; index < size; index++) {
      const hex = (proof: Uint8Array[]) => proof.map((hash) => Buffer.from(hash).toString("hex"));
      expect(hex(table.inclusion(index))).toEqual(hex(inclusionProof(leaves, index, size)));
    }
  }
});
