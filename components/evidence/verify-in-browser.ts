import type { Verification } from "@/lib/evidence/report";

/** Fetches the verifier ahead, so that verifying needs no connection. */
export async function loadVerifier() {
  const [{ verifyPack }, { webHashing }, { stringify }] = await Promise.all([
    import("@/lib/evidence/verify"),
    import("@/lib/evidence/crypto-web"),
    import("csv-stringify/browser/esm/sync"),
  ]);
  return { verifyPack, options: { hashing: webHashing, stringify } };
}

/** Verifies a pack in this browser, with the very program of the command line. Nothing leaves the computer. */
export async function verifyInBrowser(pack: Blob, publicKeyPem: string): Promise<Verification> {
  const { verifyPack, options } = await loadVerifier();
  const key = publicKeyPem.trim();
  return verifyPack(pack, { ...options, ...(key ? { publicKeyPem: `${key}\n` } : {}) });
}
