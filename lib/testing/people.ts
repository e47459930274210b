import { uuidv7 } from "uuidv7";
import { expect } from "vitest";
import type { Ctx, PersonActor } from "@/lib/access/context";
import type { Role } from "@/lib/access/permissions";
import type { Db } from "@/lib/db/prisma";
import { type ErrorCode, SluiceError } from "@/lib/errors";
import type { Tier } from "@/lib/policy/vocabulary";
import { createUseCase } from "@/lib/use-cases/create-use-case";
import type { UseCaseView } from "@/lib/use-cases/views";
import { traceOf } from "./trace";

/** When tests happen, unless they say otherwise. */
export const NOW = new Date("2026-03-02T09:00:00.000Z");
export const DAY_MS = 86_400_000;

/** An instant some days from `NOW`, as inputs carry it. */
export function inDays(days: number): string {
  return new Date(NOW.getTime() + days * DAY_MS).toISOString();
}

/** A person in the database, as the actor of a context. */
export async function makeActor(db: Db, roles: Role[], name: string = roles.join("+")): Promise<PersonActor> {
  const id = uuidv7();
  const email = `${id}@example.com`;
  await db.person.create({
    data: {
      id,
      email,
      name,
      createdAt: NOW,
      roles: { create: roles.map((role) => ({ role, grantedAt: NOW })) },
    },
  });
  return { kind: "person", id, name, email, roles, sessionId: null };
}

/** A context in which this person asks, at `NOW` or another time. */
export function as(db: Db, actor: PersonActor, now: Date = NOW): Ctx {
  return { actor, now, requestId: "test", db };
}

/** One person of each kind; `owner` owns the application, `risk` its risk, `business` its business. */
export async function makeCast(db: Db) {
  const [admin, lead, lead2, lead3, risk, owner, business, auditor] = await Promise.all([
    makeActor(db, ["admin"], "Ada Admin"),
    makeActor(db, ["security_lead"], "Lea Lead"),
    makeActor(db, ["security_lead"], "Leo Lead"),
    makeActor(db, ["security_lead"], "Lin Lead"),
    makeActor(db, ["risk_owner"], "Rita Risk"),
    makeActor(db, ["application_owner"], "Otto Owner"),
    makeActor(db, [], "Bea Business"),
    makeActor(db, ["auditor"], "Aud Auditor"),
  ]);
  return { admin, lead, lead2, lead3, risk, owner, business, auditor };
}
export type Cast = Awaited<ReturnType<typeof makeCast>>;

/** A use case registered by its own command: owned by `owner`, its risk by `risk`. */
export function makeUseCase(
  db: Db,
  cast: Cast,
  given: { slug?: string; tier?: Tier } = {},
): Promise<UseCaseView> {
  return createUseCase(as(db, cast.lead), {
    slug: given.slug ?? `case-${uuidv7().slice(-12)}`,
    name: "Support bot",
    description: "Answers customers.",
    audience: "Customers",
    purpose: "Customer support",
    tier: given.tier ?? "moderate",
    dataClass: "internal",
    environment: "production",
    riskOwnerId: cast.risk.id,
    applicationOwnerIds: [cast.owner.id],
    templateId: "default",
  });
}

/** Expects a refusal with this code (and rule, or bad field), and that it left no trace in any table. */
export async function expectRefused(
  db: Db,
  command: () => Promise<unknown>,
  code: ErrorCode,
  what?: string,
): Promise<void> {
  const before = await traceOf(db);
  const error = await command().then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error, "it was not refused").toBeInstanceOf(SluiceError);
  const refused = error as SluiceError;
  expect({ code: refused.code, message: refused.message }).toMatchObject({ code });
  if (what !== undefined) expect([refused.rule, ...refused.fields.map(({ path }) => path)]).toContain(what);
  expect(await traceOf(db)).toEqual(before);
}

/** Runs a command and expects exactly one audit entry of it, with this action, by the person who asked. */
export async function expectAudited<T>(ctx: Ctx, action: string, command: () => Promise<T>): Promise<T> {
  const before = await ctx.db.auditEntry.count();
  const result = await command();
  const entries = await ctx.db.auditEntry.findMany({ orderBy: { number: "asc" }, skip: before });
  expect(entries.map((entry) => [entry.action, entry.actorId])).toEqual([
    [action, ctx.actor?.kind === "person" ? ctx.actor.id : "-"],
  ]);
  return result;
}
