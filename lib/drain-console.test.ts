import { spawn } from "node:child_process";
import { once } from "node:events";
import { Agent, type IncomingMessage, request } from "node:http";
import { expect, it } from "vitest";

/** Stops as Next does: it closes its server and waits until the last connection is gone. */
const SERVER = `
  import { createServer } from "node:http";
  import { endConnectionsOnStop } from "./lib/drain-console.ts";
  endConnectionsOnStop();
  const server = createServer((request, response) => setTimeout(() => response.end("ok"), 20));
  process.on("SIGTERM", () => server.close(() => process.exit(143)));
  server.listen(0, "127.0.0.1", () => console.log(server.address().port));`;

it("a server whose connections are in use all the while ends soon after SIGTERM, and fails no request before", async () => {
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", SERVER], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  const [port] = await once(child.stdout, "data");
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ask = async (): Promise<IncomingMessage> => {
    const asked = request({ port: Number(String(port)), host: "127.0.0.1", agent }).end();
    const [response] = (await once(asked, "response")) as [IncomingMessage];
    await response.resume().toArray();
    return response;
  };
  expect((await ask()).headers.connection).toBe("keep-alive");
  const under = ask();
  await new Promise((done) => setTimeout(done, 5));
  child.kill("SIGTERM");
  expect((await under).statusCode).toBe(200);
  let refused = 0;
  while (child.exitCode === null && refused === 0)
    await ask().then(
      ({ headers }) => expect(headers.connection).toBe("close"),
      () => {
        refused += 1;
      },
    );
  expect(await exited).toEqual([143, null]);
  agent.destroy();
}, 20_000);
