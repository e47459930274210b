import { beforeAll, describe, expect, it } from "vitest";
import { SluiceError } from "@/lib/errors";
import { useTestDatabase } from "@/lib/testing/database";
import { makeActor, NOW } from "@/lib/testing/people";
import { hashPassword } from "./password";
import { findSessionPerson } from "./session";
import { signIn } from "./sign-in";

const test = useTestDatabase();
const PASSWORD = "a long enough password";

async function account(): Promise<string> {
  const person = await makeActor(test.db, ["auditor"]);
  await test.db.person.update({
    where: { id: person.id },
    data: { passwordHash: await hashPassword(PASSWORD) },
  });
  return person.email;
}

const attempt = (email: string, password: string, address = email, seconds = 0) =>
  signIn(test.db, new Date(NOW.getTime() + seconds * 1000), "test", {
    email,
    password,
    address,
    userAgent: null,
  });

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "ok",
    (error: unknown) => (error instanceof SluiceError ? error.code : String(error)),
  );

describe("guessing", () => {
  let email: string;
  beforeAll(async () => {
    email = await account();
  });

  it("many passwords at the same instant gets no further than one after the other", async () => {
    const codes = await Promise.all(
      Array.from({ length: 40 }, (_, n) => codeOf(attempt(email, `guess ${n}`, `10.0.0.${n}`))),
    );
    expect(codes.filter((code) => code === "unauthenticated")).toHaveLength(5);
    expect(codes.filter((code) => code === "rate_limited")).toHaveLength(35);
    expect(await test.db.auditEntry.count({ where: { action: "person.sign_in_refused" } })).toBe(5);
    expect(await codeOf(attempt(email, PASSWORD))).toBe("rate_limited");
    expect(await codeOf(attempt(email, PASSWORD, email, 2))).toBe("ok");
  });

  it("at many accounts from one address waits too, and says nothing of who exists", async () => {
    const known = await account();
    const codes: string[] = [];
    for (let n = 0; n < 21; n++) codes.push(await codeOf(attempt(`nobody-${n}@example.com`, "x", "spray")));
    expect(new Set(codes.slice(0, 20))).toEqual(new Set(["unauthenticated"]));
    expect(codes[20]).toBe("rate_limited");
    const told = async (name: string) =>
      attempt(name, "x", "spray").catch((error: SluiceError) => [error.code, error.message]);
    expect(await told(known)).toEqual(await told("no-such-person@example.com"));
  });
});

describe("signing in", () => {
  it("is forgiven earlier failures, and does not use up an address", async () => {
    const email = await account();
    for (let n = 0; n < 4; n++) expect(await codeOf(attempt(email, "wrong", "home"))).toBe("unauthenticated");
    for (let n = 0; n < 30; n++) expect(await codeOf(attempt(email, PASSWORD, "home"))).toBe("ok");
    expect(await codeOf(attempt(email, "wrong", "home"))).toBe("unauthenticated");
  });

  it.each([
    ["a\u0000b@example.com", PASSWORD],
    [`${"a".repeat(300)}@example.com`, PASSWORD],
    ["\ud800@example.com", "\ud800"],
  ])("takes %j as nobody's", async (email, password) => {
    expect(await codeOf(attempt(email, password))).toBe("unauthenticated");
  });

  it("takes no more than the password: nothing behind it", async () => {
    const email = await account();
    const long = "p".repeat(200);
    await test.db.person.update({ where: { email }, data: { passwordHash: await hashPassword(long) } });
    expect(await codeOf(attempt(email, `${long}p`))).toBe("unauthenticated");
    expect(await codeOf(attempt(email, long))).toBe("ok");
  });

  it("ends with its hours, with the account, and follows the roles as they are", async () => {
    const email = await account();
    const { id, sessionId } = await attempt(email, PASSWORD);
    const personAfter = (hours: number) =>
      findSessionPerson(test.db, sessionId ?? "", new Date(NOW.getTime() + hours * 3_600_000));
    expect(await personAfter(12)).toBeNull();
    expect((await personAfter(11.99))?.roles).toEqual(["auditor"]);
    await test.db.roleGrant.deleteMany({ where: { personId: id } });
    expect((await personAfter(1))?.roles).toEqual([]);
    await test.db.person.update({ where: { id }, data: { deactivatedAt: NOW } });
    expect(await personAfter(1)).toBeNull();
  });
});
