import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SluiceError } from "@/lib/errors";

export interface Secrets {
  secret: string;
  databasePassword: string;
}

/**
 * The installation's secrets: SLUICE_SECRET where it is set, else made once and kept in the data folder, readable by
 * its owner only. With a database of one's own the secret must be given: it has to outlive this folder.
 */
export async function loadSecrets(directory: string, ownDatabase: boolean): Promise<Secrets> {
  const given = process.env["SLUICE_SECRET"];
  if (given !== undefined && given.length < 32) {
    throw new SluiceError(
      "unavailable",
      "SLUICE_SECRET needs at least 32 characters, such as from: openssl rand -base64 32",
    );
  }
  if (ownDatabase && given === undefined) {
    throw new SluiceError(
      "unavailable",
      "with DATABASE_URL, SLUICE_SECRET must be set too: evidence is signed with a key made from it. Make one with: openssl rand -base64 32",
    );
  }
  await mkdir(directory, { recursive: true });
  const file = join(directory, "secrets.json");
  const kept = await readFile(file, "utf8").then(
    (text) => JSON.parse(text) as Secrets,
    () => null,
  );
  const secrets = kept ?? {
    secret: randomBytes(32).toString("base64url"),
    databasePassword: randomBytes(18).toString("base64url"),
  };
  if (kept === null && !ownDatabase) await writeFile(file, JSON.stringify(secrets), { mode: 0o600 });
  return { ...secrets, secret: given ?? secrets.secret };
}
