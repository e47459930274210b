import type { PersonActor } from "@/lib/access/context";
import { can } from "@/lib/access/permissions";
import type { Db } from "@/lib/db/prisma";
import { isInstated } from "@/lib/people/refs";
import { relationIn } from "@/lib/use-cases/refs";
import { candidateOf, permissionFor } from "./may";
import {
  approvalsOf,
  CHANGE,
  type ChangeRow,
  type Governance,
  readAppointed,
  readGovernance,
  standingOf,
  subjectOf,
  weightOf,
} from "./row";
import { isDue, placeFor, quorumOf } from "./rules";

/** Why a change waits on somebody. */
export type WaitingKind =
  | "change_approval"
  | "change_acceptance"
  | "change_apply"
  | "change_rebase"
  | "change_look"
  | "change_review";

export interface WaitingChange {
  kind: WaitingKind;
  row: ChangeRow;
  /** What it is of, for people. */
  title: string;
  since: Date;
  dueAt: Date | null;
}

/**
 * The changes that wait on a person, each once: a seat to take, a condition of readiness to accept, an approved one to
 * apply, one whose base moved to rebase, one that they were asked to look at, and what broke the glass to review.
 */
export async function listWaitingChanges(db: Db, person: PersonActor, now: Date): Promise<WaitingChange[]> {
  const governance = await readGovernance(db, now);
  const rows = await db.changeRequest.findMany({
    where: {
      OR: [
        { status: { in: ["in_review", "approved", "scheduled", "suspended"] } },
        { emergency: "break_glass", review: null, reviewDueAt: { gt: now } },
      ],
    },
    orderBy: { ref: "asc" },
    ...CHANGE,
  });
  const waiting = await Promise.all(rows.map((row) => toWaiting(db, { row, governance, person, now })));
  return waiting.filter((item) => item !== null);
}

interface Asked {
  row: ChangeRow;
  governance: Governance;
  person: PersonActor;
  now: Date;
}

async function toWaiting(db: Db, { row, governance, person, now }: Asked): Promise<WaitingChange | null> {
  const subject = subjectOf(row);
  const about = { row, title: subject.title, since: row.submittedAt ?? row.createdAt, dueAt: null };
  const relation = row.useCase ? relationIn(row.useCase, person.id) : undefined;
  const mayDo = (action: Parameters<typeof permissionFor>[0]) =>
    can(person, permissionFor(action, subject), relation);
  if (row.status === "applied") return reviewOf(about, { row, person, now, may: mayDo("review") });
  const currentVersion = await subject.currentNumber(db);
  const instated = await readAppointed(db, row);
  const standing = standingOf(row, { weight: await weightOf(db, row), governance, currentVersion, instated });
  const quorum = quorumOf(standing, approvalsOf(row, instated));
  const isMine = row.requestedById === person.id;
  if (isMine && (quorum.conflicted || row.status === "suspended")) return { kind: "change_rebase", ...about };
  if (quorum.conflicted) return null;
  if (row.status === "approved") return isMine ? { kind: "change_apply", ...about } : null;
  if (row.status !== "in_review") return null;
  if ("place" in placeFor(candidateOf(person, row, instated), standing, quorum)) {
    return { kind: "change_approval", ...about };
  }
  const mayAccept = mayDo("accept") && !isInstated(instated, person.id, "risk_owner");
  if (standing.unaccepted.length > 0 && mayAccept) return { kind: "change_acceptance", ...about };
  const wasAsked = row.reviewers.some(({ personId }) => personId === person.id);
  const hasDecided = row.approvals.some(({ personId }) => personId === person.id);
  return wasAsked && !hasDecided ? { kind: "change_look", ...about } : null;
}

function reviewOf(
  about: Omit<WaitingChange, "kind">,
  { row, person, now, may }: Pick<Asked, "row" | "person" | "now"> & { may: boolean },
): WaitingChange | null {
  const { reviewDueAt, requestedById, brokeGlassById } = row;
  const isTheirs = person.id === requestedById || person.id === brokeGlassById;
  if (reviewDueAt === null || isTheirs || !may || isDue(reviewDueAt, now)) return null;
  return { ...about, kind: "change_review", since: row.appliedAt ?? about.since, dueAt: reviewDueAt };
}
