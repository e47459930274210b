import type { JWK } from "jose";
import { SluiceError } from "@/lib/errors";
import type { Outbound } from "./outbound";

/** Signatures that are accepted of others: asymmetric ones only, so that a public key is never taken for a secret. */
export const TOKEN_ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"] as const;
export type TokenAlgorithm = (typeof TOKEN_ALGORITHMS)[number];

export interface IssuerAddress {
  issuer: string;
  /** Null: the issuer's discovery document says where. */
  jwksUri: string | null;
}

export interface IssuerKeySet {
  /** Where they were found. */
  jwksUri: string;
  /** Public keys that can verify one of `TOKEN_ALGORITHMS`. */
  keys: JWK[];
  /** Keys of the set that cannot. */
  unusable: number;
}

const CALL = { timeoutMs: 3_000, maxBytes: 262_144, headers: { Accept: "application/json" } };
const MAX_KEYS = 100;
const MIN_RSA_BITS = 2_048;

/**
 * The keys of a configured issuer, from its own address: never from anything that a token says. Throws `unavailable`
 * with what is wrong in words.
 */
export async function fetchIssuerKeys(outbound: Outbound, address: IssuerAddress): Promise<IssuerKeySet> {
  const jwksUri = address.jwksUri ?? (await discover(outbound, address.issuer));
  const found = await getJson(outbound, jwksUri, "key set");
  if (!Array.isArray(found["keys"])) throw wrong("The key set holds no list of keys.");
  const all: unknown[] = found["keys"];
  if (all.length > MAX_KEYS) throw wrong(`The key set holds more than ${MAX_KEYS} keys.`);
  const keys = all.filter(isUsable);
  if (keys.length === 0) {
    throw wrong(`The key set holds no public key for ${TOKEN_ALGORITHMS.join(", ")}.`);
  }
  return { jwksUri, keys, unusable: all.length - keys.length };
}

/** OpenID Connect Discovery 1.0, section 4: the document must name the very issuer that was asked. */
async function discover(outbound: Outbound, issuer: string): Promise<string> {
  const url = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  const document = await getJson(outbound, url, "discovery document");
  if (document["issuer"] !== issuer) throw wrong("The discovery document names another issuer.");
  const { jwks_uri: jwksUri } = document;
  if (typeof jwksUri !== "string") throw wrong("The discovery document names no jwks_uri.");
  return jwksUri;
}

async function getJson(outbound: Outbound, url: string, what: string): Promise<Record<string, unknown>> {
  const answer = await outbound.call(url, CALL).catch((error: unknown) => {
    throw wrong(`The ${what} cannot be fetched: ${whyNot(error)}.`, error);
  });
  if (answer.status !== 200) throw wrong(`The ${what} is answered with status ${answer.status}.`);
  try {
    const value: unknown = JSON.parse(answer.text);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // said below
  }
  throw wrong(`The ${what} is not JSON.`);
}

function wrong(message: string, cause?: unknown): SluiceError {
  return new SluiceError("unavailable", message, { retryAfterSeconds: 30, cause });
}

const CAUSES: Readonly<Record<string, string>> = {
  ENOTFOUND: "there is no host of that name",
  EAI_AGAIN: "the name cannot be resolved now",
  ECONNREFUSED: "nothing listens there",
  ECONNRESET: "the connection was cut",
  CERT_HAS_EXPIRED: "its certificate has expired",
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is signed by itself",
  SELF_SIGNED_CERT_IN_CHAIN: "its certificate is signed by nobody known here",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its certificate is signed by nobody known here",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another name",
};

/** What kept a guarded call from being answered, in words; never what was sent or received. */
function whyNot(error: unknown): string {
  if (!(error instanceof SluiceError)) return "the call failed";
  const [field] = error.fields;
  if (field !== undefined) return `its address ${field.message}`;
  const cause = error.cause instanceof Error ? error.cause : null;
  if (cause === null) return "it does not answer as it should";
  const code = (cause as NodeJS.ErrnoException).code ?? "";
  if (cause.name === "TimeoutError" || cause.name === "AbortError" || code === "ABORT_ERR") {
    return `no answer within ${CALL.timeoutMs / 1000} seconds`;
  }
  if (cause.message === "The name leads into a private network.") {
    return "the name leads into a private network; name it in SLUICE_OUTBOUND_ALLOW to permit it";
  }
  if (cause.message === "The answer is too long.") return `the answer is longer than ${CALL.maxBytes} bytes`;
  return CAUSES[code] ?? "it does not answer as it should";
}

/** The algorithms that a public key can verify. */
export function algorithmsOf(key: JWK): TokenAlgorithm[] {
  const able = ableFor(key);
  return key.alg === undefined ? able : able.filter((name) => name === key.alg);
}

function ableFor({ kty, crv, n }: JWK): TokenAlgorithm[] {
  if (kty === "RSA")
    return Buffer.from(n ?? "", "base64url").length * 8 >= MIN_RSA_BITS ? ["RS256", "PS256"] : [];
  if (kty === "EC" && crv === "P-256") return ["ES256"];
  if (kty === "OKP" && crv === "Ed25519") return ["EdDSA"];
  return [];
}

function isUsable(value: unknown): value is JWK {
  if (typeof value !== "object" || value === null) return false;
  const key = value as JWK;
  if ("d" in key || "k" in key) return false;
  if (key.use !== undefined && key.use !== "sig") return false;
  return algorithmsOf(key).length > 0;
}
