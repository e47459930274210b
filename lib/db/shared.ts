import { databaseUrl } from "./pool";
import { createDb, type Db } from "./prisma";

const holder = globalThis as { sluiceDb?: Db };

/** The one Prisma client of this process, on DATABASE_URL; made when first asked for. */
export function sharedDb(): Db {
  holder.sluiceDb ??= createDb(databaseUrl());
  return holder.sluiceDb;
}
