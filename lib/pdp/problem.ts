import { randomUUID } from "node:crypto";
import { type FieldError, HTTP_STATUS, SluiceError } from "@/lib/errors";
import { log } from "@/lib/log";

/** The body of an error answer (RFC 9457). `id` is also in the log. */
export interface Problem {
  type: "about:blank";
  title: string;
  status: number;
  code: string;
  detail: string;
  fields?: FieldError[];
  rule?: string;
  id: string;
}

/**
 * What a caller is told of an error. An unknown one is logged in full and told as an id alone; of a known one the log
 * holds no more than its code, since field names come from the caller.
 */
export function toProblem(error: unknown): Problem {
  const id = randomUUID();
  if (!(error instanceof SluiceError)) {
    log.error({ id, err: error }, "request failed");
    const detail = "Something went wrong on our side. The id below is in the log.";
    return { type: "about:blank", title: "internal error", status: 500, code: "internal", detail, id };
  }
  log.info({ id, code: error.code, rule: error.rule }, "request refused");
  return {
    type: "about:blank",
    title: error.code.replaceAll("_", " "),
    status: HTTP_STATUS[error.code],
    code: error.code,
    detail: error.message,
    ...(error.fields.length > 0 && { fields: error.fields }),
    ...(error.rule !== undefined && { rule: error.rule }),
    id,
  };
}

/** An error as `application/problem+json`, with the headers that its code asks for. */
export function problemResponse(error: unknown): Response {
  const problem = toProblem(error);
  const headers: Record<string, string> = { "Content-Type": "application/problem+json" };
  if (problem.status === 401) headers["WWW-Authenticate"] = 'Bearer realm="sluice"';
  const retryAfter = error instanceof SluiceError ? error.retryAfterSeconds : undefined;
  if (retryAfter !== undefined) headers["Retry-After"] = String(retryAfter);
  return new Response(JSON.stringify(problem), { status: problem.status, headers });
}
