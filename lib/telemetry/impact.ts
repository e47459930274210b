import type { Db, Tx } from "@/lib/db/prisma";
import { compile } from "@/lib/policy/compile";
import type { PolicyDocument } from "@/lib/policy/document";
import { effectiveDocument } from "@/lib/policy/lattice";
import { measureWindow } from "./impact-window";
import { findFloorOf } from "./policy-in-force";
import type { ImpactView } from "./views";

export interface ImpactInput {
  useCaseId: string;
  before: PolicyDocument;
  after: PolicyDocument;
  from: Date;
  to: Date;
}

/**
 * What a change would have done to the recorded traffic of a window [from, to): both documents, each joined with the
 * floor in force at its end, replayed over every recorded decision with the exceptions that were in force at its instant. Each distinct
 * fact is evaluated once per set of exceptions, so the cost does not grow with the traffic. Hours in which an exception
 * begins or ends, and hours cut by the window, are read decision by decision; all others from the hours by fact.
 */
export async function measureImpact(db: Db | Tx, input: ImpactInput): Promise<ImpactView> {
  const { useCaseId, from, to } = input;
  const useCase = await db.useCase.findUniqueOrThrow({ where: { id: useCaseId }, select: { slug: true } });
  const floor = await findFloorOf(db, useCaseId, to);
  const document = floor?.document ?? null;
  const before = compile(effectiveDocument(input.before, document));
  const after = compile(effectiveDocument(input.after, document));
  const measured = await measureWindow(db, { useCaseId, before, after, floor: document, from, to });
  return {
    schema: "sluice.impact/v1",
    useCase: useCase.slug,
    floorDigest: floor?.digest ?? null,
    ...measured,
  };
}
