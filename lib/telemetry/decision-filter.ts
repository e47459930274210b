import type { Db } from "@/lib/db/prisma";
import { Prisma } from "@/lib/db/prisma";
import { SluiceError } from "@/lib/errors";
import type { DecisionFilter } from "./schema";
import { inUseCases, scopeOf } from "./scope";

/** A place in the explorer's order: newest first, equal instants by id. */
export interface Place {
  decidedAt: Date;
  id: string;
}

/**
 * The `WHERE` of the explorer over `decision d`; null when nothing can fit, because no such facts were ever seen. What
 * is asked of the facts is looked up once, among the few distinct facts, and not for each decision.
 */
export async function filterSql(db: Db, filter: DecisionFilter): Promise<Prisma.Sql | null> {
  const useCaseId = await scopeOf(db, filter.useCase);
  const conditions: Prisma.Sql[] = [];
  if (useCaseId !== null) conditions.push(Prisma.sql`d."use_case_id" = ${useCaseId}::uuid`);
  if (filter.outcome) conditions.push(Prisma.sql`d."outcome" = ${filter.outcome}`);
  if (filter.wouldBe) conditions.push(Prisma.sql`d."would_be" = ${filter.wouldBe}`);
  if (filter.kind) conditions.push(Prisma.sql`d."kind" = ${filter.kind}`);
  if (filter.exempted) conditions.push(Prisma.sql`d."exceptions" <> '{}'`);
  if (filter.session) conditions.push(Prisma.sql`d."session_id" = ${filter.session}`);
  if (filter.control)
    conditions.push(Prisma.sql`d."findings" @> ${JSON.stringify([{ control: filter.control }])}::jsonb`);
  const digests = await findDigests(db, useCaseId, filter);
  if (digests?.length === 0) return null;
  if (digests) conditions.push(Prisma.sql`d."fact" = ANY (${byteaArray(digests)}::bytea[])`);
  return conditions.length === 0 ? Prisma.sql`true` : Prisma.join(conditions, " AND ");
}

/** A stretch of time, and after which decision. */
export function stretchSql({ from, to }: { from: Date; to: Date }, after: Place | null = null): Prisma.Sql {
  const stretch = Prisma.sql`d."decided_at" >= ${from} AND d."decided_at" < ${to}`;
  if (!after) return stretch;
  return Prisma.sql`${stretch} AND d."decided_at" <= ${after.decidedAt}
    AND (d."decided_at", d."id") < (${after.decidedAt}, ${after.id}::uuid)`;
}

/** The digests (hex) of the facts that the filter asks for; null when it asks for none in particular. */
async function findDigests(
  db: Db,
  useCaseId: string | null,
  filter: DecisionFilter,
): Promise<string[] | null> {
  const { workload, model, tool, dataClass, purpose, retrievalSource, destination } = filter;
  const wanted = JSON.stringify({ workload, model, tool, dataClass, purpose, retrievalSource });
  if (wanted === "{}" && destination === undefined) return null;
  const leadsThere = destination
    ? Prisma.sql`("facts" ->> 'destination' = ${destination} OR "facts" -> 'links' ? ${destination})`
    : Prisma.sql`true`;
  const rows = await db.$queryRaw<{ digest: string }[]>`
    SELECT DISTINCT encode("digest", 'hex') AS "digest" FROM "fact"
    WHERE ${inUseCases(useCaseId)} AND "facts" @> ${wanted}::jsonb AND ${leadsThere}`;
  return rows.map(({ digest }) => digest);
}

/** The array literal: as one parameter it is a constant to the planner, which then looks digests up by hash. */
function byteaArray(hex: readonly string[]): string {
  return `{${hex.map((digest) => `"\\\\x${digest}"`).join(",")}}`;
}

/** A place as the opaque text that a page hands on. */
export function toCursor(place: Place): string {
  return Buffer.from(`${place.decidedAt.toISOString()} ${place.id}`).toString("base64url");
}

/** The place behind a cursor; `invalid` when it is none of ours. */
export function fromCursor(cursor: string): Place {
  const match = /^(\S+Z) ([0-9a-f-]{36})$/.exec(Buffer.from(cursor, "base64url").toString("utf8"));
  const decidedAt = new Date(match?.[1] ?? "");
  if (!match?.[2] || Number.isNaN(decidedAt.getTime())) {
    throw new SluiceError("invalid", "This page of the list is not there; start from its beginning.", {
      fields: [{ path: "cursor", message: "is not a cursor of this list" }],
    });
  }
  return { decidedAt, id: match[2] };
}
