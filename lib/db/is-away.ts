/** Connection lost or refused, by Node; shut down, starting or crashed, by SQLSTATE; unreachable or closed, by Prisma. */
const AWAY =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND|EAI_AGAIN|57P0[1-3]|08\d{3}|P1001|P1002|P1008|P1017|DatabaseNotReachable|ConnectionClosed|SocketTimeout)$/;
/** Prisma names an SQLSTATE that it does not know in its message alone. */
const SAID =
  /Connection terminated|connection timeout|Client has encountered a connection error|Can't reach|Code: `(57P0[1-3]|08\d{3})`/i;
const DEEPEST = 6;

/** Does this error of a query say that the database cannot be reached now, rather than that it refused something? */
export function isDatabaseAway(error: unknown): boolean {
  let at = error;
  for (let depth = 0; depth < DEEPEST && typeof at === "object" && at !== null; depth++) {
    const { code, kind, message, cause } = at as Record<string, unknown>;
    if ([code, kind].some((word) => typeof word === "string" && AWAY.test(word))) return true;
    if (typeof message === "string" && SAID.test(message)) return true;
    at = cause;
  }
  return false;
}
