import type { FileHandle } from "node:fs/promises";
import { crc32 } from "node:zlib";

/** What every file of a spool begins with. */
export const SPOOL_MAGIC = Buffer.from("sluice spool 1\n");

/** Length and CRC-32 of what follows, each four bytes, little endian. */
const HEAD_BYTES = 8;
/** Longer than any batch: a length beyond is no length. */
const MAX_FRAME_BYTES = 256 * 1024 * 1024;

/** A payload as it stands in a file: its length, its checksum, itself. */
export function frameOf(payload: Buffer): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32LE(payload.length, 0);
  head.writeUInt32LE(crc32(payload), 4);
  return Buffer.concat([head, payload]);
}

/** A frame that was read: `payload` is null when its checksum does not fit; `next` is where the following begins. */
export interface Frame {
  payload: Buffer | null;
  next: number;
}

/** The frame at `offset`, or null when no whole one stands there before `end`. */
export async function readFrame(handle: FileHandle, offset: number, end: number): Promise<Frame | null> {
  if (offset + HEAD_BYTES > end) return null;
  const head = await readAt(handle, offset, HEAD_BYTES);
  const length = head.readUInt32LE(0);
  const next = offset + HEAD_BYTES + length;
  if (length === 0 || length > MAX_FRAME_BYTES || next > end) return null;
  const payload = await readAt(handle, offset + HEAD_BYTES, length);
  return { payload: crc32(payload) === head.readUInt32LE(4) ? payload : null, next };
}

async function readAt(handle: FileHandle, offset: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let read = 0;
  while (read < length) {
    const { bytesRead } = await handle.read(buffer, read, length - read, offset + read);
    if (bytesRead === 0) throw new Error("A file of the spool is shorter than it was.");
    read += bytesRead;
  }
  return buffer;
}

/** What a file left behind by a process that is gone holds. */
export interface Scan {
  /** Where what can be trusted ends. */
  end: number;
  /** Bytes after it: an append that was cut off, and so never acknowledged. */
  torn: number;
  /** Frames between whole ones whose checksum does not fit: the disk has lost what was acknowledged. */
  damaged: number;
}

/**
 * Reads a file from its beginning and hands over each whole frame. A frame is appended only once the one before is
 * on the disk, so an append that was cut off can only be the last: what follows a bad frame in whole says damage.
 */
export async function scanFile(
  handle: FileHandle,
  onFrame: (payload: Buffer, offset: number) => void,
): Promise<Scan> {
  const { size } = await handle.stat();
  let offset = SPOOL_MAGIC.length;
  let damaged = 0;
  const isWhole = size >= offset && (await readAt(handle, 0, SPOOL_MAGIC.length)).equals(SPOOL_MAGIC);
  while (isWhole) {
    const frame = await readFrame(handle, offset, size);
    if (frame === null) break;
    if (frame.payload !== null) onFrame(frame.payload, offset);
    else if ((await readFrame(handle, frame.next, size))?.payload) damaged += 1;
    else break;
    offset = frame.next;
  }
  return { end: Math.min(offset, size), torn: Math.max(0, size - offset), damaged };
}
