import { type Ctx, inTransaction } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { closeAppeal, getAppealRow } from "./appeal-row";
import { findingDetail } from "./finding";
import { APPEAL_TRANSITIONS, RULED_BY_APPEAL } from "./lifecycle";
import { requireAllowed, whyNotMove } from "./may";
import { getAppeal } from "./queries";
import { appealRef } from "./rules";
import type { AnswerAppealInput } from "./schema";
import type { AppealView } from "./views";
import { countRulings, writeRuling } from "./write-ruling";

/**
 * Answers an appeal, which rules on its finding: `uphold` when the finding was right, `overturn` when it was not.
 * Whoever may rule on the use case, and not the person who appealed. Throws `conflict` when it is closed.
 */
export async function answerAppeal(
  ctx: Ctx,
  { id, action, note }: AnswerAppealInput & { id: string; action: "uphold" | "overturn" },
): Promise<AppealView> {
  const appealId = await inTransaction(ctx, async (tx) => {
    const row = await getAppealRow(tx, id);
    const viewer = requireAllowed(ctx, (person) => whyNotMove(person, row, action));
    await closeAppeal(tx, row, action, { closedById: viewer.id, answer: note, now: ctx.now });
    const answer = RULED_BY_APPEAL[APPEAL_TRANSITIONS[action].to];
    const ruling = await writeRuling(tx, row, await countRulings(tx, row), {
      answer,
      basis: "appealed",
      note,
      appealId: row.id,
      ruledById: viewer.id,
      ruledAt: ctx.now,
    });
    await recordEntry(tx, ctx, {
      action: "appeal.answered",
      subject: { kind: "appeal", id: row.id, ref: appealRef(row) },
      useCase: row.useCase.slug,
      reason: note,
      detail: { ...findingDetail(row), answer, status: APPEAL_TRANSITIONS[action].to, ruling: ruling.id },
    });
    return row.id;
  });
  return getAppeal(ctx, { id: appealId });
}
