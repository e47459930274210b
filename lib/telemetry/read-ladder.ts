import type { Db } from "@/lib/db/prisma";
import { type Environment, STAGES, type Stage } from "@/lib/policy/vocabulary";
import type { UseCaseRef } from "@/lib/use-cases/views";
import type { OverviewView } from "./views";

interface VersionRow {
  use_case_id: string;
  number: number;
  stage: Stage;
  effective_from: Date;
}

/** The use cases on each stage of enforcement, and those without a policy. */
export async function readLadder(db: Db): Promise<Pick<OverviewView, "ladder" | "withoutPolicy">> {
  const [useCases, versions] = await Promise.all([
    db.useCase.findMany({
      select: { id: true, slug: true, name: true, tier: true, environment: true },
      orderBy: { name: "asc" },
    }),
    db.$queryRaw<VersionRow[]>`
      SELECT "use_case_id"::text, "number", "document" ->> 'stage' AS "stage", "effective_from"
      FROM "policy_version" ORDER BY "number"`,
  ]);
  const standing = stagesOf(versions);
  const placed = useCases.flatMap((useCase) => {
    const at = standing.get(useCase.id);
    return at ? [{ at, useCase }] : [];
  });
  return {
    ladder: STAGES.map((stage) => ({
      stage,
      useCases: placed
        .filter(({ at }) => at.stage === stage)
        .map(({ at, useCase }) => ({
          ...toRef(useCase),
          environment: useCase.environment as Environment,
          version: at.version,
          stageSince: at.since.toISOString(),
        })),
    })),
    withoutPolicy: useCases.filter(({ id }) => !standing.has(id)).map(toRef),
  };
}

/** Version and stage in force, and since when that stage holds without a break. `versions` in order of number. */
function stagesOf(
  versions: readonly VersionRow[],
): Map<string, { version: number; stage: Stage; since: Date }> {
  const standing = new Map<string, { version: number; stage: Stage; since: Date }>();
  for (const { use_case_id, number, stage, effective_from } of versions) {
    const known = standing.get(use_case_id);
    const since = known?.stage === stage ? known.since : effective_from;
    standing.set(use_case_id, { version: number, stage, since });
  }
  return standing;
}

function toRef({ id, slug, name, tier }: UseCaseRef): UseCaseRef {
  return { id, slug, name, tier };
}
