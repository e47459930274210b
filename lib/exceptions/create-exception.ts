import { uuidv7 } from "uuidv7";
import type { Ctx, PersonActor } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import type { Tx } from "@/lib/db/prisma";
import { SluiceError } from "@/lib/errors";
import { getActivePeople } from "@/lib/people/refs";
import { getControl, isCustomControl } from "@/lib/policy/catalogue";
import type { ExceptionScope } from "@/lib/policy/exception";
import { getVersion } from "@/lib/use-cases/policy-in-force";
import type { UseCaseRef } from "@/lib/use-cases/views";
import { readLimits } from "./limits";
import { firstOf } from "./refs";
import { type ExceptionRow, refOf } from "./row";
import { assertChain, assertLife, isBroad, startFrom } from "./rules";
import type { RenewExceptionInput } from "./schema";
import { termsDigest } from "./terms";

/**
 * Writes a draft or a submitted exception with its audit entry, first or renewing another; returns its id. Throws
 * `invalid` for controls that the catalogue (or the policy, for custom ones) does not know and for owners who are not
 * active, `rule` for a start in the past, a life longer than the tier allows, or a chain beyond its cap.
 */
export async function createException(
  tx: Tx,
  ctx: Ctx,
  given: {
    useCase: UseCaseRef;
    requester: PersonActor;
    input: RenewExceptionInput;
    renews: ExceptionRow | null;
  },
): Promise<string> {
  const { useCase, requester, input, renews } = given;
  await assertControls(tx, useCase.id, input.controls);
  await getActivePeople(tx, [input.riskOwnerId], "riskOwnerId", "risk_owner");
  await getActivePeople(tx, [input.businessOwnerId], "businessOwnerId");
  const limits = await readLimits(tx, ctx.now);
  const terms = readTerms(input);
  assertLife(terms, useCase.tier, limits, ctx.now);
  terms.startsAt = startFrom(terms.startsAt, ctx.now);
  assertReview(terms);
  if (renews) assertChain(firstOf(renews), terms.expiresAt, useCase.tier, limits);
  const agreed = { useCase: useCase.slug, ...terms, ...(renews ? { renews: renews.id } : {}) };
  const row = await tx.policyException.create({
    data: {
      ...terms,
      scope: terms.scope as object,
      id: uuidv7(),
      useCaseId: useCase.id,
      renewsId: renews?.id ?? null,
      rootId: renews ? firstOf(renews).id : null,
      status: input.submit ? "submitted" : "draft",
      requestedById: requester.id,
      createdAt: ctx.now,
      submittedAt: input.submit ? ctx.now : null,
      termsDigest: termsDigest(agreed),
    },
  });
  await recordEntry(tx, ctx, {
    action: input.submit ? "exception.submitted" : "exception.drafted",
    subject: { kind: "exception", id: row.id, ref: refOf(row) },
    useCase: useCase.slug,
    detail: {
      termsDigest: row.termsDigest,
      controls: row.controls,
      broad: isBroad(terms.scope),
      expiresAt: row.expiresAt.toISOString(),
      riskOwnerId: row.riskOwnerId,
      businessOwnerId: row.businessOwnerId,
      ...(renews ? { renews: refOf(renews) } : {}),
    },
  });
  return row.id;
}

function readTerms(input: RenewExceptionInput) {
  const { controls, justification, compensatingControls, category, riskOwnerId, businessOwnerId } = input;
  return {
    controls,
    justification,
    compensatingControls,
    category,
    riskOwnerId,
    businessOwnerId,
    scope: withoutEmpty(input.scope ?? {}),
    startsAt: new Date(input.startsAt),
    expiresAt: new Date(input.expiresAt),
    reviewAt: new Date(input.reviewAt),
  };
}

function withoutEmpty(scope: ExceptionScope): ExceptionScope {
  return Object.fromEntries(Object.entries(scope).filter(([, list]) => list?.length));
}

/** The start may have moved to the moment of the request. */
function assertReview({ startsAt, reviewAt }: { startsAt: Date; reviewAt: Date }): void {
  if (reviewAt > startsAt) return;
  throw new SluiceError("invalid", "Some fields are not valid.", {
    fields: [{ path: "reviewAt", message: "must be ahead" }],
  });
}

async function assertControls(tx: Tx, useCaseId: string, controls: readonly string[]): Promise<void> {
  const { document } = await getVersion(tx, useCaseId);
  const unknown = controls.flatMap((id, index) => {
    const isKnown = isCustomControl(id) ? Object.hasOwn(document.controls, id) : getControl(id) !== null;
    return isKnown ? [] : [{ path: `controls.${index}`, message: "there is no such control in this policy" }];
  });
  if (unknown.length > 0) throw new SluiceError("invalid", "Some fields are not valid.", { fields: unknown });
}
