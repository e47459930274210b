import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { SluiceError } from "@/lib/errors";
import type { Supervisor } from "./supervisor";

export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Ends with a plain word when another program listens on the port. */
export async function assertPortFree(port: number, host: string, variable: string): Promise<void> {
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    say(`${variable} must be a port number from 1 to 65535.`);
    process.exit(1);
  }
  const error = await new Promise<NodeJS.ErrnoException | null>((done) => {
    const server = createServer();
    server.once("error", done);
    server.listen(port, host, () => server.close(() => done(null)));
  });
  if (error === null) return;
  const cause =
    error.code === "EADDRINUSE" ? "is taken by another program" : `cannot be used (${error.code})`;
  say(`Port ${port} ${cause}. Set ${variable} to another port, such as ${variable}=${port + 10} npm start.`);
  process.exit(1);
}

/** Waits until the address answers; `unavailable` after two minutes. */
export async function waitFor(url: string, supervisor: Supervisor): Promise<void> {
  const deadline = Date.now() + 120_000;
  while (!supervisor.stopping) {
    const ok = await fetch(url, { redirect: "manual" }).then(
      (response) => response.status < 500,
      () => false,
    );
    if (ok) return;
    if (Date.now() > deadline)
      throw new SluiceError("unavailable", `${url} does not answer. See the lines above.`);
    await sleep(100);
  }
}
