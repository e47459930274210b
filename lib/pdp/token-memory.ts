import { hash } from "node:crypto";

const MAX_TOKENS = 10_000;

/**
 * Tokens whose signature was verified, by their SHA-256, until they expire; those not seen for longest go first.
 * It saves the signature and nothing else: whether a token still counts is asked anew each time.
 */
export class TokenMemory<T extends { expiresAt: number }> {
  readonly #known = new Map<string, T>();

  get(token: string, at: number): T | undefined {
    const key = hash("sha256", token, "base64");
    const known = this.#known.get(key);
    if (known === undefined) return undefined;
    this.#known.delete(key);
    if (known.expiresAt <= at) return undefined;
    this.#known.set(key, known);
    return known;
  }

  set(token: string, value: T): void {
    this.#known.set(hash("sha256", token, "base64"), value);
    if (this.#known.size <= MAX_TOKENS) return;
    const [oldest] = this.#known.keys();
    if (oldest !== undefined) this.#known.delete(oldest);
  }
}
