import { uuidv7 } from "uuidv7";
import { type Ctx, inTransaction } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { isUniqueViolation, type Tx } from "@/lib/db/prisma";
import { SluiceError } from "@/lib/errors";
import { entryOf } from "./entry";
import { placeOf, requireMay } from "./may";
import { getChange } from "./queries";
import { type ChangeRow, lockChange, moveTo } from "./row";
import type { Place } from "./rules";
import type { ApproveChangeInput, Seen } from "./schema";
import type { ChangeView } from "./views";

/**
 * Takes a seat of the quorum for exactly the proposal and the evidence that the approver saw: `stale` when either
 * has moved. The approval that fills the last seat also moves the change to approved, once what is not ready is
 * accepted. Of two people for one seat at the same instant one wins, the other gets `conflict`.
 */
export async function approveChange(
  ctx: Ctx,
  { id, note = "", seen, ...digests }: ApproveChangeInput & { id: string } & Seen,
): Promise<ChangeView> {
  await inTransaction(ctx, async (tx) => {
    const before = await lockChange(tx, id, ctx.now, seen);
    const { row, quorum, standing } = before;
    const approver = requireMay(ctx, "approve", before);
    assertFresh(row, digests);
    const place = placeOf(approver, before);
    if (!("place" in place)) throw new SluiceError("conflict", "Somebody else has taken the seat.");
    const approval = await takeSeat(tx, row, place.place, { personId: approver.id, note, at: ctx.now });
    const isLast = quorum.open.length === 1 && standing.unaccepted.length === 0;
    if (isLast) await moveTo(tx, row, "approve", {});
    const detail = { approval, seat: place.place.seat, quorumMet: isLast, ...digests };
    await recordEntry(tx, ctx, entryOf(row, "change.approved", { reason: note, detail }));
  }).catch((error: unknown) => {
    if (!isUniqueViolation(error)) throw error;
    throw new SluiceError("conflict", "Somebody else has taken the seat.", { cause: error });
  });
  return getChange(ctx, { id });
}

/** Throws `stale` when the proposal or its evidence is not what was seen. */
export function assertFresh(
  row: Pick<ChangeRow, "proposalDigest" | "evidenceDigest">,
  seen: { proposalDigest?: string; evidenceDigest: string },
): void {
  const sameProposal = seen.proposalDigest === undefined || seen.proposalDigest === row.proposalDigest;
  if (sameProposal && seen.evidenceDigest === row.evidenceDigest) return;
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
