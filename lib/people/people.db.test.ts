import { uuidv7 } from "uuidv7";
import { beforeAll, describe, expect, it } from "vitest";
import type { PersonActor } from "@/lib/access/context";
import { findSessionPerson } from "@/lib/access/session";
import { signIn } from "@/lib/access/sign-in";
import { useTestDatabase } from "@/lib/testing/database";
import {
  as,
  type Cast,
  DAY_MS,
  expectAudited,
  expectRefused,
  makeActor,
  makeCast,
  makeUseCase,
  NOW,
} from "@/lib/testing/people";
import { changeRoles } from "./change-roles";
import { createPerson } from "./create-person";
import { deactivatePerson } from "./deactivate-person";
import { getPerson, listPeople, listSessions } from "./queries";
import { createFirstAdmin, createSetupToken, needsSetup } from "./setup";

const test = useTestDatabase();
const first = { name: "Fay First", email: "fay@example.com", password: "a long enough password" };

describe("an empty installation", () => {
  const nobody = () => ({ actor: null, now: NOW, requestId: "test", db: test.db });

  it("makes its first admin once, through a link that is good for a day", async () => {
    expect(await needsSetup(test.db)).toBe(true);
    const token = (await createSetupToken(test.db, NOW)) ?? "";
    const spare = (await createSetupToken(test.db, NOW)) ?? "";
    const tomorrow = { ...nobody(), now: new Date(NOW.getTime() + DAY_MS) };
    const unknown = { ...first, token: "x".repeat(43) };
    await expectRefused(test.db, () => createFirstAdmin(nobody(), unknown), "not_found");
    await expectRefused(test.db, () => createFirstAdmin(tomorrow, { ...first, token }), "not_found");
    const settled = await Promise.allSettled([
      createFirstAdmin(nobody(), { ...first, token }),
      createFirstAdmin(nobody(), { ...first, email: "fox@example.com", token: spare }),
    ]);
    expect(settled.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(await test.db.person.count()).toBe(1);
    expect(await test.db.auditEntry.count({ where: { action: "person.created" } })).toBe(1);
    const winner = settled[0]?.status === "fulfilled" ? token : spare;
    const loser = winner === token ? spare : token;
    await expectRefused(test.db, () => createFirstAdmin(nobody(), { ...first, token: winner }), "not_found");
    await expectRefused(test.db, () => createFirstAdmin(nobody(), { ...first, token: loser }), "conflict");
    expect(await createSetupToken(test.db, NOW)).toBeNull();
  });
});

describe("people", () => {
  let cast: Cast;
  beforeAll(async () => {
    cast = await makeCast(test.db);
  });
  const by = (actor: PersonActor, now: Date = NOW) => as(test.db, actor, now);
  const login = (email: string, password: string) =>
    signIn(test.db, NOW, "test", { email, password, address: "127.0.0.1", userAgent: null });

  it("are made by an admin and sign in with the initial password", async () => {
    const ctx = by(cast.admin);
    const input = {
      email: "new@example.com",
      name: "Nia New",
      roles: ["auditor" as const],
      password: first.password,
    };
    const person = await expectAudited(ctx, "person.created", () => createPerson(ctx, input));
    expect(person).toMatchObject({ roles: ["auditor"], active: true, sessions: 0 });
    expect((await login("new@example.com", first.password)).id).toBe(person.id);
    await expectRefused(test.db, () => createPerson(ctx, input), "conflict", "email");
    const entries = await test.db.auditEntry.findMany({
      where: { subjectId: person.id },
      omit: { number: true },
    });
    expect(JSON.stringify(entries)).not.toContain(first.password);
    for (const actor of [cast.lead, cast.risk, cast.owner, cast.auditor]) {
      await expectRefused(
        test.db,
        () => createPerson(by(actor), { ...input, email: "x@example.com" }),
        "forbidden",
      );
    }
  });

  it("get roles from an admin, never from themselves", async () => {
    const person = await makeActor(test.db, ["auditor"], "Rob Roles");
    const ctx = by(cast.admin);
    const roles = ["security_lead" as const];
    const changed = await expectAudited(ctx, "person.roles_changed", () =>
      changeRoles(ctx, { id: person.id, roles }),
    );
    expect(changed.roles).toEqual(roles);
    const entry = await test.db.auditEntry.findFirstOrThrow({ where: { subjectId: person.id } });
    expect(entry.detail).toMatchObject({ added: ["security_lead"], removed: ["auditor"] });
    const before = await test.db.auditEntry.count();
    await changeRoles(ctx, { id: person.id, roles });
    expect(await test.db.auditEntry.count()).toBe(before);
    await expectRefused(test.db, () => changeRoles(ctx, { id: cast.admin.id, roles }), "rule", "own-account");
    await expectRefused(test.db, () => changeRoles(by(cast.lead), { id: person.id, roles }), "forbidden");
    await expectRefused(test.db, () => changeRoles(ctx, { id: uuidv7(), roles }), "not_found");
  });

  it("are deactivated with all their sessions, and stay in what they did", async () => {
    const ctx = by(cast.admin);
    await createPerson(ctx, {
      email: "gone@example.com",
      name: "Gus Gone",
      roles: ["auditor"],
      password: first.password,
    });
    const person = await login("gone@example.com", first.password);
    expect((await getPerson(ctx, { id: person.id })).sessions).toBe(1);
    const deactivated = await expectAudited(ctx, "person.deactivated", () =>
      deactivatePerson(ctx, { id: person.id, reason: "Left." }),
    );
    expect(deactivated).toMatchObject({
      active: false,
      sessions: 0,
      actions: [{ allowed: false }, { allowed: false }],
    });
    expect(await findSessionPerson(test.db, person.sessionId ?? "", NOW)).toBeNull();
    await expect(login("gone@example.com", first.password)).rejects.toThrow("wrong");
    const again = () => deactivatePerson(ctx, { id: person.id, reason: "Left." });
    await expectRefused(test.db, again, "conflict");
    const own = () => deactivatePerson(ctx, { id: cast.admin.id, reason: "Tired." });
    await expectRefused(test.db, own, "rule", "own-account");
    const byLead = () => deactivatePerson(by(cast.lead), { id: cast.owner.id, reason: "No." });
    await expectRefused(test.db, byLead, "forbidden");
  });

  it("never leave the installation without an admin, even when two deactivate each other", async () => {
    const others = await test.db.person.findMany({
      where: { roles: { some: { role: "admin" } }, id: { not: cast.admin.id } },
    });
    for (const { id } of others) await deactivatePerson(by(cast.admin), { id, reason: "Test." });
    const other = await makeActor(test.db, ["admin"], "Abe Admin");
    const settled = await Promise.allSettled([
      deactivatePerson(by(cast.admin), { id: other.id, reason: "You." }),
      deactivatePerson(by(other), { id: cast.admin.id, reason: "No, you." }),
    ]);
    expect(settled.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(
      await test.db.person.count({ where: { deactivatedAt: null, roles: { some: { role: "admin" } } } }),
    ).toBe(1);
  });

  it("are listed with what they own, by role and name, page by page", async () => {
    const useCase = await makeUseCase(test.db, cast);
    const ctx = by(cast.auditor);
    const leads = await listPeople(ctx, { role: "security_lead", q: "lead", limit: 2 });
    expect(leads.total).toBe(3);
    const rest = await listPeople(ctx, {
      role: "security_lead",
      q: "lead",
      limit: 2,
      cursor: leads.nextCursor ?? "",
    });
    expect([...leads.items, ...rest.items].map(({ name }) => name).sort()).toEqual([
      "Lea Lead",
      "Leo Lead",
      "Lin Lead",
    ]);
    expect((await getPerson(ctx, { id: cast.risk.id })).riskOwnerOf).toContainEqual({
      slug: useCase.slug,
      name: useCase.name,
    });
    expect((await getPerson(ctx, { id: cast.owner.id })).applicationOwnerOf).toContainEqual({
      slug: useCase.slug,
      name: useCase.name,
    });
    expect((await listPeople(ctx, { active: "false", q: "Gus", limit: 9 })).items).toMatchObject([
      { active: false },
    ]);
  });

  it("see their own sessions, an admin everybody's", async () => {
    const person = await login("new@example.com", first.password);
    const own = await listSessions(by(person), {});
    expect(own.map(({ person: { name } }) => name)).toEqual(own.map(() => "Nia New"));
    expect(own.filter((session) => session.own)).toHaveLength(1);
    await expectRefused(test.db, () => listSessions(by(person), { person: cast.lead.id }), "forbidden");
    const all = await listSessions(by(await makeActor(test.db, ["admin"])), { person: person.id });
    expect(all.map(({ id }) => id)).toEqual(own.map(({ id }) => id));
  });
});
