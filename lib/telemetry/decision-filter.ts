import type { Db } from "@/lib/db/prisma";
import { Prisma } from "@/lib/db/prisma";
import { SluiceError } from "@/lib/errors";
import type { DecisionFilter } from "./schema";
import { scopeOf } from "./scope";

/** A place in the explorer's order: newest first, equal instants by id. */
export interface Place {
  decidedAt: Date;
  id: string;
}

/** The `WHERE` of the explorer over `DECISION_TABLES`; `after` is the last decision of the page before. */
export async function filterSql(db: Db, filter: DecisionFilter, after: Place | null): Promise<Prisma.Sql> {
  const useCaseId = await scopeOf(db, filter.useCase);
  const facts: [string, string | undefined][] = [
    ["workload", filter.workload],
    ["model", filter.model],
    ["tool", filter.tool],
    ["dataClass", filter.dataClass],
  ];
  const wanted = Object.fromEntries(facts.filter(([, value]) => value !== undefined));
  const conditions = [
    Prisma.sql`d."decided_at" >= ${filter.from}`,
    Prisma.sql`d."decided_at" < ${filter.to}`,
  ];
  if (useCaseId !== null) conditions.push(Prisma.sql`d."use_case_id" = ${useCaseId}::uuid`);
  if (filter.outcome) conditions.push(Prisma.sql`d."outcome" = ${filter.outcome}`);
  if (filter.wouldBe) conditions.push(Prisma.sql`d."would_be" = ${filter.wouldBe}`);
  if (filter.kind) conditions.push(Prisma.sql`d."kind" = ${filter.kind}`);
  if (filter.session) conditions.push(Prisma.sql`d."session_id" = ${filter.session}`);
  if (filter.control)
    conditions.push(Prisma.sql`d."findings" @> ${JSON.stringify([{ control: filter.control }])}::jsonb`);
  if (Object.keys(wanted).length > 0)
    conditions.push(Prisma.sql`f."facts" @> ${JSON.stringify(wanted)}::jsonb`);
  if (after)
    conditions.push(
      Prisma.sql`d."decided_at" <= ${after.decidedAt}`,
      Prisma.sql`(d."decided_at", d."id") < (${after.decidedAt}, ${after.id}::uuid)`,
    );
  return Prisma.join(conditions, " AND ");
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
