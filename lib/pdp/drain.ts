import type { Server } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/** What is still open this long (ms) after nothing new is taken is cut. */
export const LONGEST_DRAIN_MS = 10_000;
const PART_MS = 50;

/**
 * Lets a server go without a failed request. For `delayMs` it still takes what comes, so that a load balancer that
 * asks `/readyz` can notice, while every answer ends its connection; then it takes no new connection, lets each open
 * one end its request, and cuts what is left after a while. What a client sends over an idle connection at the very
 * moment in which that is closed is lost (RFC 9112, 9.3.1): the delay is there so that nobody sends any more by then.
 */
export async function drainServer(server: Server, delayMs: number): Promise<void> {
  server.prependListener("request", (_, response) => response.setHeader("Connection", "close"));
  await sleep(delayMs);
  await new Promise<void>((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), LONGEST_DRAIN_MS);
    const part = setInterval(() => server.closeIdleConnections(), PART_MS);
    server.close(() => {
      clearTimeout(cut);
      clearInterval(part);
      resolve();
    });
    server.closeIdleConnections();
  });
}
