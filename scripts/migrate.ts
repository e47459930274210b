import { migrate } from "@/lib/db/migrate";
import { databaseUrl } from "@/lib/db/pool";
import { SluiceError } from "@/lib/errors";

/** Brings the database of DATABASE_URL up to date, for whoever runs the processes apart. */
try {
  const applied = await migrate(databaseUrl());
  console.log(applied.length > 0 ? `Applied ${applied.join(", ")}.` : "Nothing to apply.");
} catch (error) {
  console.error(error instanceof SluiceError ? error.message : error);
  process.exit(1);
}
