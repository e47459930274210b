import { type Ctx, requirePermission } from "@/lib/access/context";
import { cutPage, decodeCursor } from "@/lib/db/keyset";
import type { Db, Prisma, Tx } from "@/lib/db/prisma";
import { SluiceError } from "@/lib/errors";
import type { Page } from "@/lib/schema";
import { workloadActions } from "./may";
import { breadthOf, credentialState } from "./rules";
import type { ListWorkloadsInput } from "./schema";
import type { CredentialView, FederationView, WorkloadView } from "./views";

const SERVED = {
  select: { id: true, slug: true, name: true, riskOwnerId: true, members: { select: { personId: true } } },
} as const;

const CREDENTIAL = {
  select: {
    id: true,
    label: true,
    kind: true,
    prefix: true,
    createdAt: true,
    expiresAt: true,
    revokedAt: true,
  },
} as const;

/** A workload with the use cases that it serves and its credentials, without their secrets. */
export const WORKLOAD = {
  include: {
    useCases: { select: { useCase: SERVED }, orderBy: { useCase: { slug: "asc" } } },
    credentials: { ...CREDENTIAL, orderBy: { createdAt: "desc" } },
    federations: {
      where: { removedAt: null },
      include: { issuer: { select: { id: true, name: true, issuer: true } } },
      orderBy: { createdAt: "asc" },
    },
  },
} as const satisfies Prisma.WorkloadDefaultArgs;

export type WorkloadRow = Prisma.WorkloadGetPayload<typeof WORKLOAD>;

/** Workloads by slug, a page at a time. */
export async function listWorkloads(ctx: Ctx, input: ListWorkloadsInput): Promise<Page<WorkloadView>> {
  requirePermission(ctx, "use-case:read");
  const after = decodeCursor(input.cursor, "string");
  const contains = { contains: input.q ?? "", mode: "insensitive" } as const;
  const filter: Prisma.WorkloadWhereInput = {
    retiredAt: null,
    ...(input.useCase ? { useCases: { some: { useCase: { slug: input.useCase } } } } : {}),
    ...(input.q ? { OR: [{ slug: contains }, { name: contains }] } : {}),
  };
  const [rows, total] = await Promise.all([
    ctx.db.workload.findMany({
      where: { AND: [filter, after === undefined ? {} : { slug: { gt: after } }] },
      orderBy: { slug: "asc" },
      take: input.limit + 1,
      ...WORKLOAD,
    }),
    ctx.db.workload.count({ where: filter }),
  ]);
  const { items, nextCursor } = cutPage(rows, input.limit, (row) => row.slug);
  return { items: items.map((row) => toView(ctx, row)), total, nextCursor };
}

/** One workload by slug; `not_found` when there is none. */
export async function getWorkload(ctx: Ctx, { slug }: { slug: string }): Promise<WorkloadView> {
  requirePermission(ctx, "use-case:read");
  return toView(ctx, await getWorkloadRow(ctx.db, slug));
}

/** The row of a workload by slug; `not_found` when there is none. */
export async function getWorkloadRow(db: Db | Tx, slug: string): Promise<WorkloadRow> {
  const row = await db.workload.findUnique({ where: { slug }, ...WORKLOAD });
  if (!row) throw new SluiceError("not_found", `There is no workload "${slug.slice(0, 60)}".`);
  return row;
}

/** The view of a credential; its secret is nowhere. */
export function toCredentialView(
  row: Prisma.CredentialGetPayload<typeof CREDENTIAL>,
  now: Date,
): CredentialView {
  return {
    id: row.id,
    label: row.label,
    kind: row.kind,
    prefix: row.prefix,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    revokedAt: row.revokedAt?.toISOString() ?? null,
    state: credentialState(row, now),
  };
}

function toFederationView(row: WorkloadRow["federations"][number]): FederationView {
  const { id, issuer, audience, subject, createdAt } = row;
  return { id, issuer, audience, subject, broad: breadthOf(subject), createdAt: createdAt.toISOString() };
}

function toView(ctx: Ctx, row: WorkloadRow): WorkloadView {
  const served = row.useCases.map(({ useCase }) => useCase);
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    description: row.description,
    createdAt: row.createdAt.toISOString(),
    retiredAt: row.retiredAt?.toISOString() ?? null,
    tasksValidFrom: row.tasksValidFrom?.toISOString() ?? null,
    useCases: served.map(({ slug, name }) => ({ slug, name })),
    credentials: row.credentials.map((credential) => toCredentialView(credential, ctx.now)),
    federations: row.federations.map(toFederationView),
    actions: ctx.actor?.kind === "person" && row.retiredAt === null ? workloadActions(ctx.actor, served) : [],
  };
}
