import type { Db, Tx } from "@/lib/db/prisma";
import { Prisma } from "@/lib/db/prisma";
import { SluiceError } from "@/lib/errors";
import type { UseCaseRef } from "@/lib/use-cases/views";

/** The use case with this slug; `not_found` otherwise. */
export async function getUseCaseRef(db: Db | Tx, slug: string): Promise<UseCaseRef> {
  const useCase = await db.useCase.findUnique({
    where: { slug },
    select: { id: true, slug: true, name: true, tier: true },
  });
  if (!useCase) throw new SluiceError("not_found", `There is no use case "${slug}".`);
  return useCase;
}

/** Its id, or null for all use cases. */
export async function scopeOf(db: Db | Tx, slug: string | undefined): Promise<string | null> {
  return slug === undefined ? null : (await getUseCaseRef(db, slug)).id;
}

/** Limits a table of the stream to one use case; null does not limit. */
export function inUseCases(useCaseId: string | null): Prisma.Sql {
  return useCaseId === null ? Prisma.sql`true` : Prisma.sql`"use_case_id" = ${useCaseId}::uuid`;
}
