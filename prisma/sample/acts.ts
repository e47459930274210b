import { acceptCondition } from "@/lib/changes/accept-condition";
import { approveChange } from "@/lib/changes/approve-change";
import { draftChange } from "@/lib/changes/draft-change";
import type { DraftChangeInput } from "@/lib/changes/schema";
import { submitChange } from "@/lib/changes/submit-change";
import type { ChangeView } from "@/lib/changes/views";
import type { PolicyDocument } from "@/lib/policy/document";
import { getPolicy } from "@/lib/use-cases/policy-queries";
import type { PersonKey } from "./people";
import type { SampleStage } from "./stage";

export type Edit = (document: PolicyDocument) => PolicyDocument;

/** A change in review, asked for by one person. */
export async function propose(
  stage: SampleStage,
  requester: PersonKey,
  input: DraftChangeInput,
): Promise<ChangeView> {
  const { id } = await draftChange(stage.as(requester), input);
  return submitChange(stage.as(requester), { id });
}

/** What a change of a use case's policy starts from, with its proposal. */
export async function editOf(stage: SampleStage, useCase: string, edit: Edit) {
  const { document, version } = await getPolicy(stage.as("riskOwner"), { slug: useCase });
  return { useCase, baseVersion: version, proposal: edit(document) };
}

/** Those of these people who have a seat agree. */
export async function agree(stage: SampleStage, change: ChangeView, approvers: PersonKey[]): Promise<void> {
  const { id, proposalDigest, evidenceDigest } = change;
  const seen = { proposalDigest, evidenceDigest: evidenceDigest ?? "" };
  for (const key of approvers) {
    const isAsked = change.seats.some((seat) =>
      seat.eligible.some((person) => person.id === stage.idOf(key)),
    );
    const note = "Read with its effect on recorded traffic.";
    if (isAsked) await approveChange(stage.as(key), { id, note, ...seen });
  }
}

/** The risk owner accepts what is not ready, by name and reason. */
export async function acceptUnmet(
  stage: SampleStage,
  { id, evidence, ...change }: ChangeView,
): Promise<void> {
  const evidenceDigest = change.evidenceDigest ?? "";
  const reason = "Watched closely in the first weeks; it steps back at the first sign of harm.";
  for (const { id: condition, met } of evidence?.readiness?.conditions ?? []) {
    if (!met) await acceptCondition(stage.as("riskOwner"), { id, condition, reason, evidenceDigest });
  }
}
