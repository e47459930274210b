import pg from "pg";
import { SluiceError } from "@/lib/errors";

/** The connection string of the database; `unavailable` when DATABASE_URL is not set. */
export function databaseUrl(): string {
  const url = process.env["DATABASE_URL"];
  if (!url) throw new SluiceError("unavailable", "DATABASE_URL is not set.");
  return url;
}

/**
 * A pool of plain connections, for the decision stream. A connection that breaks is dropped, not fatal: idle, or in
 * hand between two queries (a query under way learns it by itself).
 */
export function createPool(url: string, max = 8): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max, connectionTimeoutMillis: 5_000 });
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  return pool;
}
