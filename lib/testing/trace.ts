import type { Db } from "@/lib/db/prisma";

/** Every table of the database with how many rows it has and their digest: a refused command leaves it as it was. */
export async function traceOf(db: Db): Promise<unknown> {
  const tables = await db.$queryRaw<{ name: string }[]>`
    SELECT "table_name" AS "name" FROM "information_schema"."tables"
    WHERE "table_schema" = 'public' AND "table_type" = 'BASE TABLE' ORDER BY 1`;
  const digests = await Promise.all(
    tables.map(({ name }) =>
      db.$queryRawUnsafe(`SELECT count(*)::int AS n, md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) AS md5
        FROM "${name}" t`),
    ),
  );
  return tables.map(({ name }, index) => [name, digests[index]]);
}
