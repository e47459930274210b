import type { Db, Tx } from "@/lib/db/prisma";
import { type CompiledPolicy, compile } from "@/lib/policy/compile";
import type { PolicyDocument } from "@/lib/policy/document";
import type { Facts } from "@/lib/policy/facts";
import { effectiveDocument } from "@/lib/policy/lattice";
import { findFloorOf } from "@/lib/telemetry/policy-in-force";
import type { Expectation } from "./lifecycle";
import { caseRef } from "./rules";
import { type Sought, sameSought, soughtBy } from "./sought";

/** What a proposed document makes of a kept case. */
export interface CheckedCase {
  id: string;
  /** `CASE-7`. */
  ref: string;
  name: string;
  control: string;
  expected: Expectation;
  holds: boolean;
  /** Why it cannot be told, in which case it does not hold; null when it can. */
  problem: string | null;
}

/**
 * Every live case of a use case under a proposed document, the floor in force at `at` joined and no exception honoured;
 * by number of case. `fires`: the control fires in any mode but off. `does_not_fire`: it does not, or is off or gone.
 */
export async function checkCases(
  db: Db | Tx,
  { useCaseId, document, at = new Date() }: { useCaseId: string; document: PolicyDocument; at?: Date },
): Promise<CheckedCase[]> {
  const cases = await db.regressionCase.findMany({
    where: { useCaseId, retiredAt: null },
    orderBy: { ref: "asc" },
  });
  if (cases.length === 0) return [];
  const floor = await findFloorOf(db, useCaseId, at);
  const policy = compile(effectiveDocument(document, floor?.document ?? null));
  return cases.map((row) => {
    const { id, name, control, expected } = row;
    const problem = problemOf(policy.document, control, row.sought as Sought | null);
    const holds =
      problem === null && firesOn(policy, control, row.facts as unknown as Facts) === (expected === "fires");
    return { id, ref: caseRef(row), name, control, expected, holds, problem };
  });
}

/** Does the control fire on these facts, in any mode but off? */
export function firesOn(policy: CompiledPolicy, control: string, facts: Facts): boolean {
  const mode = policy.document.controls[control]?.mode ?? "off";
  return mode !== "off" && policy.firedBy(facts).includes(control);
}

/** A signal that was recorded says nothing of other phrases and patterns, and the content was not kept. */
function problemOf(document: PolicyDocument, control: string, sought: Sought | null): string | null {
  const binding = document.controls[control];
  if (binding === undefined || binding.mode === "off") return null;
  const now = soughtBy(binding);
  if (now === null || sameSought(now, sought)) return null;
  return "It looks for other phrases or patterns than when the case was kept, and no content was kept to look in.";
}
