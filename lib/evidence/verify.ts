import { fromBase64, textOf } from "@/lib/evidence/bytes";
import { type PackHashing, type PublicKey, readPublicKey } from "@/lib/evidence/crypto";
import { tellDamage } from "@/lib/evidence/damage";
import {
  filesOf,
  MANIFEST,
  MANIFEST_SIGNATURE,
  type Manifest,
  manifestSchema,
  SCHEMA,
  SEAL_FILE,
} from "@/lib/evidence/format";
import { NamedDecisions } from "@/lib/evidence/named-decisions";
import { openZip, type PackEntry, PackFileReader } from "@/lib/evidence/pack-reader";
import { Report, type Verification } from "@/lib/evidence/report";
import type { Stringify } from "@/lib/evidence/tables";
import { verifyAudit, verifyCheckpoint } from "@/lib/evidence/verify-audit";
import { verifyChanges, verifyExceptions } from "@/lib/evidence/verify-changes";
import { PackBroken, VerifyContext } from "@/lib/evidence/verify-context";
import { verifyDecisions } from "@/lib/evidence/verify-decisions";
import { verifyRecords } from "@/lib/evidence/verify-records";
import { verifyReferences, verifyTables } from "@/lib/evidence/verify-references";
import { checkSeal } from "@/lib/evidence/verify-seal";

export interface VerifyOptions {
  hashing: PackHashing;
  /** csv-stringify's `stringify`, for Node or for browsers. */
  stringify: Stringify;
  /** The installation's public key in PEM; without it the pack's own is used, which proves only integrity. */
  publicKeyPem?: string;
}

/**
 * Verifies an evidence pack with nothing but its bytes and a public key, in Node (`fs.openAsBlob`) or in a
 * browser (`File`): every byte against the seal, every file against the signed manifest, every decision against
 * the digest of its batch, every batch against the audit entry that anchors it, every audit entry against the
 * signed tree head, CSV against JSONL, facts, policies, settings and changes against their digests, and what
 * people recorded against what it names. Reads in memory that does not grow with the number of decisions.
 * Never throws for what is in the pack. An unusable `publicKeyPem` throws a TypeError.
 */
export async function verifyPack(pack: Blob, options: VerifyOptions): Promise<Verification> {
  const report = new Report();
  const given = options.publicKeyPem;
  const files = await openZip(pack).catch(() => null);
  const key = given ? await readPublicKey(given, options.hashing) : await ownKey(files, options.hashing);
  if (given && !key) throw new TypeError("The given key is not an Ed25519 public key in PEM.");
  const { damage } = await checkSeal(pack, key, options.hashing, report);
  await tellDamage(pack, damage, options.hashing, report);
  const manifest = files ? await verifyContent(files, key, options, report) : null;
  if (!files) report.problem({ file: "zip", message: "It cannot be read as a ZIP file." });
  return {
    valid: report.problemCount === 0,
    problems: report.problems,
    problemCount: report.problemCount,
    checks: report.checks,
    keyId: key?.id ?? null,
    keyFrom: given ? "given" : "pack",
    about: manifest && {
      ref: manifest.ref,
      ...manifest.period,
      useCases: manifest.useCases,
      createdAt: manifest.createdAt,
    },
  };
}

async function contentOf(entry: PackEntry | undefined, hashing: PackHashing): Promise<Uint8Array | null> {
  if (!entry) return null;
  return new PackFileReader(entry, hashing).rest().catch(() => null);
}

function tryText(bytes: Uint8Array | null): string {
  try {
    return bytes ? textOf(bytes) : "";
  } catch {
    return "";
  }
}

async function ownKey(
  files: ReadonlyMap<string, PackEntry> | null,
  hashing: PackHashing,
): Promise<PublicKey | null> {
  return readPublicKey(tryText(await contentOf(files?.get("public-key.pem"), hashing)), hashing);
}

async function verifyContent(
  files: ReadonlyMap<string, PackEntry>,
  key: PublicKey | null,
  options: VerifyOptions,
  report: Report,
): Promise<Manifest | null> {
  if (!key) report.problem({ file: "public-key.pem", message: "It is not an Ed25519 public key in PEM." });
  const manifest = await verifyManifest(files, key, options.hashing, report);
  if (!manifest) return null;
  const readers = new Map<string, PackFileReader>();
  for (const { path } of manifest.files) {
    const entry = files.get(path);
    if (entry) readers.set(path, new PackFileReader(entry, options.hashing));
  }
  const context = new VerifyContext(manifest, report, options.hashing, options.stringify, readers);
  const isCurrent = manifest.schema === SCHEMA;
  await tryCheck(report, "checkpoint.json", async () => {
    const head = await verifyCheckpoint(context, key);
    const known = await verifyReferences(context);
    const claims = await verifyAudit(context, head);
    if (!isCurrent) return verifyDecisions(context, claims, known, new NamedDecisions());
    const records = await verifyRecords(context);
    await verifyDecisions(context, claims, known, records.named);
    records.named.finish(context);
    for (const [key, version] of known.versions) records.versions.set(key, version);
    await verifyChanges(context, records);
    await verifyExceptions(context, records);
  });
  if (!isCurrent) await tryCheck(report, "changes.jsonl", () => verifyTables(context));
  for (const listed of manifest.files) {
    await tryCheck(report, listed.path, async () => readers.get(listed.path)?.finish(listed, report));
  }
  return manifest;
}

/** Runs a check; what stops it (a ZIP entry that cannot be unpacked) is a problem, not an error. */
async function tryCheck(report: Report, file: string, check: () => Promise<unknown>): Promise<void> {
  try {
    await check();
  } catch (error) {
    if (error instanceof PackBroken) return;
    report.problem({ file, message: "It, or a file that it is checked with, cannot be unpacked." });
  }
}

async function verifyManifest(
  files: ReadonlyMap<string, PackEntry>,
  key: PublicKey | null,
  hashing: PackHashing,
  report: Report,
): Promise<Manifest | null> {
  const bytes = await contentOf(files.get(MANIFEST), hashing);
  const encoded = tryText(await contentOf(files.get(MANIFEST_SIGNATURE), hashing));
  const signature = fromBase64(encoded.replace(/\n$/, ""));
  if (key && !(bytes && signature && (await key.verify(bytes, signature)))) {
    report.problem({
      file: MANIFEST,
      message: `Its signature in ${MANIFEST_SIGNATURE} is not by key ${key.id}.`,
    });
  } else if (key) {
    report.checked("signature of the manifest");
  }
  const parsed = manifestSchema.safeParse(parseJson(tryText(bytes)));
  if (!parsed.success) {
    const at = parsed.error.issues[0]?.path.join(".") || "its top";
    report.problem({ file: MANIFEST, message: `It does not have the shape of the format at ${at}.` });
    return null;
  }
  compareFiles(files, parsed.data, key, report);
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function compareFiles(
  files: ReadonlyMap<string, PackEntry>,
  manifest: Manifest,
  key: PublicKey | null,
  report: Report,
): void {
  const listed = new Set<string>([
    ...manifest.files.map((file) => file.path),
    MANIFEST,
    MANIFEST_SIGNATURE,
    SEAL_FILE,
  ]);
  for (const path of files.keys()) {
    if (!listed.has(path)) report.problem({ file: path, message: "The manifest does not list this file." });
  }
  for (const path of new Set<string>([...listed, ...filesOf(manifest.schema)])) {
    if (!files.has(path)) report.problem({ file: path, message: "The pack does not have this file." });
    else if (!listed.has(path)) report.problem({ file: MANIFEST, message: `It does not list ${path}.` });
  }
  if (key && manifest.keyId !== key.id) {
    report.problem({ file: MANIFEST, message: `It names key ${manifest.keyId}, not ${key.id}.` });
  }
}
