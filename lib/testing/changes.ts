import { acceptConditions } from "@/lib/changes/accept-conditions";
import { approveChange } from "@/lib/changes/approve-change";
import { draftChange } from "@/lib/changes/draft-change";
import { submitChange } from "@/lib/changes/submit-change";
import type { ChangeView } from "@/lib/changes/views";
import type { Db } from "@/lib/db/prisma";
import type { PolicyDocument } from "@/lib/policy/document";
import { getPolicy } from "@/lib/use-cases/policy-queries";
import { as, type Cast, NOW } from "./people";

/** What an approver of this change names. */
export function seenBy({ id, proposalDigest, evidenceDigest }: ChangeView) {
  return { id, proposalDigest, evidenceDigest: evidenceDigest ?? "" };
}

/** The documents of a change of a policy or a floor; throws for a setting. */
export function documentsOf({ documents, ref }: ChangeView) {
  if (documents === null) throw new Error(`${ref} is of a setting.`);
  return documents;
}

/** A change of the policy in force, in review, asked for by the application owner. */
export async function submitEdit(
  db: Db,
  cast: Cast,
  { slug, edit, now = NOW, actor = cast.owner }: SubmitEdit,
): Promise<ChangeView> {
  const ctx = as(db, actor, now);
  const { document, version } = await getPolicy(ctx, { slug });
  const justification = "Tighten what was seen to be unused.";
  const input = { useCase: slug, baseVersion: version, proposal: edit(document), justification };
  return submitChange(ctx, { id: (await draftChange(ctx, input)).id });
}

interface SubmitEdit {
  slug: string;
  edit: (document: PolicyDocument) => PolicyDocument;
  now?: Date;
  actor?: Cast["owner"];
}

/** The risk owner accepts every condition of readiness that is not met. */
export async function acceptAll(
  db: Db,
  cast: Pick<Cast, "risk">,
  change: ChangeView,
  now = NOW,
): Promise<void> {
  const conditions = change.unaccepted;
  if (conditions.length === 0) return;
  const reason = "There is no traffic yet; we watch it closely.";
  const { id, evidenceDigest } = seenBy(change);
  await acceptConditions(as(db, cast.risk, now), { id, conditions, reason, evidenceDigest });
}

/** Everything that a change in review still waits for: acceptances, then its seats. */
export async function approveAll(db: Db, cast: Cast, change: ChangeView, now = NOW): Promise<void> {
  await acceptAll(db, cast, change, now);
  const leads = [cast.lead, cast.lead2, cast.lead3].filter(({ id }) => id !== change.requestedBy?.id);
  for (const { seat } of change.seats) {
    const approver = seat === "risk_owner" ? cast.risk : leads.shift();
    if (approver) await approveChange(as(db, approver, now), seenBy(change));
  }
}
