import { connect, type Socket } from "node:net";

/**
 * A small keep-alive HTTP/1.1 client for benchmarks: one request at a time on each connection, answers read by their
 * Content-Length or their chunks. It costs a fraction of what a general client does, which matters where it shares two cores with
 * what it measures.
 */
export interface Load {
  host: string;
  port: number;
  /** Whole requests, head and body, sent in turn; or what makes the n-th. */
  requests: readonly Buffer[] | ((n: number) => Buffer);
  connections: number;
  seconds: number;
  /** Requests a second, sent when they are due; without it, each connection sends as soon as it was answered. */
  rate?: number;
}

export interface LoadResult {
  perSecond: number;
  p50: number;
  p99: number;
  max: number;
  answered: number;
  /** Answers other than 200. */
  refused: number;
}

/** A POST of JSON as bytes. */
export function postBytes(path: string, credential: string, body: unknown): Buffer {
  const json = JSON.stringify(body);
  return Buffer.from(
    `POST ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${credential}\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(json)}\r\n\r\n${json}`,
  );
}

interface Connection {
  socket: Socket;
  sentAt: number;
}

/** Runs the load and measures, in milliseconds from sending to the whole answer. */
export async function runLoad(load: Load): Promise<LoadResult> {
  const latencies: number[] = [];
  const idle: Connection[] = [];
  const due: number[] = [];
  let next = 0;
  let refused = 0;
  let running = true;
  let inFlight = 0;

  function requestOf(n: number): Buffer {
    const { requests } = load;
    return typeof requests === "function" ? requests(n) : (requests[n % requests.length] as Buffer);
  }

  function send(connection: Connection, at: number): void {
    connection.sentAt = at;
    inFlight += 1;
    connection.socket.write(requestOf(next++));
  }

  function answered(connection: Connection, status: string): void {
    const now = performance.now();
    inFlight -= 1;
    latencies.push(now - connection.sentAt);
    if (status !== "200") refused += 1;
    if (!running) return;
    if (load.rate === undefined) send(connection, now);
    else {
      const waited = due.shift();
      if (waited === undefined) idle.push(connection);
      else send(connection, waited);
    }
  }

  const connections = await Promise.all(
    Array.from({ length: load.connections }, () => open(load.host, load.port, answered)),
  );
  const started = performance.now();
  if (load.rate === undefined) for (const connection of connections) send(connection, started);
  else {
    idle.push(...connections);
    await sendAtRate(load.rate, load.seconds, (now) => {
      const connection = idle.pop();
      if (connection === undefined) due.push(now);
      else send(connection, now);
    });
  }
  if (load.rate === undefined) await new Promise((done) => setTimeout(done, load.seconds * 1000));
  running = false;
  const seconds = (performance.now() - started) / 1000;
  const counted = latencies.length;
  for (let waits = 0; inFlight > 0 && waits < 300; waits++) await new Promise((done) => setTimeout(done, 10));
  for (const { socket } of connections) socket.destroy();
  latencies.sort((a, b) => a - b);
  const at = (share: number) =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
  return {
    perSecond: counted / seconds,
    p50: at(0.5),
    p99: at(0.99),
    max: at(1),
    answered: latencies.length,
    refused,
  };
}

function sendAtRate(rate: number, seconds: number, send: (now: number) => void): Promise<void> {
  const started = performance.now();
  let sent = 0;
  return new Promise((done) => {
    const timer = setInterval(() => {
      const now = performance.now();
      const elapsed = (now - started) / 1000;
      for (; sent < Math.min(elapsed, seconds) * rate; sent++) send(now);
      if (elapsed < seconds) return;
      clearInterval(timer);
      done();
    }, 1);
  });
}

/** Is the answer whose head ends at `head` all there, by its length or its last chunk? */
function isWhole(answer: string, head: number): boolean {
  const length = /content-length: (\d+)/i.exec(answer)?.[1];
  if (length !== undefined) return answer.length >= head + 4 + Number(length);
  return answer.endsWith("0\r\n\r\n");
}

function open(
  host: string,
  port: number,
  answered: (connection: Connection, status: string) => void,
): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true });
    const connection: Connection = { socket, sentAt: 0 };
    let rest = "";
    socket.on("data", (chunk) => {
      rest += chunk.toString("latin1");
      const head = rest.indexOf("\r\n\r\n");
      if (head < 0) return;
      if (!isWhole(rest, head)) return;
      const status = rest.slice(9, 12);
      rest = "";
      answered(connection, status);
    });
    socket.once("connect", () => resolve(connection));
    socket.once("error", reject);
  });
}
