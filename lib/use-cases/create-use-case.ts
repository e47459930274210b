import { uuidv7 } from "uuidv7";
import { type Ctx, inTransaction, requirePermission } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { isUniqueViolation } from "@/lib/db/prisma";
import { SluiceError } from "@/lib/errors";
import { getActivePeople } from "@/lib/people/refs";
import type { PolicyDocument } from "@/lib/policy/document";
import { TEMPLATES } from "@/lib/policy/templates";
import { compileOnce } from "./compiled";
import { getUseCase } from "./queries";
import { purposeSlug } from "./rules";
import type { CreateUseCaseInput } from "./schema";
import type { UseCaseView } from "./views";

/**
 * Registers a use case with policy version 1: the template's document in stage logging, its purpose filled in.
 * Throws `invalid` for owners who are not active people of the right role, `conflict` for a slug that is taken.
 */
export async function createUseCase(ctx: Ctx, input: CreateUseCaseInput): Promise<UseCaseView> {
  requirePermission(ctx, "use-case:create");
  const { templateId, applicationOwnerIds, ...entry } = input;
  const policy = compileOnce(firstDocument(templateId, input.purpose));
  await inTransaction(ctx, async (tx) => {
    await getActivePeople(tx, [input.riskOwnerId], "riskOwnerId", "risk_owner");
    await getActivePeople(tx, applicationOwnerIds, "applicationOwnerIds", "application_owner");
    const id = uuidv7();
    await tx.useCase.create({
      data: {
        ...entry,
        id,
        createdAt: ctx.now,
        members: { create: applicationOwnerIds.map((personId) => ({ personId })) },
        versions: {
          create: {
            id: uuidv7(),
            number: 1,
            document: policy.document,
            cedar: policy.cedar,
            digest: policy.digest,
            effectiveFrom: ctx.now,
          },
        },
      },
    });
    await recordEntry(tx, ctx, {
      action: "use_case.created",
      subject: { kind: "use_case", id },
      useCase: input.slug,
      detail: { ...entry, applicationOwnerIds, template: templateId, policyDigest: policy.digest },
    });
  }).catch((error: unknown) => {
    if (!isUniqueViolation(error)) throw error;
    throw new SluiceError("conflict", `There is a use case "${input.slug}" already.`, {
      fields: [{ path: "slug", message: "is taken" }],
      cause: error,
    });
  });
  return getUseCase(ctx, { slug: input.slug });
}

function firstDocument(templateId: string, purpose: string): PolicyDocument {
  const template = TEMPLATES.find(({ id }) => id === templateId);
  if (!template) {
    throw new SluiceError("invalid", "Some fields are not valid.", {
      fields: [{ path: "templateId", message: "there is no such template" }],
    });
  }
  const { document } = template;
  const baseline = { ...document.baseline, purposes: [purposeSlug(purpose)] };
  return { ...document, template: template.id, stage: "logging", baseline };
}
