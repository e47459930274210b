import { acceptConditions } from "@/lib/changes/accept-conditions";
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

/** When people decide: hours of work after it was submitted, by who decides. */
export type Pace = Partial<Record<PersonKey, number>>;

/** Those of these people who have a seat agree, each at their time. Returns the stage after the last one. */
export async function agree(stage: SampleStage, change: ChangeView, pace: Pace): Promise<SampleStage> {
  const { id, proposalDigest, evidenceDigest } = change;
  const seen = { proposalDigest, evidenceDigest: evidenceDigest ?? "" };
  const note = "Read with its effect on recorded traffic.";
  let then = stage;
  let passed = 0;
  for (const { key, hours } of inOrder(pace)) {
    const isAsked = change.seats.some((seat) =>
      seat.eligible.some((person) => person.id === stage.idOf(key)),
    );
    if (!isAsked) continue;
    then = await then.atWork(hours - passed);
    passed = hours;
    await approveChange(then.as(key), { id, note, ...seen });
  }
  return then;
}

/** Who decides first, first. */
export function inOrder(pace: Pace): { key: PersonKey; hours: number }[] {
  return Object.entries(pace)
    .map(([key, hours]) => ({ key: key as PersonKey, hours }))
    .sort((a, b) => a.hours - b.hours);
}

/** The risk owner reads what is not ready, and accepts it by name and reason. Returns the stage after it. */
export async function acceptUnmet(
  stage: SampleStage,
  { id, evidence, ...change }: ChangeView,
): Promise<SampleStage> {
  const evidenceDigest = change.evidenceDigest ?? "";
  const reason = "Watched closely in the first weeks; it steps back at the first sign of harm.";
  const unmet = (evidence?.readiness?.conditions ?? []).filter(({ met }) => !met);
  if (unmet.length === 0) return stage;
  const then = await stage.later(1);
  const conditions = unmet.map((condition) => condition.id);
  await acceptConditions(then.as("riskOwner"), { id, conditions, reason, evidenceDigest });
  return then;
}
