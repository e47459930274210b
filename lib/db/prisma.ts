import { PrismaPg } from "@prisma/adapter-pg";
import { Prisma, PrismaClient } from "./generated/client";

export type Db = PrismaClient;
export type Tx = Prisma.TransactionClient;
export { Prisma };

/** A Prisma client on its own pool of at most `max` connections. Its errors never repeat what a query carried. */
export function createDb(url: string, max = 10): Db {
  return new PrismaClient({
    adapter: new PrismaPg({ connectionString: url, max }),
    errorFormat: "minimal",
  });
}

/**
 * True when the database ended a transaction since another stood in its way (a deadlock, or a write that cannot be
 * serialised): nothing of it happened.
 */
export function isWriteConflict(error: unknown): boolean {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return false;
  return (
    error.code === "P2034" ||
    /\b(?:40001|40P01)\b|TransactionWriteConflict/.test(JSON.stringify(error.meta ?? {}))
  );
}

/** True when the error is a violated unique constraint. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2002";
}
