import { createPublicKey } from "node:crypto";
import { describe, expect, it, vi } from "vitest";
import {
  deriveSigner,
  exportPublicKeyPem,
  installationSigner,
  keyIdOf,
  verifySignature,
} from "@/lib/audit/keys";

const SECRET = "a secret of an installation, long enough";
const bytes = Buffer.from("sluice.audit/v1\n0\n");

describe("the signing key", () => {
  it("is the same for the same secret, and another for another", () => {
    const signer = deriveSigner(SECRET);
    expect(deriveSigner(SECRET)).toMatchObject({ keyId: signer.keyId, publicKeyPem: signer.publicKeyPem });
    expect(deriveSigner(`${SECRET}!`).keyId).not.toBe(signer.keyId);
    expect(exportPublicKeyPem(SECRET)).toBe(signer.publicKeyPem);
  });

  it("is named by its public half alone", () => {
    const signer = deriveSigner(SECRET);
    expect(signer.keyId).toMatch(/^[0-9a-f]{16}$/);
    expect(keyIdOf(createPublicKey(signer.publicKeyPem))).toBe(signer.keyId);
  });

  it("never changes between releases", () => {
    expect(deriveSigner(SECRET).keyId).toBe("2592ac111376123e");
  });

  it("signs what only its own public key verifies", () => {
    const signature = deriveSigner(SECRET).sign(bytes);
    expect(signature).toHaveLength(64);
    expect(verifySignature(exportPublicKeyPem(SECRET), bytes, signature)).toBe(true);
    expect(verifySignature(exportPublicKeyPem(`${SECRET}!`), bytes, signature)).toBe(false);
    expect(verifySignature(exportPublicKeyPem(SECRET), Buffer.from("x"), signature)).toBe(false);
    expect(verifySignature(exportPublicKeyPem(SECRET), bytes, signature.subarray(1))).toBe(false);
  });

  it("of this installation comes from its secret in the environment", () => {
    vi.stubEnv("SLUICE_SECRET", SECRET);
    expect(installationSigner().keyId).toBe(deriveSigner(SECRET).keyId);
    vi.unstubAllEnvs();
  });

  it("is not derived from a short secret", () => {
    expect(() => deriveSigner("short")).toThrow(expect.objectContaining({ code: "invalid" }));
  });
});
