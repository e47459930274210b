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

const FORM_TYPE = /^application\/x-www-form-urlencoded\s*(?:;|$)/i;
const FORM_BYTES = 65_536;

/** The parameters of a form, in order. Throws as `readJson`, with a bound of 64 KiB. */
export async function readForm(incoming: IncomingMessage): Promise<URLSearchParams> {
  if (!FORM_TYPE.test(incoming.headers["content-type"] ?? "")) {
    throw new SluiceError("invalid", "The body must be a form.", {
      fields: [{ path: "Content-Type", message: "must be application/x-www-form-urlencoded" }],
    });
  }
  return new URLSearchParams((await readBytes(incoming, FORM_BYTES)).toString("utf8"));
}

function tooLarge(max: number): SluiceError {
  return new SluiceError("too_large", `A body may have at most ${max} bytes.`);
}

function readBytes(incoming: IncomingMessage, max: number = LIMITS.bodyBytes): Promise<Buffer> {
  if (Number(incoming.headers["content-length"]) > max) return Promise.reject(tooLarge(max));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    incoming.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > max) {
        incoming.removeAllListeners("data");
        reject(tooLarge(max));
      } else chunks.push(chunk);
    });
    incoming.on("end", () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
    incoming.on("error", reject);
    incoming.on("aborted", () => reject(new SluiceError("invalid", "The request was cut short.")));
  });
}
