import { type IncomingMessage, Server } from "node:http";

/** SLUICE_TRUST_PROXY: how many reverse proxies of ours stand before the console; 0 when none is named. */
export function trustedProxies(setting = process.env["SLUICE_TRUST_PROXY"]): number {
  return setting !== undefined && /^[1-9]$/.test(setting) ? Number(setting) : 0;
}

let isGuarded = false;

/**
 * Makes every HTTP server of this process take an `X-Forwarded-For` away that no proxy of ours has written. Next
 * fills it in from the socket only where it is absent, and hands no socket on: without this a caller would choose
 * the address by which sign-in attempts are counted.
 */
export function guardForwardedAddress(): void {
  if (isGuarded) return;
  isGuarded = true;
  const emit = Server.prototype.emit;
  Server.prototype.emit = function (this: Server, event: string | symbol, ...args: unknown[]) {
    if ((event === "request" || event === "upgrade") && trustedProxies() === 0) {
      delete (args[0] as IncomingMessage).headers["x-forwarded-for"];
    }
    return Reflect.apply(emit, this, [event, ...args]);
  };
}
