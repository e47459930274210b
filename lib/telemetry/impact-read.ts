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
}

/** In the whole hours that are not cut, one sum for each fact and version. */
export function readTotals(db: Db | Tx, { useCaseId, from, to, cut }: Span): Promise<Total[]> {
  return db.$queryRaw<Total[]>`
    SELECT encode("fact", 'hex') AS "fact", "policy_version" AS "version", sum("n")::float8 AS "n"
    FROM "decision_hour"
    WHERE "use_case_id" = ${useCaseId}::uuid AND "hour" >= ${from} AND "hour" < ${to}
      AND "hour" <> ALL (${cut}::timestamptz[])
    GROUP BY "decision_hour"."fact", "policy_version"`;
}

/** The same of some facts, hour by hour. */
export interface HourCounts {
  fact: string;
  version: number;
  /** Eight bytes for each hour and shard, in no order: `eachHour` takes them apart. */
  packed: Uint8Array;
}

const COUNT_BITS = 40;

/** A million hours cost eight megabytes as bytes; as rows or arrays they cost most of the time of an impact. */
export async function readHours(
  db: Db | Tx,
  { useCaseId, from, to, cut }: Span,
  facts: readonly string[],
): Promise<HourCounts[]> {
  if (facts.length === 0) return [];
  return db.$queryRaw<HourCounts[]>`
    SELECT encode("fact", 'hex') AS "fact", "policy_version" AS "version",
      string_agg(int8send(((date_part('epoch', "hour" - ${from}::timestamptz)::int8 / 3600) << ${COUNT_BITS}::int) | "n"), '') AS "packed"
    FROM "decision_hour"
    WHERE "use_case_id" = ${useCaseId}::uuid AND "hour" >= ${from} AND "hour" < ${to}
      AND "hour" <> ALL (${cut}::timestamptz[])
      AND "fact" IN (SELECT decode(d, 'hex') FROM unnest(${facts}::text[]) AS d)
    GROUP BY "decision_hour"."fact", "policy_version"`;
}

/** Calls with each hour (0 is the first whole one of the window) and the decisions of one shard in it. */
export function eachHour(packed: Uint8Array, call: (hour: number, n: number) => void): void {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  for (let at = 0; at < packed.byteLength; at += 8) {
    const high = view.getUint32(at);
    call(high >>> (COUNT_BITS - 32), (high & 0xff) * 2 ** 32 + view.getUint32(at + 4));
  }
}

/** Decisions on one fact in one hour that is cut, between two bounds. */
export interface CutRow extends Total {
  /** The place of the later bound. */
  part: number;
  hour: Date;
}

/**
 * The hours that are cut, decision by decision; `lost` are those that the hours count but of which no row is left.
 */
export async function readCutHours(db: Db | Tx, span: Span): Promise<{ rows: CutRow[]; lost: number }> {
  const { useCaseId, bounds, cut } = span;
  if (cut.length === 0) return { rows: [], lost: 0 };
  const rows = await db.$queryRaw<CutRow[]>`
    SELECT encode(d."fact", 'hex') AS "fact", d."policy_version" AS "version",
      width_bucket(d."decided_at", ${bounds}::timestamptz[]) AS "part", h."hour", count(*)::float8 AS "n"
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
