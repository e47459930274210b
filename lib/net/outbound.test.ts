import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createOutbound, outboundAllowed } from "./outbound";
import { isSpecialAddress } from "./special-addresses";

describe("addresses that are not of the public Internet", () => {
  test.each([
    "127.0.0.1",
    "0.0.0.0",
    "10.1.2.3",
    "172.31.255.255",
    "192.168.0.1",
    "169.254.169.254",
    "100.64.0.1",
    "255.255.255.255",
    "224.0.0.1",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "::127.0.0.1",
    "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "fe80::1%eth0",
    "fd00:ec2::254",
    "ff02::1",
  ])("%s", (address) => expect(isSpecialAddress(address)).toBe(true));

  test.each(["1.1.1.1", "172.32.0.1", "100.128.0.1", "192.169.0.1", "2606:4700::1111", "2a00:1450::1"])(
    "but not %s",
    (address) => expect(isSpecialAddress(address)).toBe(false),
  );
});

describe("calls", () => {
  let server: Server;
  let base: string;
  beforeAll(async () => {
    server = createServer((request, response) => {
      if (request.url === "/redirect") response.writeHead(302, { Location: "http://127.0.0.1:1/" }).end();
      else if (request.url === "/long") response.end("x".repeat(5_000));
      else if (request.url !== "/never") response.end(`${request.method} ${request.headers["x-a"] ?? ""}`);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  test.each([
    ["http://example.com/", "must be https"],
    ["ftp://example.com/", "must be an https URL"],
    ["not a url", "must be an https URL"],
    ["https://user:pass@example.com/", "no user name"],
    ["https://127.0.0.1/", "private network"],
    ["https://[::1]/", "private network"],
    ["https://0x7f.1/", "private network"],
    ["https://2130706433/", "private network"],
    ["https://[::ffff:169.254.169.254]/latest/meta-data", "private network"],
  ])("%s is refused: %s", async (url, message) => {
    const outbound = createOutbound([]);
    await expect(outbound.call(url, { timeoutMs: 500 })).rejects.toMatchObject({
      code: "invalid",
      fields: [{ path: "url", message: expect.stringContaining(message) }],
    });
    outbound.close();
  });

  test("a name that leads inside is refused when it is connected to", async () => {
    const outbound = createOutbound([]);
    const call = outbound.call("https://localhost:9/", { timeoutMs: 2_000 });
    await expect(call).rejects.toMatchObject({
      code: "unavailable",
      cause: expect.objectContaining({ message: "The name leads into a private network." }),
    });
    outbound.close();
  });

  test("a host that is allowed is called, by plain http too, and no other port of it", async () => {
    const outbound = createOutbound([new URL(base).host]);
    const answer = await outbound.call(base, { method: "POST", headers: { "x-a": "b" }, timeoutMs: 2_000 });
    expect(answer).toMatchObject({ status: 200, text: "POST b" });
    await expect(outbound.call("http://127.0.0.1:1/", { timeoutMs: 500 })).rejects.toMatchObject({
      code: "invalid",
    });
    outbound.close();
  });

  test("redirects are not followed, long answers and late ones are cut", async () => {
    const outbound = createOutbound(["127.0.0.1"]);
    expect(await outbound.call(`${base}/redirect`, { timeoutMs: 2_000 })).toMatchObject({ status: 302 });
    const unavailable = { code: "unavailable" };
    await expect(outbound.call(`${base}/long`, { timeoutMs: 2_000, maxBytes: 1_000 })).rejects.toMatchObject(
      unavailable,
    );
    await expect(outbound.call(`${base}/never`, { timeoutMs: 100 })).rejects.toMatchObject(unavailable);
    outbound.close();
  });

  test("a port that goes without saying may be named", () => {
    const outbound = createOutbound(["10.0.0.7:443", "10.0.0.8:80"]);
    expect(outbound.assertAllowed("https://10.0.0.7/a", "url").host).toBe("10.0.0.7");
    expect(outbound.assertAllowed("http://10.0.0.8/a", "url").host).toBe("10.0.0.8");
    expect(() => outbound.assertAllowed("http://10.0.0.7/a", "url")).toThrow("cannot be called");
    expect(() => outbound.assertAllowed("https://10.0.0.8/a", "url")).toThrow("cannot be called");
    outbound.close();
  });

  test("the setting lists hosts", () => {
    expect(outboundAllowed(" a.example, b:80 ,")).toEqual(["a.example", "b:80"]);
    expect(outboundAllowed(undefined)).toEqual([]);
  });
});
