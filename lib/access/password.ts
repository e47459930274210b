import { hash, verify } from "@node-rs/argon2";

/** argon2id with the first recommended option of RFC 9106 that fits a shared machine: 64 MiB, 3 passes, 4 lanes. */
const OPTIONS = { memoryCost: 65_536, timeCost: 3, parallelism: 4 } as const;

/** Hashes a password with argon2id (the library's default algorithm); the result carries its own salt and cost. */
export function hashPassword(password: string): Promise<string> {
  return hash(password, OPTIONS);
}

let decoy: Promise<string> | undefined;

/** True when the password fits the hash. Without a hash it takes as long and says false: no name is given away. */
export async function passwordFits(password: string, passwordHash: string | null): Promise<boolean> {
  decoy ??= hashPassword("no such person");
  const fits = await verify(passwordHash ?? (await decoy), password);
  return fits && passwordHash !== null;
}
