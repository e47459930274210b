import type { z } from "zod";
import { createMerkle, type Merkle } from "@/lib/audit/merkle";
import { textOf, utf8 } from "@/lib/evidence/bytes";
import type { PackHashing } from "@/lib/evidence/crypto";
import { type Counter, type Counts, FIRST_SCHEMA, type Manifest, type PackFile } from "@/lib/evidence/format";
import { type Line, LineReader, type PackFileReader, TextComparer } from "@/lib/evidence/pack-reader";
import type { Report } from "@/lib/evidence/report";
import { csvHeader, csvText, type Row, type Stringify, type Table } from "@/lib/evidence/tables";
import { canonicalJson } from "@/lib/policy/canonical";

/** What the checks of a pack share. */
export class VerifyContext {
  readonly manifest: Manifest;
  readonly report: Report;
  readonly hashing: PackHashing;
  readonly merkle: Merkle;
  readonly stringify: Stringify;
  readonly #files: ReadonlyMap<string, PackFileReader>;

  constructor(
    manifest: Manifest,
    report: Report,
    hashing: PackHashing,
    stringify: Stringify,
    files: ReadonlyMap<string, PackFileReader>,
  ) {
    this.manifest = manifest;
    this.report = report;
    this.hashing = hashing;
    this.merkle = createMerkle(hashing.sha256);
    this.stringify = stringify;
    this.#files = files;
  }

  /** A file that the manifest lists; throws `PackBroken` when the pack has none. */
  file(path: PackFile): PackFileReader {
    const file = this.#files.get(path);
    if (!file) throw new PackBroken();
    return file;
  }

  lines(path: PackFile): LineReader {
    return new LineReader(this.file(path));
  }

  csv(table: Table): CsvCheck {
    return new CsvCheck(this, table);
  }

  /** Parses a row; null, and a problem told, when it is not canonical JSON of that shape. */
  row<S extends z.ZodType>(path: PackFile, line: Line, schema: S): z.infer<S> | null {
    const bad = (message: string): null => {
      this.report.problem({ file: path, row: line.row, offset: line.offset, message });
      return null;
    };
    let value: unknown;
    let text: string;
    try {
      text = textOf(line.bytes);
      value = JSON.parse(text);
    } catch {
      return bad("The row is not JSON.");
    }
    if (!isCanonical(value, text)) return bad("The row is not canonical JSON.");
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    const at = parsed.error.issues[0]?.path.join(".") || "the row";
    return bad(`The row does not have the shape of the format at ${at}.`);
  }

  /** Reads every row of a file, and tells how many there are. */
  async eachRow<S extends z.ZodType>(
    path: PackFile,
    schema: S,
    visit: (row: z.infer<S>, line: Line) => void | Promise<void>,
  ): Promise<number> {
    const lines = this.lines(path);
    let rows = 0;
    for (let line = await lines.next(); line; line = await lines.next()) {
      rows += 1;
      const row = this.row(path, line, schema);
      if (row !== null) await visit(row, line);
    }
    return rows;
  }

  /** Compares a counted number of rows with the manifest. */
  count(path: PackFile, counter: Counter, rows: number): void {
    const counts: Partial<Counts> = this.manifest.counts;
    const listed = counts[counter];
    if (rows === listed) return;
    this.report.problem({ file: path, message: `It has ${rows} rows, the manifest says ${listed}.` });
  }
}

/** A check cannot go on; what is wrong has been told. */
export class PackBroken extends Error {}

function isCanonical(value: unknown, text: string): boolean {
  try {
    return canonicalJson(value) === text;
  } catch {
    return false;
  }
}

const CSV_ROWS = 500;

/** Checks that a CSV file is what its JSONL rows give. Tells the first difference only. */
class CsvCheck {
  readonly #context: VerifyContext;
  readonly #table: Table;
  readonly #comparer: TextComparer;
  #held: Row[] = [];
  #rows = 0;
  #started = false;
  #differed = false;

  constructor(context: VerifyContext, table: Table) {
    this.#context = context;
    this.#table = table;
    this.#comparer = new TextComparer(context.file(`${table}.csv`));
  }

  async add(row: Row): Promise<void> {
    this.#held.push(row);
    if (this.#held.length >= CSV_ROWS) await this.#compare();
  }

  async finish(): Promise<void> {
    await this.#compare();
    const trailing = this.#differed ? null : await this.#comparer.trailing();
    if (trailing !== null) this.#problem(trailing, "There is more than the rows of the JSONL file.");
    if (!this.#differed) this.#context.report.checked("rows of CSV files against JSONL", this.#rows);
  }

  async #compare(): Promise<void> {
    const { stringify } = this.#context;
    const first = this.#context.manifest.schema === FIRST_SCHEMA;
    const header = this.#started ? "" : csvHeader(stringify, this.#table, first);
    this.#started = true;
    const text = header + csvText(stringify, this.#table, this.#held, first);
    this.#rows += this.#held.length;
    this.#held = [];
    if (this.#differed || text === "") return;
    const at = await this.#comparer.differs(utf8(text));
    if (at !== null) this.#problem(at, `It is not what ${this.#table}.jsonl gives.`);
  }

  #problem(offset: number, message: string): void {
    this.#differed = true;
    this.#context.report.problem({ file: `${this.#table}.csv`, offset, message });
  }
}
