import {
  createHash,
  createPrivateKey,
  createPublicKey,
  hkdfSync,
  type KeyObject,
  sign,
  verify,
} from "node:crypto";
import { deriveKey } from "@/lib/access/keys";
import { SluiceError } from "@/lib/errors";

/** Signs checkpoints and evidence packs. */
export interface Signer {
  /** The first 16 hexadecimal digits of SHA-256 over the public key (SPKI, DER). */
  readonly keyId: string;
  /** The public key as PEM, the way an auditor gets it. */
  readonly publicKeyPem: string;
  /** Ed25519 signature, 64 bytes. */
  sign(bytes: Uint8Array): Buffer;
}

const INFO = "sluice audit signing key v1";
/** A PKCS #8 Ed25519 private key is this prefix (RFC 8410 section 7) and a 32-byte seed. */
const PKCS8_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");
const MIN_SECRET_LENGTH = 32;

/** The id of an Ed25519 public key: the first 16 hexadecimal digits of SHA-256 over its SPKI DER. */
export function keyIdOf(publicKey: KeyObject): string {
  const der = publicKey.export({ type: "spki", format: "der" });
  return createHash("sha256").update(der).digest("hex").slice(0, 16);
}

/**
 * The signing key of an installation, derived from its secret by HKDF-SHA256 (RFC 5869), so that console, jobs
 * and command line share it and nothing else has to be kept. Throws `invalid` when the secret is shorter than
 * 32 characters. Changing the secret changes the key; what was signed before stays verifiable with the old
 * public key only.
 */
export function deriveSigner(secret: string): Signer {
  if (secret.length < MIN_SECRET_LENGTH) {
    throw new SluiceError("invalid", `SLUICE_SECRET must have at least ${MIN_SECRET_LENGTH} characters.`);
  }
  return signerOf(Buffer.from(hkdfSync("sha256", secret, Buffer.alloc(0), INFO, 32)));
}

/** The signing key of this installation, from SLUICE_SECRET; `unavailable` when that is missing or too short. */
export function installationSigner(): Signer {
  return signerOf(deriveKey(INFO));
}

function signerOf(seed: Buffer): Signer {
  const key = Buffer.concat([PKCS8_PREFIX, seed]);
  const privateKey = createPrivateKey({ key, format: "der", type: "pkcs8" });
  const publicKey = createPublicKey(privateKey);
  return {
    keyId: keyIdOf(publicKey),
    publicKeyPem: publicKey.export({ type: "spki", format: "pem" }).toString(),
    sign: (bytes) => sign(null, bytes, privateKey),
  };
}

/** The public key of an installation as PEM. */
export function exportPublicKeyPem(secret: string): string {
  return deriveSigner(secret).publicKeyPem;
}

/** Whether an Ed25519 signature holds. False, never an error, for a signature of the wrong shape. */
export function verifySignature(publicKeyPem: string, bytes: Uint8Array, signature: Uint8Array): boolean {
  return verify(null, bytes, createPublicKey(publicKeyPem), signature);
}
