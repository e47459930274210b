import { type Ctx, requirePermission } from "@/lib/access/context";
import { cutPage, decodeCursor } from "@/lib/db/keyset";
import type { Db, Prisma, Tx } from "@/lib/db/prisma";
import { SluiceError } from "@/lib/errors";
import type { Page } from "@/lib/schema";
import type { ListIssuersInput } from "./schema";
import type { IssuerView } from "./views";

const ISSUER = {
  include: {
    federations: {
      where: { removedAt: null },
      select: { workload: { select: { slug: true, name: true } } },
      orderBy: { workload: { slug: "asc" } },
    },
  },
} as const satisfies Prisma.FederatedIssuerDefaultArgs;

type IssuerRow = Prisma.FederatedIssuerGetPayload<typeof ISSUER>;

/** Issuers that are not retired, the newest first, a page at a time. */
export async function listIssuers(ctx: Ctx, input: ListIssuersInput): Promise<Page<IssuerView>> {
  requirePermission(ctx, "use-case:read");
  const before = decodeCursor(input.cursor, "string");
  if (before !== undefined && !/^[0-9a-f-]{36}$/.test(before)) {
    throw new SluiceError("invalid", "The cursor is not one of this list.", {
      fields: [{ path: "cursor", message: "is not one of this list" }],
    });
  }
  const where = { retiredAt: null };
  const [rows, total] = await Promise.all([
    ctx.db.federatedIssuer.findMany({
      where: { AND: [where, before === undefined ? {} : { id: { lt: before } }] },
      orderBy: { id: "desc" },
      take: input.limit + 1,
      ...ISSUER,
    }),
    ctx.db.federatedIssuer.count({ where }),
  ]);
  const { items, nextCursor } = cutPage(rows, input.limit, ({ id }) => id);
  return { items: items.map(toIssuerView), total, nextCursor };
}

/** The row of an issuer; `not_found` when there is none. */
export async function getIssuerRow(db: Db | Tx, id: string): Promise<IssuerRow> {
  const row = await db.federatedIssuer.findUnique({ where: { id }, ...ISSUER });
  if (!row) throw new SluiceError("not_found", "There is no such issuer.");
  return row;
}

export function toIssuerView(row: IssuerRow): IssuerView {
  const { id, name, issuer, jwksUri, createdAt, retiredAt, federations } = row;
  const workloads = new Map(federations.map(({ workload }) => [workload.slug, workload]));
  return {
    id,
    name,
    issuer,
    jwksUri,
    createdAt: createdAt.toISOString(),
    retiredAt: retiredAt?.toISOString() ?? null,
    federations: federations.length,
    workloads: [...workloads.values()],
  };
}
