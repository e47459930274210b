import type { Db, Tx } from "@/lib/db/prisma";
import type { ExceptionScope, PolicyExceptionTerms } from "@/lib/policy/exception";
import { epochsOf } from "@/lib/policy/exception-epochs";

/** Every exception of the use case that was ever approved, as it stood at each time (`epochsOf`), in order of ref. */
export async function loadTerms(db: Db | Tx, useCaseId: string): Promise<PolicyExceptionTerms[]> {
  const exceptions = await db.policyException.findMany({
    where: { useCaseId, status: { in: ["approved", "revoked", "retired"] }, decidedAt: { not: null } },
    include: {
      useCase: { select: { slug: true } },
      riskOwner: { select: { name: true } },
      reviews: { select: { dueAt: true, at: true, nextReviewAt: true }, orderBy: { at: "asc" } },
    },
    orderBy: { ref: "asc" },
  });
  return exceptions.flatMap((exception) =>
    epochsOf(
      {
        id: exception.id,
        ref: `EXC-${exception.ref}`,
        useCase: exception.useCase.slug,
        controls: exception.controls,
        scope: exception.scope as ExceptionScope,
        riskOwner: exception.riskOwner.name,
        startsAt: exception.startsAt,
        expiresAt: exception.expiresAt,
        reviewAt: exception.reviewAt,
        reviewedAt: exception.reviewedAt,
        endedAt: exception.endedAt,
        approvedAt: exception.decidedAt ?? exception.createdAt,
      },
      exception.reviews,
    ),
  );
}
