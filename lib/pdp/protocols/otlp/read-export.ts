import type { IncomingMessage } from "node:http";
import { createGunzip, createInflate } from "node:zlib";
import { SluiceError } from "@/lib/errors";
import { type Message, type Read, Undecodable } from "./wire";
import { readJsonMessage } from "./wire-json";
import { readProtobuf } from "./wire-protobuf";

/** Bytes of an export at most, as sent and again once it is unpacked. */
export const EXPORT_BYTES = 8 * 1_048_576;

/** How long (ms) a body may take to arrive: meanwhile it holds one of few places. */
export const ARRIVES_MS = 30_000;

export type Encoding = "json" | "protobuf";

/** In which encoding a request is written, and its answer is to be; null for another. */
export function encodingOf({ headers }: IncomingMessage): Encoding | null {
  const type = /^([^;\s]*)/.exec(headers["content-type"]?.toLowerCase() ?? "")?.[1];
  return type === "application/json" ? "json" : type === "application/x-protobuf" ? "protobuf" : null;
}

/** Reads an export. Throws `invalid` for what cannot be decoded, `too_large` as soon as the bound is passed. */
export async function readExport(
  incoming: IncomingMessage,
  encoding: Encoding,
  message: Message,
): Promise<Read> {
  const bytes = await readBytes(incoming);
  try {
    return encoding === "json"
      ? readJsonMessage(JSON.parse(bytes.toString("utf8")), message)
      : readProtobuf(bytes, message);
  } catch (error) {
    if (error instanceof Undecodable) throw invalid(error.message);
    if (error instanceof SyntaxError) throw invalid("The body is not JSON.");
    throw error;
  }
}

function invalid(message: string): SluiceError {
  return new SluiceError("invalid", `The export cannot be decoded. ${message}`);
}

function tooLarge(): SluiceError {
  return new SluiceError(
    "too_large",
    `An export may have at most ${EXPORT_BYTES} bytes, unpacked. Send smaller batches.`,
  );
}

function tooSlow(): SluiceError {
  return new SluiceError("unavailable", `The body did not arrive within ${ARRIVES_MS / 1000} seconds.`, {
    retryAfterSeconds: 1,
  });
}

function cutShort(): SluiceError {
  return new SluiceError("invalid", "The request was cut short.");
}

function unpack({ headers }: IncomingMessage) {
  const encoding = headers["content-encoding"]?.toLowerCase() ?? "identity";
  if (encoding === "identity" || encoding === "") return null;
  if (encoding === "gzip") return createGunzip();
  if (encoding === "deflate") return createInflate();
  throw invalid("Its Content-Encoding is not known here: send gzip.");
}

/** Counts what is sent and what comes out of it, so that a small body that unpacks into a large one is cut off. */
function readBytes(incoming: IncomingMessage): Promise<Buffer> {
  if (Number(incoming.headers["content-length"]) > EXPORT_BYTES) return Promise.reject(tooLarge());
  if (incoming.destroyed) return Promise.reject(cutShort());
  return new Promise((resolve, reject) => {
    const unpacked = unpack(incoming);
    const chunks: Buffer[] = [];
    let sent = 0;
    let kept = 0;
    const late = setTimeout(() => fail(tooSlow()), ARRIVES_MS);
    const done = () => {
      clearTimeout(late);
      resolve(Buffer.concat(chunks));
    };
    const fail = (error: Error) => {
      clearTimeout(late);
      incoming.removeAllListeners("data");
      unpacked?.destroy();
      reject(error);
    };
    const keep = (chunk: Buffer) => {
      kept += chunk.length;
      if (kept > EXPORT_BYTES) fail(tooLarge());
      else chunks.push(chunk);
    };
    incoming.on("data", (chunk: Buffer) => {
      sent += chunk.length;
      if (sent > EXPORT_BYTES) fail(tooLarge());
      else if (unpacked === null) keep(chunk);
      else unpacked.write(chunk);
    });
    incoming.on("end", () => (unpacked === null ? done() : unpacked.end()));
    incoming.on("error", fail);
    incoming.on("close", () => {
      if (!incoming.complete) fail(cutShort());
    });
    unpacked?.on("data", keep);
    unpacked?.on("end", done);
    unpacked?.on("error", () => fail(invalid("It is not packed as its Content-Encoding says.")));
  });
}
