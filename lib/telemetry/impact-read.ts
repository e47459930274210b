import type { Db, Tx } from "@/lib/db/prisma";
import { type PolicyDocument, policyDocumentSchema } from "@/lib/policy/document";
import type { Facts } from "@/lib/policy/facts";
import { effectiveDocument } from "@/lib/policy/lattice";
import { ceilHour, floorHour } from "./rules";

/** A window of recorded traffic, as it is read. */
export interface Span {
  useCaseId: string;
  /** Start, the instants within at which the set of exceptions in force changes, end; sorted. */
  bounds: readonly Date[];
  /** The whole hours of the window. */
  from: Date;
  to: Date;
  /** Hours that a bound falls into, other than at their start: these are read decision by decision. */
  cut: readonly Date[];
}

export function spanOf(useCaseId: string, from: Date, to: Date, turns: readonly Date[]): Span {
  const bounds = [from, ...turns, to];
  const hours = bounds.map(floorHour).filter((hour, index) => hour.getTime() !== bounds[index]?.getTime());
  const cut = [...new Set(hours.map(Number))].map((hour) => new Date(hour));
  return { useCaseId, bounds, from: ceilHour(from), to: floorHour(to), cut };
}

/** Decisions on one fact under one policy version. */
export interface Total {
  /** Hex. */
  fact: string;
  version: number;
  n: number;
  /** The newest hour that counts any of them. */
  newest: Date;
}

/** In the whole hours that are not cut, one sum for each fact and version. */
export function readTotals(db: Db | Tx, { useCaseId, from, to, cut }: Span): Promise<Total[]> {
  return db.$queryRaw<Total[]>`
    SELECT encode("fact", 'hex') AS "fact", "policy_version" AS "version", sum("n")::float8 AS "n", max("hour") AS "newest"
    FROM "decision_hour"
    WHERE "use_case_id" = ${useCaseId}::uuid AND "hour" >= ${from} AND "hour" < ${to}
      AND "hour" <> ALL (${cut}::timestamptz[])
    GROUP BY "decision_hour"."fact", "policy_version"`;
}

/** The decisions among them that were made between two bounds. */
export interface PartTotal extends Total {
  /** The place of the later bound. */
  part: number;
}

/** The same of some facts, one sum between each two bounds. */
export async function readParts(
  db: Db | Tx,
  { useCaseId, bounds, from, to, cut }: Span,
  facts: readonly string[],
): Promise<PartTotal[]> {
  if (facts.length === 0) return [];
  return db.$queryRaw<PartTotal[]>`
    SELECT encode("fact", 'hex') AS "fact", "policy_version" AS "version",
      width_bucket("hour", ${bounds}::timestamptz[]) AS "part", sum("n")::float8 AS "n", max("hour") AS "newest"
    FROM "decision_hour"
    WHERE "use_case_id" = ${useCaseId}::uuid AND "hour" >= ${from} AND "hour" < ${to}
      AND "hour" <> ALL (${cut}::timestamptz[])
      AND "fact" IN (SELECT decode(d, 'hex') FROM unnest(${facts}::text[]) AS d)
    GROUP BY "decision_hour"."fact", "policy_version", 3`;
}

/** Which way the decisions on one fact under one version flip. */
export interface Ways {
  fact: string;
  version: number;
  /** A letter for each part of the window, in the order of time: stricter, looser, or neither (`-`). */
  ways: string;
}

/**
 * How many decisions of the whole hours that are not cut flip, by hour and way. Facts and versions are joined as one key:
 * PostgreSQL knows that a grouped column is unique, and of two unnested ones it guesses so badly that it sorts all hours.
 */
export async function readFlips(
  db: Db | Tx,
  { useCaseId, bounds, from, to, cut }: Span,
  flips: readonly Ways[],
): Promise<{ hour: Date; way: "s" | "l" | "-"; n: number }[]> {
  if (flips.length === 0) return [];
  return db.$queryRaw`
    SELECT h."hour", substr(w."ways", width_bucket(h."hour", ${bounds}::timestamptz[]), 1) AS "way", sum(h."n")::float8 AS "n"
    FROM "decision_hour" h
    JOIN (SELECT decode(f, 'hex') || int4send(v) AS "key", max(s) AS "ways"
      FROM unnest(${flips.map(({ fact }) => fact)}::text[], ${flips.map(({ version }) => version)}::int[],
        ${flips.map(({ ways }) => ways)}::text[]) AS flips(f, v, s)
      GROUP BY 1) w ON h."fact" || int4send(h."policy_version") = w."key"
    WHERE h."use_case_id" = ${useCaseId}::uuid AND h."hour" >= ${from} AND h."hour" < ${to}
      AND h."hour" <> ALL (${cut}::timestamptz[])
    GROUP BY h."hour", 2`;
}

/**
 * The hours that are cut, decision by decision, each between two bounds by itself; `lost` are those that the hours count
 * but of which no row is left.
 */
export async function readCutHours(db: Db | Tx, span: Span): Promise<{ rows: PartTotal[]; lost: number }> {
  const { useCaseId, bounds, cut } = span;
  if (cut.length === 0) return { rows: [], lost: 0 };
  const rows = await db.$queryRaw<PartTotal[]>`
    SELECT encode(d."fact", 'hex') AS "fact", d."policy_version" AS "version",
      width_bucket(d."decided_at", ${bounds}::timestamptz[]) AS "part", h."hour" AS "newest", count(*)::float8 AS "n"
    FROM unnest(${cut}::timestamptz[]) AS h("hour")
    JOIN "decision" d ON d."use_case_id" = ${useCaseId}::uuid
      AND d."decided_at" >= h."hour" AND d."decided_at" < h."hour" + interval '1 hour'
    GROUP BY d."fact", d."policy_version", 3, h."hour"`;
  const [counted] = await db.$queryRaw<{ n: number }[]>`
    SELECT coalesce(sum("n"), 0)::float8 AS "n" FROM "decision_hour"
    WHERE "use_case_id" = ${useCaseId}::uuid AND "hour" = ANY (${cut}::timestamptz[])`;
  const lost = Math.max(0, (counted?.n ?? 0) - rows.reduce((sum, { n }) => sum + n, 0));
  return { rows: rows.filter(({ part }) => part >= 1 && part < bounds.length), lost };
}

/** Facts by digest (hex). */
export async function readFacts(
  db: Db | Tx,
  useCaseId: string,
  digests: Iterable<string>,
): Promise<Map<string, Facts>> {
  const rows = await db.$queryRaw<{ digest: string; facts: Facts }[]>`
    SELECT encode("digest", 'hex') AS "digest", "facts" FROM "fact"
    WHERE "use_case_id" = ${useCaseId}::uuid
      AND "digest" IN (SELECT decode(d, 'hex') FROM unnest(${[...new Set(digests)]}::text[]) AS d)`;
  return new Map(rows.map(({ digest, facts }) => [digest, facts]));
}

/** Every version of the use case's policy, joined with the floor, by number: under what decisions were recorded. */
export async function readRecordedDocuments(
  db: Db | Tx,
  useCaseId: string,
  floor: PolicyDocument | null,
): Promise<Map<number, PolicyDocument>> {
  const versions = await db.policyVersion.findMany({
    where: { useCaseId },
    select: { number: true, document: true },
  });
  return new Map(
    versions.map(({ number, document }) => [
      number,
      effectiveDocument(policyDocumentSchema.parse(document), floor),
    ]),
  );
}
