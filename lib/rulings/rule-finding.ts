import { type Ctx, inTransaction } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import type { Tx } from "@/lib/db/prisma";
import { SluiceError } from "@/lib/errors";
import { findingDetail, getFinding, type LoadedFinding } from "./finding";
import { requireAllowed, whyNotRule } from "./may";
import { getRuling } from "./queries";
import { rulingWindow } from "./rules";
import { drawSample, sampleTarget } from "./sample";
import type { RuleFindingInput } from "./schema";
import type { RulingView } from "./views";
import { type SamplePlace, writeRuling } from "./write-ruling";

/**
 * Answers whether a finding was right. A security lead, or the named risk owner of the use case, and nobody whose
 * application it is. A later ruling takes the place of the earlier; both stay. Throws `conflict` when the finding was
 * ruled since it was looked at, or, for one `sampled` from the queue, when it is not in the sample of now.
 */
export async function ruleFinding(ctx: Ctx, input: RuleFindingInput): Promise<RulingView> {
  const { answer, seen, sampled = false } = input;
  const note = input.note ?? null;
  const id = await inTransaction(ctx, async (tx) => {
    const finding = await getFinding(tx, input);
    const viewer = requireAllowed(ctx, (person) => whyNotRule(person, finding.useCase));
    const sample = sampled ? await placeOf(tx, finding, ctx.now) : undefined;
    const basis = sample ? ("sampled" as const) : ("picked" as const);
    const ruling = await writeRuling(tx, finding, seen, {
      answer,
      basis,
      note,
      ...(sample && { sample }),
      ruledById: viewer.id,
      ruledAt: ctx.now,
    });
    await recordEntry(tx, ctx, {
      action: "finding.ruled",
      subject: { kind: "finding", id: ruling.id },
      useCase: finding.useCase.slug,
      ...(note === null ? {} : { reason: note }),
      detail: { ...findingDetail(finding), answer, basis, number: ruling.number },
    });
    return ruling.id;
  });
  return getRuling(ctx, { id });
}

async function placeOf(tx: Tx, finding: LoadedFinding, now: Date): Promise<SamplePlace> {
  const { useCase, control, level, decisionId } = finding;
  const window = rulingWindow(now);
  const target = await sampleTarget(tx, useCase.id, now);
  const strata = await drawSample(tx, { useCaseId: useCase.id, controls: [control], ...window }, target);
  const stratum = strata.find((each) => each.level === (level ?? ""));
  const member = stratum?.members.find((each) => each.decisionId === decisionId);
  if (!stratum || !member) {
    throw new SluiceError(
      "conflict",
      "More has fired since, and this finding is no longer in the random sample. Open the decision to rule on it all the same.",
    );
  }
  return {
    from: window.from.toISOString(),
    to: window.to.toISOString(),
    rank: member.rank,
    of: stratum.members.length,
    fired: stratum.fired,
  };
}
