import { type Ctx, requirePermission } from "@/lib/access/context";
import type { Db } from "@/lib/db/prisma";
import type { PolicyDocument } from "@/lib/policy/document";
import { effectiveDocument, origins } from "@/lib/policy/lattice";
import { DATA_CLASSES, type DataClass } from "@/lib/policy/vocabulary";
import { type Floor, findFloor, parseDocument } from "./policy-in-force";
import { toUseCaseRef, USE_CASE_REF } from "./refs";
import type { ControlBindingView } from "./views";

/**
 * How the policies in force bind the controls of the catalogue and their own, floors joined: a line for each control
 * and use case that does not have it off, by use case. With `control`, of that one only.
 */
export async function listBindings(
  ctx: Ctx,
  input: { control?: string } = {},
): Promise<ControlBindingView[]> {
  requirePermission(ctx, "use-case:read");
  const [useCases, versions, floors] = await Promise.all([
    ctx.db.useCase.findMany({
      select: { ...USE_CASE_REF.select, dataClass: true, environment: true },
      orderBy: { name: "asc" },
    }),
    readPolicies(ctx.db),
    readFloors(ctx.db, ctx.now),
  ]);
  return useCases.flatMap((useCase) => {
    const version = versions.get(useCase.id);
    if (!version) return [];
    const floor = floors.get(useCase.dataClass) ?? null;
    const setBy = origins(version.document, floor?.document ?? null);
    const effective = effectiveDocument(version.document, floor?.document ?? null);
    return Object.entries(effective.controls).flatMap(([id, { mode, sensitivity }]): ControlBindingView[] => {
      if (mode === "off" || (input.control !== undefined && input.control !== id)) return [];
      return [
        {
          control: id,
          useCase: toUseCaseRef(useCase),
          environment: useCase.environment,
          version: version.number,
          stage: effective.stage,
          mode,
          sensitivity: sensitivity ?? null,
          isEnrolled: effective.limited.controls.includes(id),
          modeBy: setBy[`controls.${id}.mode`] ?? "document",
          sensitivityBy: setBy[`controls.${id}.sensitivity`] ?? "document",
          floor: floor && { dataClass: floor.dataClass, number: floor.number },
        },
      ];
    });
  });
}

async function readPolicies(db: Db): Promise<Map<string, { number: number; document: PolicyDocument }>> {
  const rows = await db.$queryRaw<{ use_case_id: string; number: number; document: unknown }[]>`
    SELECT DISTINCT ON ("use_case_id") "use_case_id"::text, "number", "document" FROM "policy_version"
    ORDER BY "use_case_id", "number" DESC`;
  return new Map(
    rows.map(({ use_case_id, number, document }) => [
      use_case_id,
      { number, document: parseDocument(document) },
    ]),
  );
}

async function readFloors(db: Db, at: Date): Promise<Map<DataClass, Floor>> {
  const floors = await Promise.all(DATA_CLASSES.map((dataClass) => findFloor(db, dataClass, at)));
  return new Map(floors.flatMap((floor) => (floor ? [[floor.dataClass, floor] as const] : [])));
}
