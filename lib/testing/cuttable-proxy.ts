import { connect, createServer, type Socket } from "node:net";

/** A TCP door to a port that may move, and that may fall silent without closing. */
export interface CuttableProxy {
  port: number;
  /** Where new connections go. */
  target: number;
  /** Lets nothing through in either direction, while every connection stays open. */
  hang(): void;
  /** Closes every connection and lets none in. */
  cut(): void;
  /** Lets everything through to the other side, and nothing of what it answers. */
  swallow(): void;
  resume(): void;
  close(): Promise<void>;
}

export async function startProxy(target: number): Promise<CuttableProxy> {
  const sockets = new Set<Socket>();
  let hanging = false;
  let isCut = false;
  let isSwallowing = false;
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    if (hanging) socket.pause();
  };
  const server = createServer((near) => {
    if (isCut) return void near.destroy();
    const far = connect(proxy.target, "127.0.0.1");
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on("data", (chunk) => {
        if (from === near || !isSwallowing) to.write(chunk);
      });
      from.on("close", () => to.destroy());
      keep(from);
    }
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  const proxy: CuttableProxy = {
    port: typeof address === "object" && address ? address.port : 0,
    target,
    hang: () => {
      hanging = true;
      for (const socket of sockets) socket.pause();
    },
    cut: () => {
      isCut = true;
      for (const socket of sockets) socket.destroy();
    },
    swallow: () => {
      isSwallowing = true;
    },
    resume: () => {
      hanging = false;
      isCut = false;
      isSwallowing = false;
      for (const socket of sockets) socket.resume();
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((done) => server.close(() => done()));
    },
  };
  return proxy;
}
