import { randomBytes } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isSample } from "@/lib/access/installation";
import { databaseUrl } from "@/lib/db/pool";
import { createDb } from "@/lib/db/prisma";
import { createSetupToken } from "@/lib/people/setup";
import { loadSample } from "@/prisma/sample/load";
import { PEOPLE } from "@/prisma/sample/people";
import { say } from "./console-words";
import { loadingMark } from "./loading-mark";

interface Options {
  directory: string;
  sample: boolean;
  consoleUrl: string;
}

/**
 * Loads the sample organisation into an empty installation, or makes the one-time link for its first admin.
 * Returns what to print about who can sign in.
 */
export async function prepareInstallation({ directory, sample, consoleUrl }: Options): Promise<string> {
  const db = createDb(databaseUrl(), 4);
  try {
    const token = sample ? null : await createSetupToken(db, new Date());
    if (token)
      return `\n  Make the first admin (once, within 24 hours):\n  ${consoleUrl}/setup?token=${token}\n`;
    const file = join(directory, "sample-people.json");
    if (sample && (await db.person.count()) === 0) {
      const passwords = newPasswords();
      // Before the load: a start that is cut off in the middle must not leave people whose passwords nobody knows.
      await writeFile(file, JSON.stringify(passwords, null, 2), { mode: 0o600 });
      await writeFile(loadingMark(directory), "");
      say("Loading the sample organisation …");
      await loadSample({ db, url: databaseUrl(), now: new Date(), passwords, say });
      await rm(loadingMark(directory));
    }
    if (!(await isSample(db))) return "";
    const passwords = await readFile(file, "utf8").then(
      (text) => JSON.parse(text) as Record<string, string>,
      () => ({}),
    );
    const lines = Object.entries(passwords).map(([email, password]) => `    ${email.padEnd(32)} ${password}`);
    return `\n  Sample people and their passwords (kept in ${file}):\n${lines.join("\n")}\n`;
  } finally {
    await db.$disconnect();
  }
}

function newPasswords(): Record<string, string> {
  const given = process.env["SLUICE_SAMPLE_PASSWORD"];
  return Object.fromEntries(
    PEOPLE.filter((person) => person.signsIn).map(({ email }) => [
      email,
      given ?? randomBytes(9).toString("base64url"),
    ]),
  );
}
