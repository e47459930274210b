import { mkdir, open, readdir, rename, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { Item } from "./commit";
import { claimName, type KeptAnswer } from "./idempotency";
import { isAlive, ownMark } from "./process-alive";
import { frameOf, readFrame, SPOOL_MAGIC, scanFile } from "./spool-file";
import { parseRecord, readRecords, type Segment, type SpoolRecord } from "./spool-segment";

/** The oldest records of a spool. `done` forgets them; to be called once they are in the database. */
export interface OldestRecords {
  records: SpoolRecord[];
  done(): Promise<void>;
}

export interface SpoolOptions {
  /** Folder of all spools of an installation. */
  directory: string;
  /** Of the decision point; its files stand in a folder of that name. */
  name: string;
  /** Bytes on the disk at most; an append beyond fails. */
  maxBytes: number;
  /** Bytes after which a new file is begun; default 16 MiB. */
  fileBytes?: number;
  /** Told of what was found wrong, without any content. */
  onProblem?: (what: string, detail: Record<string, string | number>) => void;
}

const FILE_BYTES = 16 * 1024 * 1024;
const FILE = /^(\d{14})-(\d+)-(\d+)-(\d{6})\.spool$/;
const openRuns = new Set<string>();
let lastRun = 0;

/**
 * Keeps on the disk what the database cannot take: files of checksummed frames, appended one after the other, each on
 * the disk (fdatasync) before it is acknowledged. Files are 0600 in folders 0700, and hold what the rows of decisions
 * hold, no content. Each process appends to files of its own, and takes over those that a dead one of its name left.
 */
export class Spool {
  readonly #options: SpoolOptions;
  readonly #folder: string;
  readonly #run: string;
  readonly #segments: Segment[] = [];
  /** Files that could not be read, and are left for the next start. */
  readonly #unreadable = new Set<string>();
  readonly #claims = new Map<string, { segment: Segment; offset: number }>();
  #active: Segment | null = null;
  #files = 0;
  #bytes = 0;
  #decisions = 0;
  #writable = true;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(options: SpoolOptions) {
    this.#options = options;
    this.#folder = join(options.directory, encodeURIComponent(options.name));
    const { pid, startedAt } = ownMark();
    // Two that are opened in one millisecond must not take each other's files for their own.
    lastRun = Math.max(Date.now(), lastRun + 1);
    this.#run = `${String(lastRun).padStart(14, "0")}-${pid}-${startedAt}`;
  }

  /** Opens the spool of a decision point and reads what a dead process left. Throws when it cannot be written. */
  static async open(options: SpoolOptions): Promise<Spool> {
    const spool = new Spool(options);
    await mkdir(spool.#folder, { recursive: true, mode: 0o700 });
    const probe = join(spool.#folder, "probe");
    await (await open(probe, "w", 0o600)).close();
    await unlink(probe);
    openRuns.add(spool.#run);
    await spool.adopt();
    return spool;
  }

  /** Bytes on the disk. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Decisions that are not known to be in the database. */
  get decisions(): number {
    return this.#decisions;
  }

  /** False while it is full or the last append failed. */
  get isWritable(): boolean {
    return this.#writable && this.#bytes < this.#options.maxBytes;
  }

  /** Resolves once the record is on the disk; rejects when it cannot be, and then it is not acknowledged. */
  append(record: SpoolRecord): Promise<void> {
    return this.#inTurn(async () => {
      const frame = frameOf(Buffer.from(JSON.stringify(record)));
      if (this.#bytes + frame.length > this.#options.maxBytes) {
        this.#writable = false;
        throw new Error("The spool is full.");
      }
      try {
        const segment = this.#active ?? (await this.#begin());
        await this.#write(segment, frame);
        this.#register(segment, record, segment.end - frame.length);
        if (segment.end >= (this.#options.fileBytes ?? FILE_BYTES)) await this.#seal();
        this.#writable = true;
      } catch (error) {
        this.#writable = false;
        throw error;
      }
    });
  }

  /** Whether an answer stands under the name of a claim (`claimName`). */
  holds(name: string): boolean {
    return this.#claims.has(name);
  }

  /** The answer that stands under the name of a claim, or null. */
  async kept(name: string): Promise<KeptAnswer | null> {
    const place = this.#claims.get(name);
    if (place === undefined) return null;
    const handle = await open(place.segment.path, "r").catch(ifGone);
    if (handle === null) return null;
    try {
      const frame = await readFrame(handle, place.offset, place.segment.end);
      if (!frame?.payload) return null;
      const record = parseRecord(frame.payload);
      const claim = record.items.find((item) => item.claim && claimName(item.claim) === name)?.claim;
      return claim
        ? { requestDigest: claim.requestDigest, answer: claim.answer, recordedAt: record.at }
        : null;
    } finally {
      await handle.close();
    }
  }

  /** The oldest records, of `most` decisions or a little more, from one file; null when there are none. */
  async oldest(most: number): Promise<OldestRecords | null> {
    const segment = this.#segments.find(({ from, end }) => from < end);
    if (segment === undefined) return null;
    try {
      const { records, next } = await readRecords(segment, most);
      return { records, done: () => this.#inTurn(() => this.#forget(segment, next, records)) };
    } catch (error) {
      await this.#inTurn(() => this.#giveUp(segment, error));
      return this.oldest(most);
    }
  }

  /** Puts aside what the database refuses, in a file that a person can read. */
  setAside(item: Item, reason: string): Promise<void> {
    return this.#inTurn(async () => {
      const path = join(this.#folder, "refused.jsonl");
      this.#options.onProblem?.("the database refuses a decision of the spool", { path, reason });
      const handle = await open(path, "a", 0o600);
      try {
        await handle.write(`${JSON.stringify({ reason, ...item })}\n`);
        await handle.datasync();
      } finally {
        await handle.close();
      }
    });
  }

  /** Takes over files of dead processes; those of a living one are left to it. Returns whether any were left. */
  async adopt(): Promise<boolean> {
    const known = new Set(this.#segments.map(({ path }) => path));
    let left = false;
    for (const name of (await readdir(this.#folder)).sort()) {
      const path = join(this.#folder, name);
      const [, at, pid, startedAt] = FILE.exec(name) ?? [];
      if (at === undefined || known.has(path) || this.#unreadable.has(path)) continue;
      const run = `${at}-${pid}-${startedAt}`;
      if (isOpen(run, { pid: Number(pid), startedAt: Number(startedAt) })) left = run !== this.#run || left;
      else await this.#takeOver(path);
    }
    return left;
  }

  /** Closes its files. What they hold stays for the next process of this name. */
  close(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#seal();
      openRuns.delete(this.#run);
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => {});
    return result;
  }

  async #begin(): Promise<Segment> {
    const name = `${this.#run}-${String(this.#files++).padStart(6, "0")}.spool`;
    const path = join(this.#folder, name);
    const handle = await open(path, "wx", 0o600);
    const segment = { path, end: 0, from: SPOOL_MAGIC.length, damaged: 0, decisions: 0, names: [], handle };
    this.#segments.push(segment);
    this.#active = segment;
    await this.#write(segment, SPOOL_MAGIC);
    await syncFolder(this.#folder);
    return segment;
  }

  /** What failed to be written is cut off again, and nothing more is appended to that file. */
  async #write(segment: Segment, bytes: Buffer): Promise<void> {
    const { handle, end } = segment;
    if (handle === null) throw new Error("The file of the spool is closed.");
    try {
      let written = 0;
      while (written < bytes.length) {
        const { bytesWritten } = await handle.write(bytes, written, bytes.length - written, end + written);
        written += bytesWritten;
      }
      await handle.datasync();
    } catch (error) {
      await handle.truncate(end).catch(() => {});
      await this.#seal();
      if (end <= SPOOL_MAGIC.length) await this.#remove(segment);
      throw error;
    }
    segment.end += bytes.length;
    this.#bytes += bytes.length;
  }

  async #seal(): Promise<void> {
    const segment = this.#active;
    this.#active = null;
    if (segment?.handle) await segment.handle.close().catch(() => {});
    if (segment) segment.handle = null;
  }

  #register(segment: Segment, { items }: SpoolRecord, offset: number): void {
    this.#decisions += items.length;
    segment.decisions += items.length;
    for (const { claim } of items) {
      if (claim === null) continue;
      const name = claimName(claim);
      if (this.#claims.has(name)) continue;
      this.#claims.set(name, { segment, offset });
      segment.names.push(name);
    }
  }

  async #forget(segment: Segment, at: number, records: SpoolRecord[]): Promise<void> {
    if (at <= segment.from) return;
    segment.from = at;
    const n = records.reduce((sum, { items }) => sum + items.length, 0);
    this.#decisions -= n;
    segment.decisions -= n;
    if (at < segment.end) return;
    if (segment === this.#active) await this.#seal();
    await this.#remove(segment);
  }

  /** One file that cannot be read does not keep the others from the database, nor new decisions. */
  async #giveUp(segment: Segment, error: unknown): Promise<void> {
    const { path, decisions } = segment;
    const code = String((error as NodeJS.ErrnoException).code ?? (error as Error).message);
    this.#options.onProblem?.("a file of the spool cannot be read", { path, code, decisions });
    if (segment === this.#active) await this.#seal();
    this.#unreadable.add(path);
    this.#drop(segment);
  }

  #drop(segment: Segment): void {
    const at = this.#segments.indexOf(segment);
    if (at < 0) return;
    this.#segments.splice(at, 1);
    for (const name of segment.names) {
      if (this.#claims.get(name)?.segment === segment) this.#claims.delete(name);
    }
    this.#bytes -= segment.end;
    this.#decisions -= segment.decisions;
  }

  async #remove(segment: Segment): Promise<void> {
    this.#drop(segment);
    const gone = segment.damaged > 0 ? rename(segment.path, `${segment.path}.damaged`) : unlink(segment.path);
    await gone.catch(ifGone);
  }

  async #takeOver(path: string): Promise<void> {
    const handle = await open(path, "r").catch(ifGone);
    if (handle === null) return;
    const segment: Segment = {
      path,
      end: 0,
      from: SPOOL_MAGIC.length,
      damaged: 0,
      decisions: 0,
      names: [],
      handle: null,
    };
    try {
      const { end, torn, damaged } = await scanFile(handle, (payload, offset) =>
        this.#register(segment, parseRecord(payload), offset),
      );
      Object.assign(segment, { end, damaged });
      if (torn > 0) this.#options.onProblem?.("an append that was cut off is dropped", { path, bytes: torn });
      if (damaged > 0) this.#options.onProblem?.("the spool is damaged", { path, frames: damaged });
    } finally {
      await handle.close();
    }
    this.#bytes += segment.end;
    const first = this.#segments.findIndex((other) => other.path > path);
    this.#segments.splice(first < 0 ? this.#segments.length : first, 0, segment);
    if (segment.end <= SPOOL_MAGIC.length) await this.#remove(segment);
  }
}

function isOpen(run: string, mark: { pid: number; startedAt: number }): boolean {
  return mark.pid === process.pid && isSelf(mark) ? openRuns.has(run) : isAlive(mark);
}

function isSelf({ startedAt }: { startedAt: number }): boolean {
  return ownMark().startedAt === startedAt;
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  await handle.sync().finally(() => handle.close());
}

function ifGone(error: NodeJS.ErrnoException): null {
  if (error.code === "ENOENT") return null;
  throw error;
}
