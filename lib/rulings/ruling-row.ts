import type { Db, Prisma, Tx } from "@/lib/db/prisma";
import { PERSON_REF } from "@/lib/people/refs";
import type { Effect } from "@/lib/policy/evaluate";
import type { Sensitivity } from "@/lib/policy/vocabulary";
import { toUseCaseRef, USE_CASE_REF } from "@/lib/use-cases/refs";
import type { UseCaseRef } from "@/lib/use-cases/views";
import { appealRef } from "./rules";
import type { FindingRef, RulingView } from "./views";
import type { SamplePlace } from "./write-ruling";

/** A ruling with whoever gave it. */
export const RULING = {
  include: { useCase: USE_CASE_REF, ruledBy: PERSON_REF, appeal: { select: { ref: true } } },
} as const satisfies Prisma.RulingDefaultArgs;

export type RulingRow = Prisma.RulingGetPayload<typeof RULING>;

/** How views name the finding that a row is about. */
export function toFindingRef(row: {
  decisionId: string;
  decidedAt: Date;
  useCase: UseCaseRef;
  control: string;
  level: string | null;
  effect: string;
}): FindingRef {
  return {
    decisionId: row.decisionId,
    decidedAt: row.decidedAt.toISOString(),
    useCase: toUseCaseRef(row.useCase),
    control: row.control,
    level: row.level as Sensitivity | null,
    effect: row.effect as Effect,
  };
}

/** Rulings as views, each saying whether it is the one that counts for its finding. */
export async function toRulingViews(db: Db | Tx, rows: readonly RulingRow[]): Promise<RulingView[]> {
  const latest = await db.ruling.groupBy({
    by: ["decisionId", "control"],
    where: { decisionId: { in: [...new Set(rows.map(({ decisionId }) => decisionId))] } },
    _max: { number: true },
  });
  const last = new Map(latest.map((row) => [`${row.decisionId} ${row.control}`, row._max.number]));
  return rows.map((row) => toRulingView(row, last.get(`${row.decisionId} ${row.control}`) === row.number));
}

function toRulingView(row: RulingRow, current: boolean): RulingView {
  const sample = row.sample as unknown as SamplePlace | null;
  return {
    ...toFindingRef(row),
    id: row.id,
    number: row.number,
    answer: row.answer,
    basis: row.basis,
    note: row.note,
    ruledBy: row.ruledBy,
    ruledAt: row.ruledAt.toISOString(),
    current,
    appeal: row.appeal && appealRef(row.appeal),
    sample: sample && { rank: sample.rank, of: sample.of, fired: sample.fired },
  };
}
