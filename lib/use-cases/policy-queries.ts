import { type Ctx, requirePermission } from "@/lib/access/context";
import { PERSON_REF } from "@/lib/people/refs";
import { cedarSchema } from "@/lib/policy/compile";
import { compare, effectiveDocument, origins } from "@/lib/policy/lattice";
import { compileOnce } from "./compiled";
import { type Floor, findFloor, getVersion, parseDocument, type WhichVersion } from "./policy-in-force";
import { getStanding, toUseCaseRef } from "./refs";
import type { FloorView, PolicyVersionSummary, PolicyView } from "./views";

/**
 * The policy of a use case: the one in force, the nth, or the one that was in force at an instant; joined with the
 * floor of that time (of the version's beginning, for an earlier version asked by number).
 */
export async function getPolicy(ctx: Ctx, input: WhichVersion & { slug: string }): Promise<PolicyView> {
  requirePermission(ctx, "use-case:read");
  const useCase = await getStanding(ctx.db, input.slug);
  const [version, newest] = await Promise.all([
    getVersion(ctx.db, useCase.id, input),
    getVersion(ctx.db, useCase.id),
  ]);
  const at = input.at ?? (version.number === newest.number ? ctx.now : version.effectiveFrom);
  const floor = await findFloor(ctx.db, useCase.dataClass, at);
  const effective = compileOnce(effectiveDocument(version.document, floor?.document ?? null));
  return {
    useCase: toUseCaseRef(useCase),
    version: version.number,
    effectiveFrom: version.effectiveFrom.toISOString(),
    change: version.change && { id: version.change.id, ref: `CHG-${version.change.ref}` },
    document: version.document,
    digest: version.digest,
    floor: toFloorView(floor),
    effective: effective.document,
    effectiveDigest: effective.digest,
    origins: origins(version.document, floor?.document ?? null),
    cedar: effective.cedar,
  };
}

/** A floor as views carry it. */
export function toFloorView(floor: Floor | null): FloorView | null {
  if (floor === null) return null;
  const { dataClass, number, effectiveFrom, document } = floor;
  return { dataClass, number, effectiveFrom: effectiveFrom.toISOString(), document };
}

/**
 * The Cedar schema that policies validate against: with the signals of the controls that are in force in a use case,
 * or of the catalogue alone.
 */
export async function getCedarSchema(
  ctx: Ctx,
  { useCase }: { useCase?: string | undefined },
): Promise<string> {
  requirePermission(ctx, "use-case:read");
  if (useCase === undefined) return cedarSchema({ controls: {} });
  const { effective } = await getPolicy(ctx, { slug: useCase });
  return cedarSchema(effective);
}

/** How many use cases' own text of one control is given. */
const MOST_TEXTS = 5;

/**
 * The Cedar text of one control in the policies in force of some use cases, at most five. What a custom control looks
 * for in content is not part of that text and stands beside it.
 */
export async function getControlCedar(
  ctx: Ctx,
  { control, useCases }: { control: string; useCases: readonly string[] },
): Promise<{ title: string; text: string; phrases: string[]; patterns: string[] }[]> {
  const policies = await Promise.all(useCases.slice(0, MOST_TEXTS).map((slug) => getPolicy(ctx, { slug })));
  return policies.map(({ useCase, version, cedar, effective }) => {
    const { phrases = [], patterns = [] } = effective.controls[control] ?? {};
    const text = cedar.split(/\n\n(?=@id)/).find((policy) => policy.startsWith(`@id("${control}")`));
    return { title: `${useCase.name}, version ${version}`, text: (text ?? "").trimEnd(), phrases, patterns };
  });
}

/** Every version, newest first, each with what moved against the one before it. */
export async function listPolicyVersions(ctx: Ctx, input: { slug: string }): Promise<PolicyVersionSummary[]> {
  requirePermission(ctx, "use-case:read");
  const useCase = await getStanding(ctx.db, input.slug);
  const rows = await ctx.db.policyVersion.findMany({
    where: { useCaseId: useCase.id },
    orderBy: { number: "desc" },
    include: { change: { select: { id: true, ref: true, requestedBy: PERSON_REF } } },
  });
  const versions = rows.map((row) => ({ ...row, document: parseDocument(row.document) }));
  return versions.map((version, index) => {
    const previous = versions[index + 1];
    const moved = previous ? compare(previous.document, version.document) : null;
    return {
      number: version.number,
      digest: version.digest,
      stage: version.document.stage,
      effectiveFrom: version.effectiveFrom.toISOString(),
      change: version.change && {
        id: version.change.id,
        ref: `CHG-${version.change.ref}`,
        requestedBy: version.change.requestedBy,
      },
      direction: moved?.direction ?? null,
      moves: moved?.moves ?? [],
    };
  });
}
