import { describe, expect, it } from "vitest";
import { SluiceError } from "@/lib/errors";
import type { IssuerKeySet } from "@/lib/net/fetch-issuer-keys";
import { makeKey } from "@/lib/testing/issuer";
import { createIssuerKeys } from "./issuer-keys";
import type { SnapshotIssuer } from "./snapshot";
import { TokenMemory } from "./token-memory";

const ISSUER: SnapshotIssuer = { id: "i", issuer: "https://a.example.com", jwksUri: null, federations: [] };

async function published(): Promise<IssuerKeySet> {
  return { jwksUri: "https://a.example.com/jwks", keys: [(await makeKey("one")).jwk], unusable: 0 };
}

describe("the keys of an issuer", () => {
  it("are fetched once by all who come at the same time", async () => {
    let calls = 0;
    const answer = await published();
    const keys = createIssuerKeys(
      async () => {
        calls++;
        await new Promise((done) => setTimeout(done, 20));
        return answer;
      },
      () => {},
    );
    const sets = await Promise.all(Array.from({ length: 30 }, () => keys.current(ISSUER, 0)));
    expect([calls, new Set(sets).size]).toEqual([1, 1]);
  });

  it("stay the same object while the issuer publishes the same", async () => {
    const answer = await published();
    const keys = createIssuerKeys(
      async () => structuredClone(answer),
      () => {},
    );
    const first = await keys.current(ISSUER, 0);
    expect(await keys.current(ISSUER, 600_000)).toBe(first);
    expect(await keys.newer(ISSUER, first, 700_000)).toBeNull();
    answer.keys = [(await makeKey("two")).jwk];
    expect(await keys.newer(ISSUER, first, 800_000)).not.toBeNull();
  });

  it("are asked for at most every 30 seconds from one that was never there, and each failure is told", async () => {
    const failures: string[] = [];
    let calls = 0;
    const keys = createIssuerKeys(
      async () => {
        calls++;
        throw new SluiceError("unavailable", "away");
      },
      (issuer) => failures.push(issuer),
    );
    for (let at = 0; at <= 60_000; at += 1_000) {
      await expect(keys.current(ISSUER, at)).rejects.toMatchObject({ code: "unavailable" });
    }
    expect([calls, failures]).toEqual([3, Array(3).fill(ISSUER.issuer)]);
  });
});

describe("the memory of tokens", () => {
  it("is bounded, and forgets those not seen for longest", () => {
    const memory = new TokenMemory<{ expiresAt: number }>();
    for (let i = 0; i < 10_000; i++) memory.set(`token ${i}`, { expiresAt: 10 });
    expect(memory.get("token 0", 0)).toBeDefined();
    memory.set("one more", { expiresAt: 10 });
    expect(memory.get("token 0", 0)).toBeDefined();
    expect(memory.get("token 1", 0)).toBeUndefined();
  });

  it("holds a token until the millisecond at which it expires", () => {
    const memory = new TokenMemory<{ expiresAt: number }>();
    memory.set("a", { expiresAt: 10 });
    expect([memory.get("a", 9), memory.get("a", 10), memory.get("a", 9)]).toEqual([
      { expiresAt: 10 },
      undefined,
      undefined,
    ]);
  });
});
