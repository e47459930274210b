import { errors, type JWTPayload, jwtVerify } from "jose";
import { SluiceError } from "@/lib/errors";
import { TOKEN_ALGORITHMS } from "@/lib/net/fetch-issuer-keys";
import { globMatches } from "@/lib/policy/glob";
import { unauthenticated } from "./authenticate";
import type { IssuerKeys, KeySet } from "./issuer-keys";
import type { SnapshotFederation, SnapshotIssuer } from "./snapshot";
import { TokenMemory } from "./token-memory";

/** How far the clocks of an issuer and of a decision point may differ, in seconds. */
const LEEWAY_S = 60;
/** A token that is good for longer, in seconds, is no credential of a workload but a standing key. */
const LONGEST_LIFE_S = 86_400;

/** What a token of a configured issuer says, once its signature and its times were verified. */
export interface ForeignClaims {
  subject: string;
  audiences: string[];
  issuedAt: Date;
  /** Milliseconds since the epoch; with the leeway. */
  expiresAt: number;
}

/** Reads a token of a configured issuer; throws `unauthenticated`, and `unavailable` without its keys. */
export type ReadForeign = (token: string, issuer: SnapshotIssuer, now: Date) => Promise<ForeignClaims>;

interface Remembered extends ForeignClaims {
  issuerId: string;
  set: KeySet;
}

/**
 * Reads tokens of issuers. A token met before costs a look-up, for as long as its issuer publishes the same keys: when
 * those change, its signature is verified anew.
 */
export function createForeignReader(keys: IssuerKeys): ReadForeign {
  const memory = new TokenMemory<Remembered>();

  async function verified(
    token: string,
    issuer: SnapshotIssuer,
    set: KeySet,
    now: Date,
  ): Promise<Remembered> {
    const options = {
      algorithms: [...TOKEN_ALGORITHMS],
      issuer: issuer.issuer,
      requiredClaims: ["sub", "aud", "iat", "exp"],
      clockTolerance: LEEWAY_S,
      currentDate: now,
    };
    const { payload } = await jwtVerify(token, set.find, options);
    return { ...claimsOf(payload, now), issuerId: issuer.id, set };
  }

  return async (token, issuer, now) => {
    const at = now.getTime();
    const set = await keys.current(issuer, at);
    const known = memory.get(token, at);
    if (known !== undefined && known.issuerId === issuer.id && known.set === set) return known;
    const read = await verified(token, issuer, set, now)
      .catch(async (error: unknown) => {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
        const newer = await keys.newer(issuer, set, at);
        if (newer === null) throw error;
        return verified(token, issuer, newer, now);
      })
      .catch((error: unknown) => {
        throw asRefusal(error);
      });
    memory.set(token, read);
    return read;
  };
}

/** Only who holds a token that the issuer really signed learns what is amiss with it. */
function asRefusal(error: unknown): unknown {
  if (error instanceof SluiceError) return error;
  if (error instanceof errors.JWTExpired) return unauthenticated("The token has expired.");
  if (error instanceof errors.JWTClaimValidationFailed) {
    return unauthenticated(`The token's claim "${error.claim}" is not as it must be.`);
  }
  return unauthenticated();
}

function claimsOf({ sub, aud, iat = 0, exp = 0 }: JWTPayload, now: Date): ForeignClaims {
  if (typeof sub !== "string" || sub === "") throw unauthenticated("The token names no subject.");
  if (iat > now.getTime() / 1000 + LEEWAY_S) throw unauthenticated("The token lies in the future.");
  if (exp - iat > LONGEST_LIFE_S) throw unauthenticated("The token is good for more than 24 hours.");
  const audiences = [aud].flat().filter((name) => typeof name === "string");
  return { subject: sub, audiences, issuedAt: new Date(iat * 1000), expiresAt: (exp + LEEWAY_S) * 1000 };
}

/** The one binding that a token fits; throws `unauthenticated` when none does, or those of two workloads do. */
export function federationOf(issuer: SnapshotIssuer, claims: ForeignClaims): SnapshotFederation {
  const [first, ...others] = issuer.federations.filter(
    ({ workload, audience, subject }) =>
      workload.retiredAt === null &&
      claims.audiences.includes(audience) &&
      globMatches(subject, claims.subject),
  );
  if (first === undefined) {
    throw unauthenticated("No workload is bound to the token's issuer, audience and subject.");
  }
  if (others.some(({ workload }) => workload.id !== first.workload.id)) {
    throw unauthenticated("Two workloads are bound to the token's subject; narrow one of the bindings.");
  }
  return first;
}
