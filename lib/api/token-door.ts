import type { TokenScope } from "@/lib/access/permissions";

/** Calls that look as if they changed something and only answer a question. */
const ASKS = [/^POST \/use-cases\/[^/]+\/policy\/compare$/];

/** What a repository does: propose, and take back. Nothing else that changes anything. */
const PROPOSES = [
  /^PUT \/use-cases\/[^/]+\/policy$/,
  /^POST \/changes$/,
  /^PUT \/changes\/[^/]+$/,
  /^POST \/changes\/[^/]+\/(?:submit|withdraw|comments)$/,
];

/** Reads that are exports, which need `evidence:export`: no scope carries it. */
const EXPORTS = /^\/evidence\/packs(?:\/|$)/;

/**
 * The scope that a call with a personal access token needs; null for a call that no token may make. A call that is
 * not listed here is none of a token's, so that a route added later is closed to tokens until somebody opens it.
 * `path` is below `/api/v1`: of a request, or with `{id}` as routes are written.
 */
export function scopeFor(method: string, path: string): TokenScope | null {
  if (method === "GET" || method === "HEAD") return EXPORTS.test(path) ? null : "read";
  const call = `${method} ${path}`;
  if (ASKS.some((pattern) => pattern.test(call))) return "read";
  return PROPOSES.some((pattern) => pattern.test(call)) ? "propose" : null;
}

/** True when a token of these scopes may make the call: `propose` reads too. */
export function isOpenTo(scopes: readonly TokenScope[], method: string, path: string): boolean {
  const needed = scopeFor(method, path);
  return needed !== null && (scopes.includes(needed) || (needed === "read" && scopes.includes("propose")));
}
