import { readFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { findEmbedded } from "@/lib/db/embedded";

/** Runs SQL on the installation's own PostgreSQL: for what only time would bring about. */
export async function sql(text: string, values: readonly unknown[] = []): Promise<void> {
  const directory = process.env["SLUICE_E2E_DATA"] ?? ".sluice";
  const { databasePassword } = JSON.parse(await readFile(join(directory, "secrets.json"), "utf8"));
  const url = await findEmbedded(join(directory, "postgres"), databasePassword);
  if (url === null) throw new Error(`No PostgreSQL runs in ${directory}.`);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(text, [...values]);
  } finally {
    await client.end();
  }
}

/** Moves the deadline of broken glass to now: a closed change never moves, so its guard looks away for a moment. */
export async function letReviewLapse(ref: string): Promise<void> {
  await sql(`ALTER TABLE "change_request" DISABLE TRIGGER "keeps_its_requester"`);
  await sql(`UPDATE "change_request" SET "review_due_at" = now() WHERE "ref" = $1`, [Number(ref.slice(4))]);
  await sql(`ALTER TABLE "change_request" ENABLE TRIGGER "keeps_its_requester"`);
}
