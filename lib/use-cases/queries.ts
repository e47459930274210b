import { type Ctx, requirePermission } from "@/lib/access/context";
import { can, type Permission } from "@/lib/access/permissions";
import { OPEN_STATUSES } from "@/lib/changes/lifecycle";
import { cutPage, decodeCursor } from "@/lib/db/keyset";
import type { Prisma } from "@/lib/db/prisma";
import { SluiceError } from "@/lib/errors";
import { countInForce } from "@/lib/exceptions/terms";
import { PERSON_REF } from "@/lib/people/refs";
import type { ActionView } from "@/lib/people/views";
import type { Page } from "@/lib/schema";
import { stageOf } from "./policy-in-force";
import { relationIn } from "./refs";
import type { ListUseCasesInput } from "./schema";
import type { UseCaseAction, UseCaseSummary, UseCaseView } from "./views";

const INCLUDED = {
  riskOwner: PERSON_REF,
  members: { select: { personId: true, person: PERSON_REF }, orderBy: { person: { name: "asc" } } },
  versions: {
    select: { number: true, document: true, effectiveFrom: true },
    orderBy: { number: "desc" },
    take: 1,
  },
  workloads: {
    select: { workload: { select: { id: true, slug: true, name: true } } },
    orderBy: { workload: { slug: "asc" } },
  },
  _count: { select: { changes: { where: { status: { in: [...OPEN_STATUSES] } } } } },
} as const satisfies Prisma.UseCaseInclude;

type Row = Prisma.UseCaseGetPayload<{ include: typeof INCLUDED }>;

/** The register by name, a page at a time. Rates of decisions come from telemetry. */
export async function listUseCases(ctx: Ctx, input: ListUseCasesInput): Promise<Page<UseCaseSummary>> {
  const viewer = requirePermission(ctx, "use-case:read");
  const slug = decodeCursor(input.cursor, "string");
  const filter = toFilter(input, viewer.id);
  const [rows, total] = await Promise.all([
    ctx.db.useCase.findMany({
      where: filter,
      orderBy: [{ name: "asc" }, { slug: "asc" }],
      ...(slug === undefined ? {} : { cursor: { slug }, skip: 1 }),
      take: input.limit + 1,
      include: INCLUDED,
    }),
    ctx.db.useCase.count({ where: filter }),
  ]);
  const { items, nextCursor } = cutPage(rows, input.limit, (row) => row.slug);
  const inForce = await countInForce(
    ctx.db,
    items.map(({ id }) => id),
    ctx.now,
  );
  return { items: items.map((row) => toSummary(row, inForce.get(row.id) ?? 0)), total, nextCursor };
}

/** One use case; `not_found` when there is none. */
export async function getUseCase(ctx: Ctx, { slug }: { slug: string }): Promise<UseCaseView> {
  requirePermission(ctx, "use-case:read");
  const row = await ctx.db.useCase.findUnique({ where: { slug }, include: INCLUDED });
  if (!row) throw new SluiceError("not_found", `There is no use case "${slug.slice(0, 60)}".`);
  const inForce = await countInForce(ctx.db, [row.id], ctx.now);
  return {
    ...toSummary(row, inForce.get(row.id) ?? 0),
    description: row.description,
    audience: row.audience,
    purpose: row.purpose,
    revision: row.revision,
    workloads: row.workloads.map(({ workload }) => workload),
    actions: actionsOf(ctx, row),
  };
}

function toFilter(input: ListUseCasesInput, viewerId: string): Prisma.UseCaseWhereInput {
  const and: Prisma.UseCaseWhereInput[] = [];
  if (input.tier) and.push({ tier: input.tier });
  if (input.environment) and.push({ environment: input.environment });
  if (input.mine === "true") {
    and.push({ OR: [{ riskOwnerId: viewerId }, { members: { some: { personId: viewerId } } }] });
  }
  if (input.q) {
    const contains = { contains: input.q, mode: "insensitive" } as const;
    and.push({ OR: [{ slug: contains }, { name: contains }, { riskOwner: { name: contains } }] });
  }
  return { AND: and };
}

function toSummary(row: Row, openExceptions: number): UseCaseSummary {
  const version = row.versions[0];
  if (!version) throw new Error(`Use case ${row.slug} has no policy version.`);
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    tier: row.tier,
    dataClass: row.dataClass,
    environment: row.environment,
    riskOwner: row.riskOwner,
    applicationOwners: row.members.map(({ person }) => person),
    policy: {
      version: version.number,
      stage: stageOf(version.document),
      effectiveFrom: version.effectiveFrom.toISOString(),
    },
    openExceptions,
    openChanges: row._count.changes,
    createdAt: row.createdAt.toISOString(),
  };
}

const PERMISSION_OF = {
  update: "use-case:update",
  "draft-change": "change:create",
  "request-exception": "exception:create",
  "create-workload": "workload:manage",
  "send-canary": "canary:send",
} as const satisfies Record<UseCaseAction, Permission>;

function actionsOf(ctx: Ctx, row: Row): ActionView<UseCaseAction>[] {
  const viewer = ctx.actor?.kind === "person" ? ctx.actor : null;
  return (Object.keys(PERMISSION_OF) as UseCaseAction[]).map((name) => {
    const allowed = viewer !== null && can(viewer, PERMISSION_OF[name], relationIn(row, viewer.id));
    return { name, allowed, why: allowed ? null : "Your roles do not allow it for this use case." };
  });
}
