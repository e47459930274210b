import type { IncomingMessage } from "node:http";
import { SluiceError } from "@/lib/errors";
import { LIMITS } from "./request";

const JSON_TYPE = /^application\/(?:[a-z0-9.+-]+\+)?json\s*(?:;|$)/i;

/**
 * The JSON of a request's body. Throws `invalid` when it is none, and `too_large` as soon as the bound is passed,
 * without reading the rest.
 */
export async function readJson(incoming: IncomingMessage): Promise<unknown> {
  if (!JSON_TYPE.test(incoming.headers["content-type"] ?? "")) {
    throw new SluiceError("invalid", "The body must be JSON.", {
      fields: [{ path: "Content-Type", message: "must be application/json" }],
    });
  }
  const text = (await readBytes(incoming)).toString("utf8");
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new SluiceError("invalid", "The body is not JSON.", {
      fields: [{ path: "", message: "is not JSON" }],
    });
  }
}

function tooLarge(): SluiceError {
  return new SluiceError("too_large", `A body may have at most ${LIMITS.bodyBytes} bytes.`);
}

function readBytes(incoming: IncomingMessage): Promise<Buffer> {
  if (Number(incoming.headers["content-length"]) > LIMITS.bodyBytes) return Promise.reject(tooLarge());
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    incoming.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > LIMITS.bodyBytes) {
        incoming.removeAllListeners("data");
        reject(tooLarge());
      } else chunks.push(chunk);
    });
    incoming.on("end", () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
    incoming.on("error", reject);
    incoming.on("aborted", () => reject(new SluiceError("invalid", "The request was cut short.")));
  });
}
