import { createServer, type Server } from "node:net";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { createOutbound } from "./outbound";

const dns = vi.hoisted(() => ({ answers: [] as { address: string; family: number }[][], asked: 0 }));
vi.mock("node:dns", () => ({
  lookup: (_: string, __: object, done: (error: null, addresses: object[]) => void) => {
    dns.asked++;
    done(null, dns.answers.shift() ?? []);
  },
}));

const inside = { address: "127.0.0.1", family: 4 };
const outside = { address: "1.1.1.1", family: 4 };
const outbound = createOutbound([]);
let server: Server;
let reached = 0;
let url: string;
beforeAll(async () => {
  server = createServer((socket) => {
    reached++;
    socket.destroy();
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  url = `https://rebind.example:${typeof address === "object" ? address?.port : 0}/hook`;
});
afterAll(() => {
  outbound.close();
  server.close();
});
afterEach(() => {
  dns.asked = 0;
});

const call = () => outbound.call(url, { method: "POST", body: "{}", timeoutMs: 250 });
const refused = { cause: { message: "The name leads into a private network." } };

test("a name that is outside when it is checked and inside when it is called is not reached", async () => {
  dns.answers = [[outside], [inside]];
  expect(outbound.assertAllowed(url, "url").hostname).toBe("rebind.example");
  await expect(call()).rejects.toMatchObject({ code: "unavailable" });
  await expect(call()).rejects.toMatchObject(refused);
  expect([dns.asked, reached]).toEqual([2, 0]);
});

test("a name of which one address of many is inside is not reached", async () => {
  for (const answer of [
    [outside, inside],
    [inside, outside],
    [outside, { address: "::ffff:127.0.0.1", family: 6 }],
  ]) {
    dns.answers = [answer];
    await expect(call()).rejects.toMatchObject(refused);
  }
  expect(reached).toBe(0);
});
