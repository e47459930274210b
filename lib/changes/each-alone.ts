import { isUniqueViolation } from "@/lib/db/prisma";
import { SluiceError } from "@/lib/errors";

/**
 * What a job does to each of many, one after the other. One that somebody else was first at is left to the next turn;
 * one that fails keeps none of the others waiting: the first failure is thrown when all had their turn.
 */
export async function eachAlone<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const failures: unknown[] = [];
  for (const one of all) {
    await work(one).catch((error: unknown) => {
      if (!wasSecond(error)) failures.push(error);
    });
  }
  if (failures.length > 0) throw failures[0];
}

function wasSecond(error: unknown): boolean {
  return isUniqueViolation(error) || (error instanceof SluiceError && error.code === "conflict");
}
