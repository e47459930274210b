import type { Prisma } from "@/lib/db/prisma";
import type { ExceptionRow } from "./row";
import type { Stake } from "./rules";

/** Who stood on an exception before, as a Prisma selection. */
const REPLACED = { select: { owner: true, fromId: true, toId: true, byId: true } } as const;

/** What a chain of renewals is told from. */
export const LINK = {
  id: true,
  ref: true,
  renewsId: true,
  status: true,
  startsAt: true,
  expiresAt: true,
  reviewAt: true,
  reviewedAt: true,
  endedAt: true,
  decidedAt: true,
  requestedById: true,
  businessOwnerId: true,
  reassignments: REPLACED,
} as const;

/** Everyone who ever stood on an exception or on the chain that it renews, as a Prisma selection. */
export const STANDING = {
  reassignments: REPLACED,
  root: { select: { ...LINK, chain: { select: LINK } } },
} as const;

export type LinkRow = Prisma.PolicyExceptionGetPayload<{ select: typeof LINK }>;

/** All exceptions of the chain that this one stands in, in the order of their references; alone when it is no chain. */
export function linksOf(row: ExceptionRow): LinkRow[] {
  return [row.root ?? row, ...(row.root?.chain ?? row.chain)].sort((a, b) => a.ref - b.ref);
}

/** The first of the chain. */
export function firstOf(row: ExceptionRow): LinkRow {
  return row.root ?? row;
}

/** What `stakesOf` reads. */
export interface Stood {
  id: string;
  renewsId: string | null;
  reassignments: readonly { owner: string; fromId: string; toId: string; byId: string }[];
  root: (LinkRow & { chain: readonly LinkRow[] }) | null;
}

/** Everyone who stood on it before, or on one of those that it renews: none of them may decide on it. */
export function stakesOf(row: Stood): Stake[] {
  const own = row.reassignments.flatMap(({ owner, fromId, toId, byId }): Stake[] => [
    ...[fromId, toId].map((personId): Stake => ({ personId, as: asOwner(owner), of: null })),
    { personId: byId, as: "replaced_owner", of: null },
  ]);
  return [...own, ...renewedBy(row).flatMap(stakesOfRenewed)];
}

function asOwner(owner: string): "risk_owner" | "business_owner" {
  return owner === "risk_owner" ? "risk_owner" : "business_owner";
}

/** Those that it renews, the newest first. */
function renewedBy({ renewsId, root }: Stood): LinkRow[] {
  const byId = new Map((root ? [root, ...root.chain] : []).map((link) => [link.id, link]));
  const renewed: LinkRow[] = [];
  for (let link = byId.get(renewsId ?? ""); link; link = byId.get(link.renewsId ?? "")) renewed.push(link);
  return renewed;
}

function stakesOfRenewed(link: LinkRow): Stake[] {
  const of = `EXC-${link.ref}`;
  const owners = link.reassignments
    .filter(({ owner }) => owner === "business_owner")
    .flatMap(({ fromId, toId }) => [fromId, toId]);
  return [
    { personId: link.requestedById, as: "requested", of },
    ...[link.businessOwnerId, ...owners].map((personId): Stake => ({ personId, as: "business_owner", of })),
  ];
}
