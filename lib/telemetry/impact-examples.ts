import type { Db, Tx } from "@/lib/db/prisma";
import type { CompiledPolicy } from "@/lib/policy/compile";
import { evaluate } from "@/lib/policy/evaluate";
import type { PolicyExceptionTerms } from "@/lib/policy/exception";
import type { Facts } from "@/lib/policy/facts";
import type { Cell } from "./impact-cells";
import { HOUR_MS } from "./rules";
import type { ImpactExample } from "./views";

/** How many examples stand in an impact. */
export const EXAMPLES = 10;
const CANDIDATES = 30;

interface ExamplesInput {
  useCaseId: string;
  /** Cells that flip, by key, most decisions first. */
  flipped: readonly { key: string }[];
  cells: readonly Cell[];
  facts: ReadonlyMap<string, Facts>;
  before: CompiledPolicy;
  after: CompiledPolicy;
  exceptions: readonly PolicyExceptionTerms[];
}

/** The newest decision of each of the facts that flip most often, at most `EXAMPLES`, newest first. */
export async function findExamples(db: Db | Tx, input: ExamplesInput): Promise<ImpactExample[]> {
  const byKey = new Map(input.cells.map((cell) => [cell.key, cell]));
  const examples: ImpactExample[] = [];
  const shown = new Set<string>();
  for (const { key } of input.flipped.slice(0, CANDIDATES)) {
    const cell = byKey.get(key);
    const facts = cell && input.facts.get(cell.fact);
    if (!cell || !facts || shown.has(cell.fact) || examples.length === EXAMPLES) continue;
    const decision = await findNewest(db, input.useCaseId, cell);
    if (!decision) continue;
    shown.add(cell.fact);
    examples.push({
      decisionId: decision.id,
      decidedAt: decision.decided_at.toISOString(),
      from: evaluate(facts, input.before, input.exceptions, cell.from, cell.fact).outcome,
      to: evaluate(facts, input.after, input.exceptions, cell.from, cell.fact).outcome,
    });
  }
  return examples.sort((a, b) => (a.decisionId < b.decisionId ? 1 : -1));
}

/** The newest decision of a cell; none when its rows are no longer kept. */
async function findNewest(
  db: Db | Tx,
  useCaseId: string,
  cell: Cell,
): Promise<{ id: string; decided_at: Date } | undefined> {
  const start = new Date(Math.max(cell.newest.getTime(), cell.from.getTime()));
  const end = new Date(Math.min(cell.newest.getTime() + HOUR_MS, cell.to.getTime()));
  const [decision] = await db.$queryRaw<{ id: string; decided_at: Date }[]>`
    SELECT "id"::text, "decided_at" FROM "decision"
    WHERE "use_case_id" = ${useCaseId}::uuid AND "decided_at" >= ${start} AND "decided_at" < ${end}
      AND "fact" = decode(${cell.fact}, 'hex') AND "policy_version" = ${cell.version}
    ORDER BY "decided_at" DESC, "id" DESC LIMIT 1`;
  return decision;
}
