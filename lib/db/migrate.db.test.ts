import { randomBytes } from "node:crypto";
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SluiceError } from "@/lib/errors";
import { schemaSql } from "@/scripts/schema-sql";
import { migrate } from "./migrate";

const MIGRATIONS = join(import.meta.dirname, "../../prisma/migrations");
const cluster = process.env["SLUICE_TEST_CLUSTER"] ?? "";
const databases: string[] = [];

async function query<T extends object>(url: string, sql: string, values: unknown[] = []): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql, values)).rows as T[];
  } finally {
    await client.end();
  }
}

async function emptyDatabase(): Promise<string> {
  const name = `migrate_${randomBytes(6).toString("hex")}`;
  await query(cluster, `CREATE DATABASE ${name}`);
  databases.push(name);
  return cluster.replace(/\/sluice$/, `/${name}`);
}

afterAll(async () => {
  for (const name of databases) await query(cluster, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
});

const USE_CASE = "00000000-0000-7000-8000-00000000000";
/**
 * Batches that were anchored on 1 November at 10:30: (1) a live one, (2) one over two hours of that morning, (3) one of
 * a month before, (4) one that was a millisecond too late. (5) is live and not anchored yet, beside one that was
 * told later. (6) is of the sample organisation, (7) only looks like it.
 */
const RECORDED_BEFORE = `
  INSERT INTO audit_entry (number, id, at, action, actor_kind, actor_id, actor_name, subject_kind, subject_id, detail, leaf_hash) VALUES
    (1, gen_random_uuid(), '2026-10-02T00:00:00Z', 'sample.loaded', 'job', 'sample', 'sample', 'installation', 'sample', '{}', ''),
    (2, gen_random_uuid(), '2026-11-01T10:30:00Z', 'decisions.anchored', 'job', 'anchor', 'anchor', 'decisions', '-', '{}', '');
  INSERT INTO decision_batch (id, use_case_id, first_at, last_at, n, digest, anchored_by)
  SELECT gen_random_uuid(), ('${USE_CASE}' || u)::uuid, f, l, 1, '', a FROM (VALUES
    (1, '2026-11-01T09:58:00Z'::timestamptz, '2026-11-01T09:59:59.999Z'::timestamptz, 2),
    (2, '2026-11-01T08:10:00Z', '2026-11-01T10:10:00Z', 2),
    (3, '2026-10-01T08:10:00Z', '2026-10-01T10:10:00Z', 2),
    (4, '2026-10-31T10:29:59.999Z', '2026-10-31T10:29:59.999Z', 2),
    (5, now(), now(), NULL),
    (5, now() - interval '9 days', now() - interval '9 days', NULL)) AS x(u, f, l, a);
  INSERT INTO series_hour (use_case_id, hour, outcome, would_be, shard, n, latency) VALUES
    ('${USE_CASE}6', '2026-10-05T12:00:00Z', 'allow', 'allow', 'sample/1', 3, '{}'),
    ('${USE_CASE}7', '2026-10-05T12:00:00Z', 'allow', 'allow', 'sample/late', 3, '{}');`;

/** What the catalogs say of the tables that Prisma knows: columns, indexes and keys, and the enums. */
async function describeCatalogs(url: string, tables: readonly string[]) {
  const columns = await query(
    url,
    `SELECT table_name, column_name, udt_name, is_nullable, column_default, datetime_precision
     FROM information_schema.columns WHERE table_schema = 'public' AND table_name = ANY($1) ORDER BY 1, 2`,
    [tables],
  );
  const indexes = await query(
    url,
    `SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = ANY($1) ORDER BY 1`,
    [tables],
  );
  const keys = await query(
    url,
    `SELECT conrelid::regclass::text AS "table", conname, pg_get_constraintdef(oid) AS definition
     FROM pg_constraint WHERE contype IN ('p', 'f', 'u') AND conrelid::regclass::text = ANY($1) ORDER BY 1, 2`,
    [tables.map((name) => name)],
  );
  const enums = await query(
    url,
    `SELECT typname, enumlabel FROM pg_enum JOIN pg_type ON pg_type.oid = enumtypid ORDER BY typname, enumsortorder`,
  );
  return { columns, indexes, keys, enums };
}

describe("migrations", () => {
  it("make what Prisma's schema says, table for table", async () => {
    const [bySchema, byMigrations] = [await emptyDatabase(), await emptyDatabase()];
    await query(bySchema, await schemaSql(bySchema));
    expect(await migrate(byMigrations)).not.toEqual([]);
    const tables = (
      await query<{ name: string }>(
        bySchema,
        `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`,
      )
    ).map(({ name }) => name);
    expect(tables.length).toBeGreaterThanOrEqual(20);
    const expected = await describeCatalogs(bySchema, tables);
    expect(expected.columns.length).toBeGreaterThan(100);
    expect(await describeCatalogs(byMigrations, tables)).toEqual(expected);
  });

  it("find the live hours of what was recorded before, by the instants at which batches were anchored", async () => {
    const url = await emptyDatabase();
    const directory = await mkdtemp(join(tmpdir(), "sluice-live-hours-"));
    const folders = (await readdir(MIGRATIONS)).sort();
    const at = folders.findIndex((name) => name.endsWith("_live_hour"));
    const take = (names: string[]) =>
      Promise.all(
        names.map((name) => cp(join(MIGRATIONS, name), join(directory, name), { recursive: true })),
      );
    try {
      await take(folders.slice(0, at));
      await migrate(url, directory);
      await query(url, RECORDED_BEFORE);
      await take(folders.slice(at, at + 1));
      expect(await migrate(url, directory)).toEqual([folders[at]]);
    } finally {
      await rm(directory, { recursive: true });
    }
    const rows = await query<{ use_case: string; hour: string }>(
      url,
      `SELECT right(use_case_id::text, 1) AS use_case, to_char(hour AT TIME ZONE 'UTC', 'MM-DD HH24') AS hour
       FROM live_hour WHERE use_case_id::text <> '${USE_CASE}5' ORDER BY 1, 2`,
    );
    expect(rows.map(({ use_case, hour }) => `${use_case} ${hour}`)).toEqual([
      "1 11-01 09",
      "2 11-01 08",
      "2 11-01 10",
      "6 10-05 12",
    ]);
    const unanchored = await query<{ n: number }>(
      url,
      `SELECT count(*)::int AS n FROM live_hour WHERE use_case_id = '${USE_CASE}5' AND hour > now() - interval '2 hours'`,
    );
    expect(unanchored).toEqual([{ n: 1 }]);
  });

  it("apply once, however many start at the same instant", async () => {
    const url = await emptyDatabase();
    const applied = await Promise.all([1, 2, 3, 4, 5].map(() => migrate(url)));
    expect(applied.filter((names) => names.length > 0)).toHaveLength(1);
    expect(await migrate(url)).toEqual([]);
    const rows = await query<{ n: number }>(url, `SELECT count(*)::int AS n FROM "_prisma_migrations"`);
    expect(rows).toEqual([{ n: applied.flat().length }]);
  });

  describe("of a folder", () => {
    let directory: string;
    beforeAll(async () => {
      directory = await mkdtemp(join(tmpdir(), "sluice-migrations-"));
    });
    afterAll(() => rm(directory, { recursive: true }));
    const write = async (name: string, sql: string) => {
      await mkdir(join(directory, name), { recursive: true });
      await writeFile(join(directory, name, "migration.sql"), sql);
    };

    it("leave nothing of one that fails, and refuse a history that was edited or is unknown", async () => {
      const url = await emptyDatabase();
      await write("1_good", "CREATE TABLE one (id int)");
      await write("2_bad", "CREATE TABLE two (id int); SELECT nonsense");
      await expect(migrate(url, directory)).rejects.toThrow(/nonsense/);
      const tables = await query(url, `SELECT tablename FROM pg_tables WHERE tablename IN ('one', 'two')`);
      expect(tables).toEqual([{ tablename: "one" }]);
      await write("2_bad", "CREATE TABLE two (id int)");
      expect(await migrate(url, directory)).toEqual(["2_bad"]);
      await write("1_good", "CREATE TABLE other (id int)");
      await expect(migrate(url, directory)).rejects.toThrow(SluiceError);
      await expect(migrate(url, directory)).rejects.toThrow("was changed after it was applied");
      await rm(join(directory, "1_good"), { recursive: true });
      await expect(migrate(url, directory)).rejects.toThrow("which this version does not know");
    });
  });
});

describe("the database itself", () => {
  let url: string;
  beforeAll(async () => {
    url = await emptyDatabase();
    await migrate(url);
    await query(
      url,
      `INSERT INTO person VALUES ('${ID}', 'a@example.com', 'Ann', NULL, now(), NULL), ('${OTHER}', 'b@example.com', 'Bob', NULL, now(), NULL);
       INSERT INTO use_case VALUES ('${ID}', 'one', 'One', '', '', '', 'low', 'public', 'production', '${ID}', now(), 1);
       INSERT INTO policy_version VALUES ('${ID}', '${ID}', 1, '{}', '', '', now(), NULL);
       INSERT INTO floor_version VALUES ('${ID}', 'public', 1, '{}', '', now());
       INSERT INTO setting_version VALUES ('${ID}', 'seats', 1, '{}', '', now());
       INSERT INTO audit_entry (number, id, at, action, actor_kind, actor_id, actor_name, subject_kind, subject_id, detail, leaf_hash)
         VALUES (1, '${ID}', now(), 'x', 'job', '-', '-', 'x', '-', '{}', '');
       INSERT INTO audit_checkpoint VALUES (1, '', '{}', now(), '', '');
       INSERT INTO change_request (id, subject, use_case_id, base_version, proposal, proposal_digest, direction, justification, status, requested_by_id, created_at)
         VALUES ('${ID}', 'policy', '${ID}', 1, '{}', '', 'equal', '', 'draft', '${ID}', now());
       INSERT INTO change_approval VALUES ('${ID}', '${ID}', '${OTHER}', 'security_lead', 1, 'approve', '', '', '', now());
       INSERT INTO change_comment VALUES ('${ID}', '${ID}', '${ID}', '', now());
       INSERT INTO policy_exception (id, use_case_id, controls, scope, justification, compensating_controls, category,
           risk_owner_id, business_owner_id, starts_at, expires_at, review_at, status, requested_by_id, created_at, terms_digest)
         VALUES ('${ID}', '${ID}', '{secrets}', '{}', repeat('x', 40), '', 'waiver', '${ID}', '${ID}', now(),
           now() + interval '2 days', now() + interval '1 day', 'draft', '${ID}', now(), '');
       INSERT INTO exception_review VALUES ('${ID}', '${ID}', '${ID}', '', now(), now(), now());`,
    );
  });

  const APPEND_ONLY = [
    "audit_entry",
    "audit_checkpoint",
    "policy_version",
    "floor_version",
    "setting_version",
    "change_approval",
    "change_comment",
    "exception_review",
  ];

  it.each(APPEND_ONLY)("refuses to update, delete or truncate %s", async (table) => {
    expect(await query(url, `SELECT 1 FROM ${table}`)).toHaveLength(1);
    const [column] = await query<{ name: string }>(
      url,
      `SELECT column_name AS name FROM information_schema.columns WHERE table_name = $1 ORDER BY ordinal_position LIMIT 1`,
      [table],
    );
    const refused = `${table} is append-only`;
    await expect(query(url, `UPDATE ${table} SET ${column?.name} = ${column?.name}`)).rejects.toThrow(
      refused,
    );
    await expect(query(url, `DELETE FROM ${table}`)).rejects.toThrow(refused);
    await expect(query(url, `TRUNCATE ${table} CASCADE`)).rejects.toThrow(/is append-only/);
    expect(await query(url, `SELECT 1 FROM ${table}`)).toHaveLength(1);
  });

  it("refuses an audit entry that leaves a gap, and a requester's approval", async () => {
    const entry = (number: number) =>
      query(
        url,
        `INSERT INTO audit_entry (number, id, at, action, actor_kind, actor_id, actor_name, subject_kind, subject_id, detail, leaf_hash)
         VALUES (${number}, gen_random_uuid(), now(), 'x', 'job', '-', '-', 'x', '-', '{}', '')`,
      );
    await expect(entry(3)).rejects.toThrow("audit entry 3 does not follow 1");
    await expect(entry(1)).rejects.toThrow("does not follow");
    await expect(
      query(
        url,
        `INSERT INTO change_approval VALUES (gen_random_uuid(), '${ID}', '${ID}', 'risk_owner', 1, 'approve', '', '', '', now())`,
      ),
    ).rejects.toThrow("may not approve their own change");
  });

  it("keeps decisions, facts and batches as they were recorded, in each partition", async () => {
    await query(
      url,
      `SELECT ensure_decision_partition('2026-03-02');
       SELECT ensure_decision_partition('2026-03-02');
       INSERT INTO fact VALUES ('${ID}', '\\x01', '{}', '2026-03-02T09:00Z');
       INSERT INTO decision_batch VALUES ('${ID}', '${ID}', '2026-03-02T09:00Z', '2026-03-02T09:00Z', 1, '\\x01', NULL);
       INSERT INTO decision VALUES ('${ID}', '${ID}', '2026-03-02T09:00Z', 'decision', '\\x01', 1, '\\x', 'allow', 'block',
         '[]', '{}', NULL, NULL, NULL, NULL, NULL, 1, '${ID}', 0, false, '{}');`,
    );
    for (const table of ["decision", "decision_20260302", "decision_batch", "fact"]) {
      const [name] = table.split("_2026");
      await expect(query(url, `UPDATE ${table} SET use_case_id = use_case_id`), table).rejects.toThrow(
        "append-only",
      );
      if (name === "fact") continue;
      await expect(query(url, `DELETE FROM ${table}`), table).rejects.toThrow("append-only");
      await expect(query(url, `TRUNCATE ${table}`), table).rejects.toThrow("append-only");
    }
    await expect(query(url, `UPDATE decision_batch SET anchored_by = 1, n = 2`)).rejects.toThrow(
      "anchored once",
    );
    await query(url, `UPDATE decision_batch SET anchored_by = 1`);
    for (const anchor of ["2", "NULL", "1"]) {
      await expect(query(url, `UPDATE decision_batch SET anchored_by = ${anchor}`)).rejects.toThrow(
        "anchored once",
      );
    }
    await query(url, `DROP TABLE decision_20260302`);
    expect(await query(url, `SELECT 1 FROM decision`)).toHaveLength(0);
  });

  it("keeps whose request it is and what was agreed to, and what is over", async () => {
    const change = (set: string) => query(url, `UPDATE change_request SET ${set}`);
    const exception = (set: string) => query(url, `UPDATE policy_exception SET ${set}`);
    await expect(change(`requested_by_id = '${OTHER}'`)).rejects.toThrow(
      "keeps its use case and its requester",
    );
    await change(`status = 'withdrawn', closed_at = now()`);
    await expect(change(`status = 'draft'`)).rejects.toThrow("is closed");
    await exception(`controls = '{secrets,prompt-attack}'`);
    await exception(`status = 'submitted', submitted_at = now()`);
    for (const set of [
      `controls = '{secrets}'`,
      `scope = '{"tools": ["x"]}'`,
      `expires_at = expires_at + interval '1 day'`,
      `business_owner_id = '${OTHER}'`,
      `requested_by_id = '${OTHER}'`,
      `terms_digest = 'another'`,
    ]) {
      await expect(exception(set), set).rejects.toThrow("do not change");
    }
    await exception(`review_at = review_at + interval '1 hour'`);
    await exception(`status = 'withdrawn'`);
    await expect(exception(`status = 'submitted'`)).rejects.toThrow("is over");
    for (const table of ["change_request", "policy_exception"]) {
      await expect(query(url, `DELETE FROM ${table}`)).rejects.toThrow(`${table} is append-only`);
      await expect(query(url, `TRUNCATE ${table} CASCADE`)).rejects.toThrow("is append-only");
    }
  });

  it("announces a change of what decision points hold when it commits", async () => {
    const version = async () =>
      (await query<{ n: string }>(url, `SELECT n FROM snapshot_version`)).map(({ n }) => Number(n))[0] ?? 0;
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const heard = new Promise<string | undefined>((done) => {
      client.on("notification", ({ payload }) => done(payload));
    });
    await client.query("LISTEN sluice_snapshot");
    const before = await version();
    await query(url, `UPDATE use_case SET name = 'Uno'`);
    expect(Number(await heard)).toBe(before + 1);
    expect(await version()).toBe(before + 1);
    await client.end();
  });
});

const ID = "01900000-0000-7000-8000-000000000001";
const OTHER = "01900000-0000-7000-8000-000000000002";
