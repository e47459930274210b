/** How long a sign-in lasts, in hours: one working day (OWASP ASVS 5.0, 7.3.2: a documented absolute lifetime). */
export const SESSION_HOURS = 12;

/** Failures without a wait: few for one account, more for an address, behind which many people may sit. */
export const FREE_FAILURES = { account: 5, address: 20 } as const;

const LONGEST_WAIT_MS = 15 * 60_000;

/**
 * Milliseconds still to wait after `failures` in a row: nothing for the first `free`, then 1 s, doubling, up to
 * 15 minutes, counted from the last failure.
 */
export function waitAfterFailures(
  attempt: { failures: number; lastFailureAt: Date },
  free: number,
  now: Date,
): number {
  if (attempt.failures < free) return 0;
  const wait = Math.min(LONGEST_WAIT_MS, 1000 * 2 ** (attempt.failures - free));
  return Math.max(0, attempt.lastFailureAt.getTime() + wait - now.getTime());
}

/** Where to go after sign-in: a path of the console itself, as a browser would read it; `/` for anything else. */
export function ownPath(wanted: unknown): string {
  const base = "http://console.invalid";
  if (typeof wanted !== "string" || !wanted.startsWith("/")) return "/";
  const url = URL.parse(wanted, base);
  // "/.//evil.example" is a path of ours, and, with its dots resolved, one that a browser takes for another host.
  const isOwn = url?.origin === base && !url.pathname.startsWith("//");
  return isOwn ? `${url.pathname}${url.search}${url.hash}` : "/";
}

/**
 * The address that a request comes from, out of `X-Forwarded-For`: each of our `proxies` adds the address that it
 * was called from at the end, and what stands before was written by the caller.
 */
export function callerAddress(forwardedFor: string | null | undefined, proxies: number): string {
  const addresses = (forwardedFor ?? "").split(",").map((address) => address.trim());
  return addresses.at(-Math.max(1, proxies)) || addresses[0] || "unknown";
}
