import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";

/** What stands before every canary: a text without it holds none. */
export const CANARY_MARK = "sluice-canary-";

/** A canary sings for this long, in milliseconds. */
export const CANARY_LIFE_MS = 15 * 60_000;

const SHAPE = /sluice-canary-([0-9a-f]{8})-([0-9a-f]{32})/g;
/** More in one text are not looked at. */
const MOST = 16;

export interface Canaries {
  /** A text that is blocked for this use case, whatever its policy says, until it expires. */
  make(useCase: string, now: Date): { text: string; expiresAt: Date };
  /** Does the text hold a living canary of this use case? */
  isIn(text: string, useCase: string, now: Date): boolean;
}

/**
 * Canaries prove that a client stops what is blocked: HMAC-SHA-256 (its first 128 bits) over the use case and the expiry,
 * under a key derived from SLUICE_SECRET by HKDF-SHA-256. So nobody else can make one, and nothing need be kept.
 */
export function createCanaries(secret: string): Canaries {
  const key = Buffer.from(hkdfSync("sha256", secret, "", "sluice canary v1", 32));
  const macOf = (useCase: string, expiry: string) =>
    createHmac("sha256", key).update(`${expiry} ${useCase}`).digest().subarray(0, 16);
  return {
    make: (useCase, now) => {
      const seconds = Math.floor((now.getTime() + CANARY_LIFE_MS) / 1000);
      const expiry = seconds.toString(16).padStart(8, "0");
      const text = `${CANARY_MARK}${expiry}-${macOf(useCase, expiry).toString("hex")}`;
      return { text, expiresAt: new Date(seconds * 1000) };
    },
    isIn: (text, useCase, now) => {
      if (!text.includes(CANARY_MARK)) return false;
      for (const [, expiry = "", mac = ""] of [...text.matchAll(SHAPE)].slice(0, MOST)) {
        if (Number.parseInt(expiry, 16) * 1000 <= now.getTime()) continue;
        if (timingSafeEqual(Buffer.from(mac, "hex"), macOf(useCase, expiry))) return true;
      }
      return false;
    },
  };
}
