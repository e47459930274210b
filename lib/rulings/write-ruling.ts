import { uuidv7 } from "uuidv7";
import type { Prisma, Tx } from "@/lib/db/prisma";
import { SluiceError } from "@/lib/errors";
import type { LoadedFinding } from "./finding";
import type { Answer, Basis } from "./lifecycle";

/** A finding as rulings, appeals and cases name it. */
export type Named = Pick<LoadedFinding, "decisionId" | "decidedAt" | "control" | "level" | "effect"> & {
  useCase: { id: string };
};

/** Where in the sample a finding stood when it was ruled. */
export interface SamplePlace {
  /** The window that was sampled. */
  from: string;
  to: string;
  rank: number;
  /** How many the sample asked for of its control and level, and how many had fired. */
  of: number;
  fired: number;
}

interface NewRuling {
  answer: Answer;
  basis: Basis;
  note: string | null;
  sample?: SamplePlace;
  appealId?: string;
  ruledById: string;
  ruledAt: Date;
}

/** How many rulings a finding has. */
export function countRulings(tx: Tx, finding: Named): Promise<number> {
  return tx.ruling.count({
    where: { useCaseId: finding.useCase.id, decisionId: finding.decisionId, control: finding.control },
  });
}

/**
 * Writes the next ruling of a finding after the `seen` that its author has seen; `conflict` when there is another by
 * now, so that of two at the same instant one wins and the other looks again.
 */
export async function writeRuling(
  tx: Tx,
  finding: Named,
  seen: number,
  { sample, ...ruling }: NewRuling,
): Promise<{ id: string; number: number }> {
  const id = uuidv7();
  const number = seen + 1;
  const isNext = (await countRulings(tx, finding)) === seen;
  const { decisionId, decidedAt, control, level, effect } = finding;
  const data = { id, useCaseId: finding.useCase.id, decisionId, decidedAt, control, level, effect, number };
  const { count } = isNext
    ? await tx.ruling.createMany({
        data: { ...data, ...ruling, ...(sample && { sample: sample as unknown as Prisma.InputJsonObject }) },
        skipDuplicates: true,
      })
    : { count: 0 };
  if (count === 0) {
    throw new SluiceError("conflict", "Somebody else was first: this finding has another ruling by now.");
  }
  return { id, number };
}
