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

/** True when the error is a violated unique constraint. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2002";
}
