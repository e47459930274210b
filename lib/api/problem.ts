import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { isDatabaseAway } from "@/lib/db/is-away";
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

/** Answers any error as `application/problem+json`. An unknown one is logged in full and told as an id alone. */
export function answerProblem(c: Context, error: unknown, requestId: string): Response {
  const known = toKnown(error);
  if (known === null) log.error({ requestId, path: c.req.path, err: error }, "request failed");
  else log.info({ requestId, path: c.req.path, code: known.code, rule: known.rule }, "request refused");
  const status = known ? HTTP_STATUS[known.code] : 500;
  const problem: Problem = {
    type: "about:blank",
    title: known ? known.code.replaceAll("_", " ") : "internal error",
    status,
    code: known?.code ?? "internal",
    detail: known?.message ?? "Something went wrong on our side. The id below is in the log.",
    ...(known?.fields.length ? { fields: known.fields } : {}),
    ...(known?.rule ? { rule: known.rule } : {}),
    id: requestId,
  };
  const headers: Record<string, string> = { "content-type": "application/problem+json" };
  if (known?.retryAfterSeconds) headers["retry-after"] = String(known.retryAfterSeconds);
  return c.body(JSON.stringify(problem), status as ContentfulStatusCode, headers);
}

/** What the framework refuses before a route is met, a body that is no JSON; and a database that is away. */
function toKnown(error: unknown): SluiceError | null {
  if (error instanceof SluiceError) return error;
  if (isDatabaseAway(error)) {
    const message = "The database does not answer now; try again in a moment.";
    return new SluiceError("unavailable", message, { retryAfterSeconds: 2, cause: error });
  }
  if (!(error instanceof HTTPException) || error.status !== 400) return null;
  return new SluiceError("invalid", "The body is not valid JSON.", { cause: error });
}
