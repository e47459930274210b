import { Server, type ServerResponse } from "node:http";

/** What is still open this long (ms) after the console was asked to stop is cut: a download, a page that hangs. */
const LONGEST_DRAIN_MS = 10_000;
const PART_MS = 50;

let isWatching = false;

/**
 * Lets the console go when it is asked to (SIGTERM, SIGINT). Next then takes no new connection, but goes on serving
 * those that are kept alive for as long as a browser or a proxy uses them, and the process does not end. From then on
 * each answer ends its connection, idle ones are closed, and what is left after a while is cut.
 */
export function endConnectionsOnStop(): void {
  if (isWatching) return;
  isWatching = true;
  const servers = new Set<Server>();
  let stopping = false;
  const emit = Server.prototype.emit;
  Server.prototype.emit = function (this: Server, event: string | symbol, ...args: unknown[]) {
    if (event === "connection") servers.add(this);
    if (event === "request" && stopping) (args[1] as ServerResponse).setHeader("Connection", "close");
    return Reflect.apply(emit, this, [event, ...args]);
  };
  const stop = () => {
    if (stopping) return;
    stopping = true;
    const each = (act: (server: Server) => void) => () => servers.forEach(act);
    setInterval(
      each((server) => server.closeIdleConnections()),
      PART_MS,
    ).unref();
    setTimeout(
      each((server) => server.closeAllConnections()),
      LONGEST_DRAIN_MS,
    ).unref();
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
}
