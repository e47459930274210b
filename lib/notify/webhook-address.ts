import type { Db } from "@/lib/db/prisma";
import { SluiceError } from "@/lib/errors";
import { ownOutbound } from "@/lib/net/own-outbound";

/** Throws `invalid` for an address that must not be called, or a use case that there is not. */
export async function assertDeliverable(
  db: Db,
  { url, useCases }: { url: string; useCases: readonly string[] },
): Promise<void> {
  ownOutbound().assertAllowed(url, "url");
  const known = await db.useCase.findMany({ where: { slug: { in: [...useCases] } }, select: { slug: true } });
  const slugs = new Set(known.map(({ slug }) => slug));
  const fields = useCases.flatMap((slug, index) =>
    slugs.has(slug) ? [] : [{ path: `useCases.${index}`, message: "there is no such use case" }],
  );
  if (fields.length > 0) throw new SluiceError("invalid", "Some fields are not valid.", { fields });
}
