import { randomFillSync } from "node:crypto";
import { UUID } from "uuidv7";

const pool = new Uint32Array(512);
let next = pool.length;

function random(): number {
  if (next === pool.length) {
    randomFillSync(pool);
    next = 0;
  }
  return pool[next++] ?? 0;
}

/** A UUIDv7 (RFC 9562) whose embedded milliseconds are those of `at`, which may lie in the past. */
export function decisionIdAt(at: Date): string {
  const high = random();
  return UUID.fromFieldsV7(at.getTime(), high & 0xfff, random() >>> 2, random()).toString();
}

/** The instant embedded in a UUIDv7. */
export function instantOf(id: string): Date {
  return new Date(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16));
}
