import { nodeHashing } from "@/lib/evidence/crypto-node";
import { BLOCK, blocksOf, encodeMark, markOf, renderSeal, sealLength } from "@/lib/evidence/seal";

/** Where the bytes of a pack go, in order. */
export interface PackOutput {
  write(bytes: Uint8Array): Promise<void>;
}

/** Passes a pack's bytes on to its output, keeps marks of them, and ends the pack with its seal. */
export class SealedOutput {
  readonly #output: PackOutput;
  #size = 0;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #marks: Uint8Array[] = [];
  #tail: Uint8Array[] | null = null;

  constructor(output: PackOutput) {
    this.#output = output;
  }

  async write(bytes: Uint8Array): Promise<void> {
    const own = bytes.slice();
    if (this.#tail) {
      this.#tail.push(own);
      return;
    }
    this.#size += own.length;
    this.#pending.push(own);
    this.#pendingBytes += own.length;
    if (this.#pendingBytes >= BLOCK) this.#markPending(this.#pendingBytes - (this.#pendingBytes % BLOCK));
    await this.#output.write(own);
  }

  /** Ends the body: everything after it is the tail. Returns the content of `seal.bin`. */
  startTail(): Uint8Array {
    this.#markPending(this.#pendingBytes);
    this.#tail = [];
    return Buffer.concat(this.#marks);
  }

  /** Writes the tail, whose last two bytes (the comment's length) become true, and the seal. Returns the size. */
  async finish(keyId: string, sign: (bytes: Uint8Array) => Uint8Array): Promise<number> {
    const tail = Buffer.concat(this.#tail ?? []);
    const length = sealLength(keyId, this.#size, tail.length);
    tail.writeUInt16LE(length, tail.length - 2);
    const marks = blocksOf(tail).map((block) => markOf(block, nodeHashing));
    const comment = renderSeal({ keyId, body: this.#size, tail: tail.length, marks }, sign);
    await this.#output.write(tail);
    await this.#output.write(comment);
    return this.#size + tail.length + comment.length;
  }

  #markPending(bytes: number): void {
    const all = Buffer.concat(this.#pending);
    for (const block of blocksOf(all.subarray(0, bytes))) {
      this.#marks.push(encodeMark(markOf(block, nodeHashing)));
    }
    this.#pending = bytes < all.length ? [all.subarray(bytes)] : [];
    this.#pendingBytes = all.length - bytes;
  }
}
