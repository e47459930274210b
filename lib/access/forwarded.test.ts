import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { guardForwardedAddress, trustedProxies } from "./forwarded";
import { callerAddress } from "./rules";

describe("X-Forwarded-For", () => {
  let server: Server;
  beforeAll(async () => {
    server = createServer((request, response) => response.end(request.headers["x-forwarded-for"] ?? "none"));
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    guardForwardedAddress();
    guardForwardedAddress();
  });
  afterAll(() => server.close());
  afterEach(() => vi.unstubAllEnvs());

  const seen = async () => {
    const { port } = server.address() as AddressInfo;
    const answer = await fetch(`http://127.0.0.1:${port}`, { headers: { "x-forwarded-for": "203.0.113.9" } });
    return answer.text();
  };

  it("of a caller is taken away unless a proxy of ours is named", async () => {
    vi.stubEnv("SLUICE_TRUST_PROXY", undefined);
    expect(await seen()).toBe("none");
    vi.stubEnv("SLUICE_TRUST_PROXY", "1");
    expect(await seen()).toBe("203.0.113.9");
  });

  it("names the caller by what our proxies added, not by what stands before it", () => {
    expect(callerAddress("203.0.113.9", 0)).toBe("203.0.113.9");
    expect(callerAddress("1.1.1.1, 203.0.113.9", 1)).toBe("203.0.113.9");
    expect(callerAddress("1.1.1.1, 203.0.113.9, 10.0.0.2", 2)).toBe("203.0.113.9");
    expect(callerAddress("203.0.113.9", 2)).toBe("203.0.113.9");
    expect(callerAddress(undefined, 1)).toBe("unknown");
  });

  it("is believed for a count of proxies, and for nothing else", () => {
    expect(["1", "3"].map(trustedProxies)).toEqual([1, 3]);
    expect(["0", "", "true", "-1", "10"].map(trustedProxies)).toEqual([0, 0, 0, 0, 0]);
  });
});
