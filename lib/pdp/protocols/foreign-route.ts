import type { IncomingHttpHeaders } from "node:http";
import { SluiceError } from "@/lib/errors";
import { type Door, type DoorApp, json, type Visit } from "../door";
import { type Problem, toProblem } from "../problem";
import { readJson } from "../read-body";
import { isBag } from "./texts";

/** An authenticated call of a foreign client. */
export interface ForeignCall extends Visit {
  body: Record<string, unknown>;
  /** `performance.now()` at which all of it was in. */
  receivedAt: number;
}

export interface ForeignRoute {
  path: string;
  /** Where the credential stands, if not in `Authorization`. */
  credential?: (headers: IncomingHttpHeaders) => string | undefined;
  answer: (call: ForeignCall) => Promise<unknown>;
  /** An error as this dialect writes it. */
  word: (problem: Problem) => unknown;
}

/** Deeper than any client writes a body, and far from the end of the stack. */
const MAX_DEPTH = 100;
/** Clients that retry do not wait longer (seconds). */
const MAX_RETRY_AFTER = 5;

/** A POST route of a foreign dialect: a decision is a 200, whatever it says; what is none is never one, and never a 500. */
export function foreignRoute(
  app: DoorApp,
  door: Door,
  { path, credential, answer, word }: ForeignRoute,
): void {
  app.post(path, async (c) => {
    try {
      const visit = await door.enter(c, credential?.(c.env.incoming.headers));
      const body = await readJson(visit.incoming);
      if (!isBag(body)) throw invalidBody("", "must be an object");
      assertShallow(body);
      return json(await answer({ ...visit, body, receivedAt: performance.now() }));
    } catch (error) {
      door.refused(error);
      return refusal(error, word);
    }
  });
  app.all(path, () => new Response(null, { status: 405, headers: { Allow: "POST" } }));
}

/** A body that this dialect does not have; names the field. */
export function invalidBody(path: string, message: string): SluiceError {
  return new SluiceError("invalid", `The body cannot be understood${path && `: ${path} ${message}`}.`, {
    fields: [{ path, message }],
  });
}

/** What is unknown to us counts as being away: clients that retry do so on a 503. */
function refusal(error: unknown, word: (problem: Problem) => unknown): Response {
  const problem = toProblem(error);
  const status = problem.status === 500 ? 503 : problem.status;
  const wait = error instanceof SluiceError ? error.retryAfterSeconds : undefined;
  const headers: Record<string, string> = {};
  if (status === 401) headers["WWW-Authenticate"] = 'Bearer realm="sluice"';
  if (status === 503 || status === 429) headers["Retry-After"] = String(Math.min(wait ?? 1, MAX_RETRY_AFTER));
  return json(word({ ...problem, status }), status, headers);
}

/** Walks without recursion; after it, recursion over the body is safe. */
function assertShallow(body: unknown): void {
  const pending: [unknown, number][] = [[body, 0]];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [node, depth] = next;
    if (typeof node !== "object" || node === null) continue;
    if (depth >= MAX_DEPTH) throw invalidBody("", `must not be nested deeper than ${MAX_DEPTH}`);
    for (const child of Object.values(node)) pending.push([child, depth + 1]);
  }
}
