import { compileCustomDetectors } from "@/lib/detect/registry";
import { fieldErrors, ruleBroken, SluiceError } from "@/lib/errors";
import { customIdsOf } from "@/lib/policy/cedar/schema";
import { checkCondition } from "@/lib/policy/condition";
import { type PolicyDocument, policyDocumentSchema } from "@/lib/policy/document";
import { findUnwritable, UNWRITABLE } from "@/lib/schema";
import { compileOnce } from "@/lib/use-cases/compiled";
import type { Check } from "./subject";

/** A policy document that was sent; throws `invalid` with paths under `proposal`. */
export function parseProposal(proposal: unknown): PolicyDocument {
  const parsed = policyDocumentSchema.safeParse(proposal);
  if (!parsed.success) {
    const fields = fieldErrors(parsed.error.issues).map(({ path, message }) => ({
      path: path ? `proposal.${path}` : "proposal",
      message,
    }));
    throw new SluiceError("invalid", "Some fields are not valid.", { fields });
  }
  const path = findUnwritable(parsed.data);
  if (path === null) return parsed.data;
  throw new SluiceError("invalid", "Some fields are not valid.", {
    fields: [{ path: ["proposal", ...path].join("."), message: UNWRITABLE }],
  });
}

/**
 * Throws `invalid` with the path of what does not compile or of a condition that does not hold up, and `rule` when the
 * stage may not move like this. Conditions are tried on requests of `useCase`.
 */
export function checkDocument(
  base: PolicyDocument,
  proposal: PolicyDocument,
  { useCase, restores = false }: { useCase: string } & Check,
): void {
  assertCompiles(proposal);
  assertConditionsHoldUp(base, proposal, useCase);
  if (!restores) assertStageMove(base, proposal);
}

/** Throws `rule` when the move of stage is not allowed, or when a limited policy enrols nothing. */
function assertStageMove(base: PolicyDocument, proposal: PolicyDocument): void {
  if (base.stage === "logging" && proposal.stage === "enforcing") {
    throw ruleBroken(
      "limited-first",
      "A policy goes from logging to limited first, and to enforcing from there.",
    );
  }
  if (proposal.stage === "limited" && proposal.limited.controls.length === 0) {
    throw ruleBroken("limited-enrols", "A limited policy needs at least one enrolled control.");
  }
}

function assertCompiles(proposal: PolicyDocument): void {
  try {
    compileOnce(proposal);
    compileCustomDetectors(switchedOn(proposal.controls));
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
    const fields = error.fields.map(({ path, message }) => ({ path: `proposal.${path}`, message }));
    throw new SluiceError(error.code, error.message, { fields, cause: error });
  }
}

/** A control that is off is checked like the others: it may be switched on by a change that touches only its mode. */
function switchedOn(controls: PolicyDocument["controls"]): PolicyDocument["controls"] {
  return Object.fromEntries(
    Object.entries(controls).map(([id, binding]) => [id, { ...binding, mode: "log" }]),
  );
}

/** Throws `invalid` for a new or changed condition that cannot be worked out for every request. */
function assertConditionsHoldUp(base: PolicyDocument, proposal: PolicyDocument, useCase: string): void {
  const customIds = customIdsOf(proposal);
  const fields = customIds.flatMap((id) => {
    const when = proposal.controls[id]?.when;
    if (when === undefined || when === base.controls[id]?.when) return [];
    const { problems } = checkCondition(when, { useCase, customIds });
    return problems.map(({ message }) => ({ path: `proposal.controls.${id}.when`, message }));
  });
  if (fields.length > 0)
    throw new SluiceError("invalid", "A condition of this policy is not valid.", { fields });
}
