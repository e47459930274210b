import { uuidv7 } from "uuidv7";
import { type Ctx, inTransaction } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { Prisma, type Tx } from "@/lib/db/prisma";
import { ruleBroken, SluiceError } from "@/lib/errors";
import { isCustomControl } from "@/lib/policy/catalogue";
import { parseDocument } from "@/lib/use-cases/policy-in-force";
import { getCaseRow } from "./case-row";
import { findingDetail, getFinding, type LoadedFinding } from "./finding";
import { expectationOf } from "./lifecycle";
import { requireAllowed, whyNotKeep } from "./may";
import { getCase } from "./queries";
import { caseRef } from "./rules";
import type { KeepCaseInput } from "./schema";
import { type Sought, soughtBy } from "./sought";
import type { CaseView } from "./views";

/**
 * Keeps a ruled finding as a case that every later change to the use case is checked against: its facts (no content),
 * and that the control fires on them or does not, as it is ruled now. A security lead or the risk owner. Throws
 * `rule` when it is not ruled one way or the other, `conflict` when the same facts are kept for the control already.
 */
export async function keepCase(ctx: Ctx, input: KeepCaseInput): Promise<CaseView> {
  const id = uuidv7();
  await inTransaction(ctx, async (tx) => {
    const finding = await getFinding(tx, input);
    const viewer = requireAllowed(ctx, (person) => whyNotKeep(person, finding.useCase));
    const { facts, fact, control, decisionId, decidedAt, useCase } = finding;
    if (facts === null) throw ruleBroken("facts_not_kept", "The facts of this decision are no longer kept.");
    const { ruling, expected } = await latestRuling(tx, finding);
    const { count } = await tx.regressionCase.createMany({
      data: {
        id,
        useCaseId: useCase.id,
        name: input.name,
        control,
        expected,
        facts: { ...facts },
        fact: Uint8Array.from(Buffer.from(fact, "hex")),
        sought: (await soughtThen(tx, finding)) ?? Prisma.DbNull,
        liveKey: `${useCase.id} ${fact} ${control}`,
        rulingId: ruling.id,
        decisionId,
        decidedAt,
        keptById: viewer.id,
        keptAt: ctx.now,
      },
      skipDuplicates: true,
    });
    if (count === 0) {
      throw new SluiceError("conflict", "The same facts are kept as a case of this control already.");
    }
    await recordEntry(tx, ctx, {
      action: "case.kept",
      subject: { kind: "case", id, ref: caseRef(await getCaseRow(tx, id)) },
      useCase: useCase.slug,
      detail: { ...findingDetail(finding), expected, ruling: ruling.id, facts: `sha256:${fact}` },
    });
  });
  return getCase(ctx, { id });
}

async function latestRuling(tx: Tx, { useCase, decisionId, control }: LoadedFinding) {
  const ruling = await tx.ruling.findFirst({
    where: { useCaseId: useCase.id, decisionId, control },
    orderBy: { number: "desc" },
  });
  if (!ruling) throw ruleBroken("not_ruled", "Rule on the finding first: a case keeps what was ruled.");
  const expected = expectationOf(ruling.answer);
  if (!expected) throw ruleBroken("unsure", "An unsure ruling says nothing that could be kept.");
  return { ruling, expected };
}

/** What the control looked for in content when the signal was recorded. */
async function soughtThen(tx: Tx, finding: LoadedFinding): Promise<(Sought & Prisma.InputJsonObject) | null> {
  if (!isCustomControl(finding.control)) return null;
  const version = await tx.policyVersion.findUnique({
    where: { useCaseId_number: { useCaseId: finding.useCase.id, number: finding.policyVersion } },
  });
  const sought = version && soughtBy(parseDocument(version.document).controls[finding.control]);
  return sought && { ...sought };
}
