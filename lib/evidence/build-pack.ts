import { createHash } from "node:crypto";
import { type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import type { Pool } from "pg";
import { type Ctx, inTransaction } from "@/lib/access/context";
import { anchorBatches } from "@/lib/audit/anchor";
import { signCheckpoint } from "@/lib/audit/checkpoint";
import { installationSigner, type Signer } from "@/lib/audit/keys";
import { recordEntry } from "@/lib/audit/record";
import { LOCKS } from "@/lib/db/locks";
import { SluiceError } from "@/lib/errors";
import type { Counts } from "./format";
import { openSource } from "./pack-source";
import { type PackHeader, writePack } from "./pack-writer";
import { getPackRow, moveTo, type PackRow, packPath, refOf, toView } from "./row";
import type { PackOutput } from "./sealed-output";
import type { PackView } from "./views";

export interface BuildOptions {
  /** Three of its connections are used. */
  pool: Pool;
  /** The folder of packs; made when it is not there. */
  directory: string;
  signer?: Signer;
  /** Told how much is done, from 0 to 1. The pack's row is kept up to date besides. */
  onProgress?: (done: number) => void;
}

const PROGRESS_EVERY_MS = 500;

/**
 * Builds a pack that was asked for: anchors what is not yet anchored, signs the log's head, and writes the file
 * from one snapshot of the database, in constant memory. The pack ends `ready` or `failed`, and the audit log says
 * which. A pack whose worker was killed is built anew. Throws `conflict` when another worker has it or it is
 * finished, and what made it fail.
 */
export async function buildPack(ctx: Ctx, id: string, options: BuildOptions): Promise<PackView> {
  const row = await getPackRow(ctx.db, id);
  const client = await options.pool.connect();
  try {
    const { rows } = await client.query("SELECT pg_try_advisory_lock($1, $2) AS mine", [
      LOCKS.buildPack,
      row.ref,
    ]);
    if (!rows[0]?.mine) throw new SluiceError("conflict", `${refOf(row)} is being built.`);
    await moveTo(ctx.db, row, "build");
    await build(ctx, row, options);
    return toView(await getPackRow(ctx.db, row.id));
  } finally {
    await client.query("SELECT pg_advisory_unlock($1, $2)", [LOCKS.buildPack, row.ref]).catch(() => {});
    client.release();
  }
}

async function build(ctx: Ctx, row: PackRow, options: BuildOptions): Promise<void> {
  const path = packPath(options.directory, row);
  try {
    const built = await writeFile(ctx, row, `${path}.part`, options);
    await rename(`${path}.part`, path);
    await finish(ctx, row, built);
  } catch (error) {
    await rm(`${path}.part`, { force: true }).catch(() => {});
    await fail(ctx, row, error);
    throw error;
  }
}

interface Built {
  bytes: number;
  sha256: string;
  counts: Counts;
}

async function writeFile(ctx: Ctx, row: PackRow, path: string, options: BuildOptions): Promise<Built> {
  const signer = options.signer ?? installationSigner();
  await anchorBatches(ctx);
  const head = await signCheckpoint(ctx, signer);
  if (!head) throw new SluiceError("unavailable", "The audit log is empty: there is nothing to prove.");
  await mkdir(options.directory, { recursive: true });
  const header: PackHeader = {
    ref: refOf(row),
    from: row.fromAt,
    to: row.toAt,
    useCases: row.useCases,
    createdAt: row.createdAt,
  };
  const file = await open(path, "w", 0o600);
  const { source, expected, close } = await openSource(ctx.db, options.pool, header, head);
  try {
    const hash = createHash("sha256");
    const onProgress = reportTo(ctx, row, expected, options.onProgress);
    const written = await writePack(outputTo(file, hash), header, source, signer, {
      onProgress,
      temporary: options.directory,
    });
    await file.sync();
    return { ...written, sha256: hash.digest("hex") };
  } finally {
    await close();
    await file.close();
  }
}

function outputTo(file: FileHandle, hash: ReturnType<typeof createHash>): PackOutput {
  return {
    write: async (bytes) => {
      hash.update(bytes);
      for (let from = 0; from < bytes.length; ) from += (await file.write(bytes, from)).bytesWritten;
    },
  };
}

/** Passes progress on, and to the row now and then. That it cannot be written there stops nothing. */
function reportTo(ctx: Ctx, row: PackRow, expected: number, tell: ((done: number) => void) | undefined) {
  let last = 0;
  return (decisions: number) => {
    const done = expected === 0 ? 0 : Math.min(decisions / expected, 1) * 0.95;
    tell?.(done);
    const now = performance.now();
    if (now - last < PROGRESS_EVERY_MS) return;
    last = now;
    const where = { id: row.id, status: "building" } as const;
    void ctx.db.evidencePack.updateMany({ where, data: { progress: done } }).catch(() => {});
  };
}

async function finish(ctx: Ctx, row: PackRow, built: Built): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    const { bytes, sha256, counts } = built;
    await moveTo(tx, row, "finish", { bytes: BigInt(bytes), sha256, progress: 1, finishedAt: ctx.now });
    await recordEntry(tx, ctx, {
      action: "evidence.built",
      subject: { kind: "evidence_pack", id: row.id, ref: refOf(row) },
      detail: { bytes, sha256, decisions: counts.decisions, auditEntries: counts.auditEntries },
    });
  });
}

async function fail(ctx: Ctx, row: PackRow, error: unknown): Promise<void> {
  const failure =
    error instanceof SluiceError ? error.message : "The pack could not be written; the log says why.";
  await inTransaction(ctx, async (tx) => {
    await moveTo(tx, row, "fail", { failure, finishedAt: ctx.now });
    await recordEntry(tx, ctx, {
      action: "evidence.failed",
      subject: { kind: "evidence_pack", id: row.id, ref: refOf(row) },
      reason: failure,
    });
  });
}
