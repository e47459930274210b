import { uuidv7 } from "uuidv7";
import { type Ctx, inTransaction } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { isUniqueViolation, type Tx } from "@/lib/db/prisma";
import { SluiceError } from "@/lib/errors";
import { placeOf, requireMay } from "./may";
import { getChange } from "./queries";
import { type ChangeRow, lockChange, moveTo, refOf } from "./row";
import type { Place } from "./rules";
import type { ApproveChangeInput } from "./schema";
import type { ChangeView } from "./views";

/**
 * Takes a seat of the quorum for exactly the proposal and the evidence that the approver saw: `stale` when either
 * has moved. The approval that fills the last seat also moves the change to approved. Of two people for one seat at
 * the same instant one wins, the other gets `conflict`.
 */
export async function approveChange(
  ctx: Ctx,
  { id, note = "", ...seen }: ApproveChangeInput & { id: string },
): Promise<ChangeView> {
  await inTransaction(ctx, async (tx) => {
    const before = await lockChange(tx, id);
    const { row, quorum } = before;
    const approver = requireMay(ctx, "approve", before);
    assertFresh(row, seen);
    const place = placeOf(approver, before);
    if (!("place" in place)) throw new SluiceError("conflict", "Somebody else has taken the seat.");
    const approval = await takeSeat(tx, row, place.place, { personId: approver.id, note, at: ctx.now });
    const isLast = quorum.open.length === 1;
    if (isLast) await moveTo(tx, row, "approve", {});
    await recordEntry(tx, ctx, {
      action: "change.approved",
      subject: { kind: "change", id: row.id, ref: refOf(row) },
      useCase: row.useCase.slug,
      ...(note ? { reason: note } : {}),
      detail: { approval, seat: place.place.seat, quorumMet: isLast, ...seen },
    });
  }).catch((error: unknown) => {
    if (!isUniqueViolation(error)) throw error;
    throw new SluiceError("conflict", "Somebody else has taken the seat.", { cause: error });
  });
  return getChange(ctx, { id });
}

function assertFresh(row: ChangeRow, seen: { proposalDigest: string; evidenceDigest: string }): void {
  if (seen.proposalDigest === row.proposalDigest && seen.evidenceDigest === row.evidenceDigest) return;
  throw new SluiceError("stale", "The change is not the one that you saw. Read it again, then decide.");
}

async function takeSeat(
  tx: Tx,
  row: ChangeRow,
  { seat, place }: Place,
  approval: { personId: string; note: string; at: Date },
): Promise<string> {
  const id = uuidv7();
  await tx.changeApproval.create({
    data: {
      ...approval,
      id,
      changeId: row.id,
      seat,
      place: freePlace(row, seat, place),
      verdict: "approve",
      proposalDigest: row.proposalDigest,
      evidenceDigest: row.evidenceDigest ?? "",
    },
  });
  return id;
}

/** The place, or the next one where an approval stands in it that no longer counts: rows are never taken away. */
function freePlace(row: ChangeRow, seat: Place["seat"], place: number): number {
  const isTaken = row.approvals.some(
    (one) =>
      one.seat === seat &&
      one.place === place &&
      one.proposalDigest === row.proposalDigest &&
      one.evidenceDigest === row.evidenceDigest,
  );
  return isTaken ? freePlace(row, seat, place + 1) : place;
}
