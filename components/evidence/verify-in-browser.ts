import type { Verification } from "@/lib/evidence/report";

/** Verifies a pack in this browser, with the very program of the command line. Nothing leaves the computer. */
export async function verifyInBrowser(pack: Blob, publicKeyPem: string): Promise<Verification> {
  const [{ verifyPack }, { webHashing }, { stringify }] = await Promise.all([
    import("@/lib/evidence/verify"),
    import("@/lib/evidence/crypto-web"),
    import("csv-stringify/browser/esm/sync"),
  ]);
  const key = publicKeyPem.trim();
  return verifyPack(pack, {
    hashing: webHashing,
    stringify,
    ...(key ? { publicKeyPem: `${key}\n` } : {}),
  });
}
