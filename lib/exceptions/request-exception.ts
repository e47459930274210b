import { uuidv7 } from "uuidv7";
import { type Ctx, inTransaction } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import type { Tx } from "@/lib/db/prisma";
import { SluiceError } from "@/lib/errors";
import { getActivePeople } from "@/lib/people/refs";
import { getControl, isCustomControl } from "@/lib/policy/catalogue";
import type { ExceptionScope } from "@/lib/policy/exception";
import { getVersion } from "@/lib/use-cases/policy-in-force";
import { getStanding, requireFor } from "@/lib/use-cases/refs";
import { getException } from "./queries";
import { refOf } from "./row";
import { assertLife, isBroad } from "./rules";
import type { RequestExceptionInput } from "./schema";
import { termsDigest } from "./terms";
import type { ExceptionView } from "./views";

/**
 * Drafts an exception, or submits it at once with `submit`. Throws `invalid` for controls that the catalogue (or
 * the policy, for custom ones) does not know and for owners who are not active, `rule` for a life longer than the
 * tier allows.
 */
export async function requestException(ctx: Ctx, input: RequestExceptionInput): Promise<ExceptionView> {
  const id = uuidv7();
  await inTransaction(ctx, async (tx) => {
    const useCase = await getStanding(tx, input.useCase);
    const requester = requireFor(ctx, "exception:create", useCase);
    await assertControls(tx, useCase.id, input.controls);
    await getActivePeople(tx, [input.riskOwnerId], "riskOwnerId", "risk_owner");
    await getActivePeople(tx, [input.businessOwnerId], "businessOwnerId");
    const terms = readTerms(input);
    assertLife(terms, useCase.tier, ctx.now);
    const { useCase: slug, ...stored } = terms;
    const row = await tx.policyException.create({
      data: {
        ...stored,
        scope: stored.scope as object,
        id,
        useCaseId: useCase.id,
        status: input.submit ? "submitted" : "draft",
        requestedById: requester.id,
        createdAt: ctx.now,
        submittedAt: input.submit ? ctx.now : null,
        termsDigest: termsDigest(terms),
      },
    });
    await recordEntry(tx, ctx, {
      action: input.submit ? "exception.submitted" : "exception.drafted",
      subject: { kind: "exception", id: row.id, ref: refOf(row) },
      useCase: slug,
      detail: {
        termsDigest: row.termsDigest,
        controls: row.controls,
        broad: isBroad(terms.scope),
        expiresAt: row.expiresAt.toISOString(),
        riskOwnerId: row.riskOwnerId,
        businessOwnerId: row.businessOwnerId,
      },
    });
  });
  return getException(ctx, { id });
}

function readTerms(input: RequestExceptionInput) {
  const { submit: _, scope, startsAt, expiresAt, reviewAt, ...rest } = input;
  return {
    ...rest,
    scope: withoutEmpty(scope ?? {}),
    startsAt: new Date(startsAt),
    expiresAt: new Date(expiresAt),
    reviewAt: new Date(reviewAt),
  };
}

function withoutEmpty(scope: ExceptionScope): ExceptionScope {
  return Object.fromEntries(Object.entries(scope).filter(([, list]) => list?.length));
}

async function assertControls(tx: Tx, useCaseId: string, controls: readonly string[]): Promise<void> {
  const { document } = await getVersion(tx, useCaseId);
  const unknown = controls.flatMap((id, index) => {
    const isKnown = isCustomControl(id) ? Object.hasOwn(document.controls, id) : getControl(id) !== null;
    return isKnown ? [] : [{ path: `controls.${index}`, message: "there is no such control in this policy" }];
  });
  if (unknown.length > 0) throw new SluiceError("invalid", "Some fields are not valid.", { fields: unknown });
}
