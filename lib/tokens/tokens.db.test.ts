import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { PersonActor } from "@/lib/access/context";
import { FREE_FAILURES } from "@/lib/access/rules";
import { SluiceError } from "@/lib/errors";
import { deactivatePerson } from "@/lib/people/deactivate-person";
import { useTestDatabase } from "@/lib/testing/database";
import {
  as,
  type Cast,
  DAY_MS,
  expectAudited,
  expectRefused,
  inDays,
  makeActor,
  makeCast,
  NOW,
} from "@/lib/testing/people";
import { authenticateToken } from "./authenticate-token";
import { createToken } from "./create-token";
import { listTokens } from "./queries";
import { revokeToken } from "./revoke-token";
import type { CreatedTokenView } from "./views";

const test = useTestDatabase();
let cast: Cast;
beforeAll(async () => {
  cast = await makeCast(test.db);
});
beforeEach(() => test.db.signInAttempt.deleteMany());

const make = (actor: PersonActor, days = 30): Promise<CreatedTokenView> =>
  createToken(as(test.db, actor), { label: "repository", expiresAt: inDays(days), scopes: ["read"] });
const enter = (token: string, now: Date = NOW, address = "203.0.113.9") =>
  authenticateToken(test.db, { token, address, now });
const codeOf = (entered: Promise<unknown>) =>
  entered.then(
    () => "let in",
    (error: unknown) => (error instanceof SluiceError ? error.code : String(error)),
  );
const at = (ms: number) => new Date(NOW.getTime() + ms);

describe("a token", () => {
  it("is told once, and kept as a hash alone", async () => {
    const made = await expectAudited(as(test.db, cast.owner), "token.created", () => make(cast.owner));
    expect(made.token).toMatch(/^slp_[a-z0-9]{8}_[\w-]{43}$/);
    const rows = JSON.stringify(await test.db.$queryRaw`SELECT t::text FROM api_token t`);
    const entries = JSON.stringify(await test.db.$queryRaw`SELECT e::text FROM audit_entry e`);
    const list = JSON.stringify(
      await listTokens(as(test.db, cast.admin), { whose: "all", limit: 200, cursor: undefined }),
    );
    const secret = made.token.slice(-43);
    for (const text of [rows, entries, list]) expect(text).not.toContain(secret);
    expect(list).toContain(made.prefix);
    expect(list).not.toMatch(/hash/i);
  });

  it("speaks for its person, with the roles that they have now", async () => {
    const person = await makeActor(test.db, ["auditor"]);
    const { token, prefix, id } = await make(person);
    expect(await enter(token)).toMatchObject({
      id: person.id,
      roles: ["auditor"],
      sessionId: null,
      via: { kind: "token", id, prefix, label: "repository", scopes: ["read"] },
    });
    await test.db.roleGrant.deleteMany({ where: { personId: person.id } });
    expect((await enter(token)).roles).toEqual([]);
  });

  it("must end, within 366 days", async () => {
    const ctx = as(test.db, cast.owner);
    for (const [days, rule] of [
      [0, "token-expiry"],
      [-1, "token-expiry"],
      [366.001, "token-life"],
    ] as const) {
      await expectRefused(test.db, () => make(cast.owner, days), "rule", rule);
    }
    expect((await make(cast.owner, 366)).state).toBe("valid");
    const past = { personId: cast.owner.id, label: "x", prefix: "aaaaaaaa", secretHash: new Uint8Array(32) };
    const row = {
      ...past,
      id: "019b0000-0000-7000-8000-000000000001",
      createdAt: NOW,
      expiresAt: at(367 * DAY_MS),
    };
    await expect(ctx.db.apiToken.create({ data: { ...row, scopes: ["read"] } })).rejects.toThrow();
    await expect(
      ctx.db.apiToken.create({ data: { ...row, expiresAt: at(DAY_MS), scopes: ["approve"] } }),
    ).rejects.toThrow();
  });

  it("is over at the instant of its expiry, and in force a millisecond before", async () => {
    const { token, expiresAt } = await make(cast.owner);
    const end = new Date(expiresAt).getTime() - NOW.getTime();
    expect(await codeOf(enter(token, at(end - 1)))).toBe("let in");
    expect(await codeOf(enter(token, at(end)))).toBe("unauthenticated");
    expect(await codeOf(enter(token, at(end + 1)))).toBe("unauthenticated");
  });

  it("is over when it is revoked, on a clock that runs behind too", async () => {
    const { token, id } = await make(cast.owner);
    expect(await codeOf(enter(token))).toBe("let in");
    const ctx = as(test.db, cast.owner, at(1000));
    await expectAudited(ctx, "token.revoked", () => revokeToken(ctx, { id }));
    for (const ms of [999, 1000, 1001]) expect(await codeOf(enter(token, at(ms)))).toBe("unauthenticated");
    await expectRefused(test.db, () => revokeToken(ctx, { id }), "conflict");
    await expect(test.db.apiToken.update({ where: { id }, data: { revokedAt: null } })).rejects.toThrow();
    await expect(test.db.apiToken.delete({ where: { id } })).rejects.toThrow();
  });

  it("is over with its person's account", async () => {
    const person = await makeActor(test.db, ["auditor"]);
    const { token, id } = await make(person);
    await deactivatePerson(as(test.db, cast.admin, at(5)), { id: person.id, reason: "Left." });
    for (const ms of [4, 5, 6]) expect(await codeOf(enter(token, at(ms)))).toBe("unauthenticated");
    const row = await test.db.apiToken.findUniqueOrThrow({ where: { id } });
    expect([row.revokedAt, row.revokedById]).toEqual([at(5), cast.admin.id]);
    await test.db.person.update({ where: { id: person.id }, data: { deactivatedAt: null } });
    expect(await codeOf(enter(token, at(7)))).toBe("unauthenticated");
  });

  it("notes its last use by the hour, not by the call", async () => {
    const { token, id } = await make(cast.owner);
    const used = async () => (await test.db.apiToken.findUniqueOrThrow({ where: { id } })).lastUsedAt;
    await enter(token, at(0));
    await enter(token, at(3_599_999));
    expect(await used()).toEqual(at(0));
    await enter(token, at(3_600_000));
    expect(await used()).toEqual(at(3_600_000));
  });
});

describe("what is no token", () => {
  it("is refused alike, whatever is wrong", async () => {
    const { token } = await make(cast.owner);
    const other = `${token.slice(0, -1)}${token.endsWith("A") ? "B" : "A"}`;
    for (const wrong of ["", "slp_", other, token.replace("slp_", "slc_"), `${token}x`, "x".repeat(5000)]) {
      const error = await enter(wrong).then(
        () => null,
        (reason: unknown) => reason,
      );
      expect(error).toMatchObject({
        code: "unauthenticated",
        message: "This token is not valid (any more). Make another in the console.",
      });
    }
  });

  it("waits after many of them, and keeps nobody with a good one out", async () => {
    const { token } = await make(cast.owner);
    const wrong = (n: number) => `slp_abcdefgh_${String(n).padStart(43, "x")}`;
    const codes: string[] = [];
    for (let n = 0; n < FREE_FAILURES.address + 4; n++) codes.push(await codeOf(enter(wrong(n))));
    expect(codes[0]).toBe("unauthenticated");
    expect(codes.at(-1)).toBe("rate_limited");
    expect(await codeOf(enter(token))).toBe("let in");
    expect(await codeOf(enter("nonsense", NOW, "203.0.113.77"))).toBe("unauthenticated");
  });
});

describe("who sees and ends tokens", () => {
  it("is their person, and an admin", async () => {
    const { id } = await make(cast.owner);
    await expectRefused(test.db, () => revokeToken(as(test.db, cast.lead), { id }), "not_found");
    const mine = await listTokens(as(test.db, cast.lead), { whose: "mine", limit: 50, cursor: undefined });
    expect(mine).toEqual({ items: [], total: 0, nextCursor: null });
    await expectRefused(
      test.db,
      () => listTokens(as(test.db, cast.lead), { whose: "all", limit: 50, cursor: undefined }),
      "forbidden",
    );
    const revoked = await revokeToken(as(test.db, cast.admin), { id, reason: "Leaked in a log." });
    expect(revoked).toMatchObject({ state: "revoked", own: false, revokedBy: { id: cast.admin.id } });
  });

  it("is no token: it makes none, ends none", async () => {
    const { token, id } = await make(cast.admin);
    const through = as(test.db, await enter(token));
    await expectRefused(
      test.db,
      () => createToken(through, { label: "more", expiresAt: inDays(9), scopes: ["propose"] }),
      "forbidden",
    );
    await expectRefused(test.db, () => revokeToken(through, { id }), "forbidden");
    await expectRefused(
      test.db,
      () => listTokens(through, { whose: "all", limit: 50, cursor: undefined }),
      "forbidden",
    );
  });

  it("pages the list", async () => {
    const person = await makeActor(test.db, ["auditor"]);
    const ids = [];
    for (let n = 0; n < 5; n++) ids.push((await make(person)).id);
    const first = await listTokens(as(test.db, person), { whose: "mine", limit: 3, cursor: undefined });
    const cursor = first.nextCursor ?? "";
    const rest = await listTokens(as(test.db, person), { whose: "mine", limit: 3, cursor });
    expect([first.total, [...first.items, ...rest.items].map((one) => one.id)]).toEqual([
      5,
      ids.toReversed(),
    ]);
    expect(rest.nextCursor).toBeNull();
  });
});
