import { uuidv7 } from "uuidv7";
import { type Ctx, inTransaction } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { SluiceError } from "@/lib/errors";
import { getAppealRow } from "./appeal-row";
import { findingDetail, getFinding } from "./finding";
import { requireAllowed, whyNotAppeal } from "./may";
import { getAppeal } from "./queries";
import { appealRef } from "./rules";
import type { OpenAppealInput } from "./schema";
import type { AppealView } from "./views";

/**
 * Asks for a ruling on a finding. An application owner of the use case. Throws `conflict` while another appeal of the
 * same finding is open, and when it was ruled a false positive last: it is granted what it would ask for.
 */
export async function openAppeal(ctx: Ctx, input: OpenAppealInput): Promise<AppealView> {
  const id = uuidv7();
  await inTransaction(ctx, async (tx) => {
    const finding = await getFinding(tx, input);
    const viewer = requireAllowed(ctx, (person) => whyNotAppeal(person, finding.useCase));
    const { useCase, decisionId, decidedAt, control, level, effect } = finding;
    const ruled = await tx.ruling.findFirst({
      where: { decisionId, control },
      orderBy: { number: "desc" },
      select: { answer: true },
    });
    if (ruled?.answer === "false_positive") {
      throw new SluiceError(
        "conflict",
        "This finding was ruled a false positive: there is nothing to appeal.",
      );
    }
    const openKey = `${decisionId} ${control}`;
    const { count } = await tx.appeal.createMany({
      data: {
        id,
        useCaseId: useCase.id,
        decisionId,
        decidedAt,
        control,
        level,
        effect,
        reason: input.reason,
        status: "open",
        openKey,
        openedById: viewer.id,
        openedAt: ctx.now,
      },
      skipDuplicates: true,
    });
    if (count === 0) throw new SluiceError("conflict", "This finding is appealed already; that one is open.");
    await recordEntry(tx, ctx, {
      action: "appeal.opened",
      subject: { kind: "appeal", id, ref: appealRef(await getAppealRow(tx, id)) },
      useCase: useCase.slug,
      reason: input.reason,
      detail: findingDetail(finding),
    });
  });
  return getAppeal(ctx, { id });
}
