import { uuidv7 } from "uuidv7";
import { type Ctx, inTransaction } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { LOCKS } from "@/lib/db/locks";
import type { Tx } from "@/lib/db/prisma";
import { ruleBroken, SluiceError } from "@/lib/errors";
import { getWorkload, getWorkloadRow } from "./queries";
import { breadthOf, subjectsOverlap } from "./rules";
import type { AddFederationInput } from "./schema";
import { assertMay } from "./served";
import type { WorkloadView } from "./views";

/**
 * Binds tokens of an issuer, for an audience, to a workload by a pattern of their subject. Refused (`rule`) when a
 * subject could fit another binding of that issuer and audience: a token is one workload's.
 */
export async function addFederation(
  ctx: Ctx,
  { workload: slug, ...input }: AddFederationInput & { workload: string },
): Promise<WorkloadView> {
  const { audience, subject } = input;
  await inTransaction(ctx, async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(${LOCKS.identity})`;
    const workload = await getWorkloadRow(tx, slug);
    assertMay(ctx, "federate", workload);
    const issuer = await tx.federatedIssuer.findFirst({ where: { id: input.issuer, retiredAt: null } });
    if (issuer === null) {
      throw new SluiceError("invalid", "Some fields are not valid.", {
        fields: [{ path: "issuer", message: "there is no such issuer" }],
      });
    }
    await assertApart(tx, { issuerId: issuer.id, audience, subject });
    const id = uuidv7();
    const data = { id, workloadId: workload.id, issuerId: issuer.id, audience, subject, createdAt: ctx.now };
    await tx.workloadFederation.create({ data });
    await recordEntry(tx, ctx, {
      action: "federation.added",
      subject: { kind: "workload", id: workload.id, ref: slug },
      detail: {
        federation: id,
        issuer: issuer.issuer,
        audience,
        subject,
        broad: breadthOf(subject) !== null,
      },
    });
  });
  return getWorkload(ctx, { slug });
}

async function assertApart(
  tx: Tx,
  { issuerId, audience, subject }: { issuerId: string; audience: string; subject: string },
): Promise<void> {
  const others = await tx.workloadFederation.findMany({
    where: { issuerId, audience, removedAt: null },
    select: { subject: true, workload: { select: { slug: true } } },
  });
  const other = others.find((one) => subjectsOverlap(one.subject, subject));
  if (other === undefined) return;
  throw ruleBroken(
    "federation-overlap",
    `A token could fit "${other.subject}" of ${other.workload.slug} too. Narrow the pattern, or use another audience.`,
  );
}
