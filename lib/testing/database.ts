import { randomBytes } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll } from "vitest";
import { createPool } from "@/lib/db/pool";
import { createDb, type Db } from "@/lib/db/prisma";

export interface TestDatabase {
  url: string;
  db: Db;
  pool: pg.Pool;
}

/** A database of its own for a test file, cloned from the migrated template (about 45 ms) and dropped at the end. */
export function useTestDatabase(): TestDatabase {
  const cluster = process.env["SLUICE_TEST_CLUSTER"] ?? "";
  const name = `test_${randomBytes(6).toString("hex")}`;
  const holder = {} as TestDatabase;
  beforeAll(async () => {
    await onCluster(cluster, `CREATE DATABASE ${name} TEMPLATE sluice_template`);
    holder.url = cluster.replace(/\/sluice$/, `/${name}`);
    holder.db = createDb(holder.url);
    holder.pool = createPool(holder.url);
  });
  afterAll(async () => {
    await holder.db?.$disconnect();
    await holder.pool?.end();
    await onCluster(cluster, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  });
  return holder;
}

async function onCluster(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
