import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PrismaPg } from "@prisma/adapter-pg";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";

const SCHEMA_DIR = join(import.meta.dirname, "../prisma/schema");

/**
 * The SQL that makes Prisma's schema from nothing, by the official engine's WebAssembly build: to author a
 * migration, and to test that schema and migrations agree. Needs no engine binary; the engine asks the
 * database at `connectionString` for its version only.
 */
export async function schemaSql(connectionString: string): Promise<string> {
  const entry = join(import.meta.dirname, "../node_modules/@prisma/schema-engine-wasm/schema_engine_bg.js");
  const engine = await import(entry);
  const module = await WebAssembly.compile(readFileSync(entry.replace(/\.js$/, ".wasm")));
  const instance = await WebAssembly.instantiate(module, { "./schema_engine_bg.js": engine });
  engine.__wbg_set_wasm(instance.exports);
  (instance.exports["__wbindgen_start"] as () => void)();

  const files = readdirSync(SCHEMA_DIR)
    .filter((name) => name.endsWith(".prisma"))
    .sort()
    .map((name) => ({ path: name, content: readFileSync(join(SCHEMA_DIR, name), "utf8") }));
  const adapter = bindMigrationAwareSqlAdapterFactory(new PrismaPg({ connectionString }));
  const schema = await engine.SchemaEngine.new(
    { datamodels: files.map((file) => [file.path, file.content]) },
    () => {},
    adapter,
  );
  const result = await schema.diff({
    from: { tag: "empty" },
    to: { tag: "schemaDatamodel", files },
    script: true,
    exitCode: null,
    shadowDatabaseUrl: null,
    filters: { externalTables: [], externalEnums: [] },
  });
  return result.stdout;
}

if (process.argv[1] === import.meta.filename)
  process.stdout.write(await schemaSql(process.env["DATABASE_URL"] ?? ""));
