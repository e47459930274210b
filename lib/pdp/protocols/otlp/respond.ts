import { SluiceError } from "@/lib/errors";
import { type Problem, toProblem } from "../../problem";
import type { Encoding } from "./read-export";
import type { Signal } from "./wire";
import { field } from "./wire-protobuf";

/** What of an export was refused. */
export interface Rejected {
  count: number;
  /** Why, for whoever reads the log of the exporter. */
  message: string;
}

const TYPES = { json: "application/json", protobuf: "application/x-protobuf" } as const;

/** Exporters give up soon, so none is asked to wait longer. */
const LONGEST_WAIT_S = 5;

function respond(encoding: Encoding, status: number, body: unknown, bytes: Buffer, more = {}): Response {
  const headers = { "Content-Type": TYPES[encoding], ...more };
  return new Response(encoding === "json" ? JSON.stringify(body) : new Uint8Array(bytes), {
    status,
    headers,
  });
}

/** 200: all of it was taken, or all but so many (`partial_success`). */
export function taken(encoding: Encoding, signal: Signal, rejected: Rejected | null): Response {
  if (rejected === null) return respond(encoding, 200, {}, Buffer.alloc(0));
  const { count, message } = rejected;
  const partialSuccess = { [signal.rejected]: String(count), errorMessage: message };
  return respond(
    encoding,
    200,
    { partialSuccess },
    field(1, Buffer.concat([field(1, count), field(2, message)])),
  );
}

/** Codes of google.rpc.Code (https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto). */
const CODES: Readonly<Record<number, number>> = { 400: 3, 401: 16, 403: 7, 413: 8, 415: 3, 429: 8, 503: 14 };

/**
 * An error as `google.rpc.Status` in the encoding of the request. What a later attempt may mend has the status (429,
 * 503) that exporters try again on; everything else would be sent again in vain.
 */
export function failure(encoding: Encoding, error: unknown): Response {
  const problem = toProblem(error);
  const wait = error instanceof SluiceError ? error.retryAfterSeconds : undefined;
  return statusOf(encoding, problem, {
    ...(problem.status === 401 && { "WWW-Authenticate": 'Bearer realm="sluice"' }),
    ...(wait !== undefined && { "Retry-After": String(Math.min(wait, LONGEST_WAIT_S)) }),
  });
}

function statusOf(
  encoding: Encoding,
  { status, detail }: Pick<Problem, "status" | "detail">,
  headers: object,
): Response {
  const code = CODES[status] ?? 13;
  const bytes = Buffer.concat([field(1, code), field(2, detail)]);
  return respond(encoding, status, { code, message: detail, details: [] }, bytes, headers);
}

/** 415 for a type that is neither of the two. */
export function unsupported(): Response {
  const detail = "Send application/x-protobuf or application/json.";
  return statusOf("json", { status: 415, detail }, {});
}
