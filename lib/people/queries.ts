import { type Ctx, requirePermission, requirePerson } from "@/lib/access/context";
import { can } from "@/lib/access/permissions";
import { cutPage, decodeCursor } from "@/lib/db/keyset";
import type { Prisma } from "@/lib/db/prisma";
import { SluiceError } from "@/lib/errors";
import type { Page } from "@/lib/schema";
import { personActions } from "./may";
import { PERSON_REF } from "./refs";
import type { ListPeopleInput } from "./schema";
import type { PersonView, SessionView } from "./views";

const OWNED = { slug: true, name: true } as const;

function included(now: Date) {
  return {
    roles: { select: { role: true } },
    riskOwnerOf: { select: OWNED, orderBy: { name: "asc" } },
    sessions: { select: { createdAt: true }, orderBy: { createdAt: "desc" }, take: 1 },
    memberOf: { select: { useCase: { select: OWNED } }, orderBy: { useCase: { name: "asc" } } },
    _count: { select: { sessions: { where: { endedAt: null, expiresAt: { gt: now } } } } },
  } as const satisfies Prisma.PersonInclude;
}

type Row = Prisma.PersonGetPayload<{ include: ReturnType<typeof included> }>;

function toView(ctx: Ctx, row: Row): PersonView {
  return {
    id: row.id,
    name: row.name,
    email: row.email,
    roles: row.roles.map(({ role }) => role),
    active: row.deactivatedAt === null,
    createdAt: row.createdAt.toISOString(),
    deactivatedAt: row.deactivatedAt?.toISOString() ?? null,
    riskOwnerOf: row.riskOwnerOf,
    applicationOwnerOf: row.memberOf.map(({ useCase }) => useCase),
    lastSignInAt: row.sessions[0]?.createdAt.toISOString() ?? null,
    sessions: row._count.sessions,
    actions: ctx.actor?.kind === "person" ? personActions(ctx.actor, row) : [],
  };
}

/** People by name, a page at a time. */
export async function listPeople(ctx: Ctx, input: ListPeopleInput): Promise<Page<PersonView>> {
  requirePermission(ctx, "people:read");
  const email = decodeCursor(input.cursor, "string");
  const filter: Prisma.PersonWhereInput = {
    ...(input.role ? { roles: { some: { role: input.role } } } : {}),
    ...(input.active ? { deactivatedAt: input.active === "true" ? null : { not: null } } : {}),
    ...(input.q
      ? {
          OR: [
            { name: { contains: input.q, mode: "insensitive" } },
            { email: { contains: input.q, mode: "insensitive" } },
          ],
        }
      : {}),
  };
  const [rows, total] = await Promise.all([
    ctx.db.person.findMany({
      where: filter,
      orderBy: [{ name: "asc" }, { email: "asc" }],
      ...(email === undefined ? {} : { cursor: { email }, skip: 1 }),
      take: input.limit + 1,
      include: included(ctx.now),
    }),
    ctx.db.person.count({ where: filter }),
  ]);
  const { items, nextCursor } = cutPage(rows, input.limit, (row) => row.email);
  return { items: items.map((row) => toView(ctx, row)), total, nextCursor };
}

/** One person; `not_found` when there is none. */
export async function getPerson(ctx: Ctx, { id }: { id: string }): Promise<PersonView> {
  requirePermission(ctx, "people:read");
  const row = await ctx.db.person.findUnique({ where: { id }, include: included(ctx.now) });
  if (!row) throw new SluiceError("not_found", "There is no such person.");
  return toView(ctx, row);
}

/** Signed-in browsers: one's own, or of anybody with `session:end`. Newest first. */
export async function listSessions(
  ctx: Ctx,
  { person }: { person?: string | undefined },
): Promise<SessionView[]> {
  const viewer = requirePerson(ctx);
  const all = can(viewer, "session:end");
  if (person !== undefined && person !== viewer.id && !all) {
    throw new SluiceError("forbidden", "Only an admin sees other people's sessions.");
  }
  const rows = await ctx.db.signInSession.findMany({
    where: {
      endedAt: null,
      expiresAt: { gt: ctx.now },
      ...(person !== undefined ? { personId: person } : all ? {} : { personId: viewer.id }),
    },
    orderBy: { createdAt: "desc" },
    take: 500,
    include: { person: PERSON_REF },
  });
  return rows.map((row) => ({
    id: row.id,
    person: row.person,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    userAgent: row.userAgent,
    own: row.id === viewer.sessionId,
  }));
}
