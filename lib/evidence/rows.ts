import type { PoolClient, QueryResultRow } from "pg";

/** What of the database a pack is about, and the connection that holds its snapshot. */
export interface PackScope {
  client: PoolClient;
  /** Another connection on the same snapshot, for reading while `client` stands in a cursor. */
  second: PoolClient;
  from: Date;
  to: Date;
  /** Entries of the audit log that the signed head covers. */
  size: number;
  /** As asked for; empty means every use case. */
  slugs: readonly string[];
  /** Ids by slug, of the use cases that are meant. */
  useCases: ReadonlyMap<string, string>;
}

export async function rowsOf<T extends QueryResultRow>(
  client: PoolClient,
  text: string,
  values: unknown[] = [],
): Promise<T[]> {
  return (await client.query<T>(text, values)).rows;
}

/** An instant column as ISO 8601 UTC with milliseconds, in SQL. */
export function iso(column: string): string {
  return `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

/** A joined person as `{ id, name }`, in SQL; null where there is none, as when a safeguard asked. */
export function person(alias: string): string {
  return `CASE WHEN ${alias}.id IS NOT NULL THEN jsonb_build_object('id', ${alias}.id, 'name', ${alias}.name) END`;
}

let cursors = 0;

/** Reads a query by a cursor, `size` rows at a time; the next ones are fetched while these are used. */
export async function* fetchBy<T extends QueryResultRow>(
  client: PoolClient,
  size: number,
  text: string,
  values: unknown[] = [],
): AsyncGenerator<T[]> {
  cursors += 1;
  const name = `pack_${cursors}`;
  await client.query(`DECLARE ${name} NO SCROLL CURSOR FOR ${text}`, values);
  const fetch = () => rowsOf<T>(client, `FETCH ${size} FROM ${name}`);
  let next = fetch();
  for (;;) {
    const rows = await next;
    if (rows.length === 0) break;
    next = fetch();
    next.catch(() => {});
    yield rows;
  }
  await client.query(`CLOSE ${name}`);
}
