import type { Db, Prisma, Tx } from "@/lib/db/prisma";
import { canonicalJson } from "@/lib/policy/canonical";
import { sha256Hex } from "@/lib/policy/digest";
import { type ExceptionScope, isInForce, type PolicyExceptionTerms, stateAt } from "@/lib/policy/exception";

/** What `toTerms` needs of an exception, as a Prisma selection. */
export const TERMS = {
  select: {
    id: true,
    ref: true,
    useCaseId: true,
    controls: true,
    scope: true,
    startsAt: true,
    expiresAt: true,
    reviewAt: true,
    reviewedAt: true,
    endedAt: true,
    decidedAt: true,
    status: true,
    useCase: { select: { slug: true } },
    riskOwner: { select: { name: true } },
  },
} as const satisfies Prisma.PolicyExceptionDefaultArgs;

export type TermsRow = Prisma.PolicyExceptionGetPayload<typeof TERMS>;

/** Statuses of an exception that was approved at some time. */
const ONCE_APPROVED: readonly string[] = ["approved", "revoked", "retired"];

/** The terms as the evaluator reads them; null for what was never approved. */
export function toTerms(row: TermsRow): PolicyExceptionTerms | null {
  if (!ONCE_APPROVED.includes(row.status) || row.decidedAt === null) return null;
  return {
    id: row.id,
    ref: `EXC-${row.ref}`,
    useCase: row.useCase.slug,
    controls: row.controls,
    scope: row.scope as ExceptionScope,
    riskOwner: row.riskOwner.name,
    startsAt: row.startsAt,
    expiresAt: row.expiresAt,
    reviewAt: row.reviewAt,
    reviewedAt: row.reviewedAt,
    endedAt: row.endedAt,
    approvedAt: row.decidedAt,
  };
}

/** What time is told from, as every stored exception has it. */
export interface Timed {
  status: string;
  startsAt: Date;
  expiresAt: Date;
  reviewAt: Date;
  reviewedAt: Date | null;
  endedAt: Date | null;
  decidedAt: Date | null;
}

const NOBODYS = { id: "", ref: "", useCase: "", controls: [], scope: {}, riskOwner: "" };

/** Only the times of an approved exception as the evaluator reads them; null for one that is not approved now. */
export function timesOf(row: Timed): PolicyExceptionTerms | null {
  if (row.status !== "approved" || row.decidedAt === null) return null;
  return { ...NOBODYS, ...row, approvedAt: row.decidedAt };
}

/** The stored status; of an approved one, what time makes of it. */
export function stateOf<S extends string>(row: Timed & { status: S }, now: Date): S | ComputedState {
  const times = timesOf(row);
  const state = times && stateAt(times, now);
  return state === null || state === "ended" ? row.status : state;
}

type ComputedState = Exclude<ReturnType<typeof stateAt>, "ended">;

/** How many exceptions of each of these use cases are in force at an instant, by id. */
export async function countInForce(
  db: Db | Tx,
  useCaseIds: readonly string[],
  now: Date,
): Promise<Map<string, number>> {
  const rows = await db.policyException.findMany({
    where: { useCaseId: { in: [...useCaseIds] }, status: "approved", expiresAt: { gt: now } },
    ...TERMS,
  });
  const counts = new Map<string, number>();
  for (const row of rows) {
    const terms = toTerms(row);
    if (terms && isInForce(terms, now)) counts.set(row.useCaseId, (counts.get(row.useCaseId) ?? 0) + 1);
  }
  return counts;
}

/** What an approver agrees to. */
export interface AgreedTerms {
  useCase: string;
  controls: readonly string[];
  scope: ExceptionScope;
  justification: string;
  compensatingControls: string;
  category: string;
  riskOwnerId: string;
  businessOwnerId: string;
  startsAt: Date;
  expiresAt: Date;
  reviewAt: Date;
  /** The id of the exception that it renews; absent for a first one. */
  renews?: string;
}

/** `sha256:<hex>` of the canonical JSON of the terms, instants in ISO 8601 UTC. */
export function termsDigest(terms: AgreedTerms): string {
  const plain = {
    ...terms,
    controls: [...terms.controls].sort(),
    startsAt: terms.startsAt.toISOString(),
    expiresAt: terms.expiresAt.toISOString(),
    reviewAt: terms.reviewAt.toISOString(),
  };
  return `sha256:${sha256Hex(canonicalJson(JSON.parse(JSON.stringify(plain))))}`;
}

/** The digest of the terms of a stored exception. */
export function digestOf(row: {
  useCase: { slug: string };
  controls: readonly string[];
  scope: unknown;
  justification: string;
  compensatingControls: string;
  category: string;
  riskOwnerId: string;
  businessOwnerId: string;
  startsAt: Date;
  expiresAt: Date;
  reviewAt: Date;
  renewsId: string | null;
}): string {
  const { controls, justification, compensatingControls, category, riskOwnerId, businessOwnerId } = row;
  return termsDigest({
    useCase: row.useCase.slug,
    controls,
    scope: row.scope as ExceptionScope,
    justification,
    compensatingControls,
    category,
    riskOwnerId,
    businessOwnerId,
    startsAt: row.startsAt,
    expiresAt: row.expiresAt,
    reviewAt: row.reviewAt,
    ...(row.renewsId === null ? {} : { renews: row.renewsId }),
  });
}
