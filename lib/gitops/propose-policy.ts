import { type Ctx, inTransaction, requirePermission, requirePerson } from "@/lib/access/context";
import { draftChange } from "@/lib/changes/draft-change";
import { editChange } from "@/lib/changes/edit-change";
import { OPEN_STATUSES } from "@/lib/changes/lifecycle";
import { getChange } from "@/lib/changes/queries";
import { submitChange } from "@/lib/changes/submit-change";
import type { ChangeView } from "@/lib/changes/views";
import { LOCKS } from "@/lib/db/locks";
import type { Db, Tx } from "@/lib/db/prisma";
import { SluiceError } from "@/lib/errors";
import { documentDigest } from "@/lib/policy/digest";
import type { PolicyDocument } from "@/lib/policy/document";
import { getVersion, parseDocument } from "@/lib/use-cases/policy-in-force";
import { getStanding } from "@/lib/use-cases/refs";
import { parsePolicy } from "./policy-text";
import type { ProposePolicyInput } from "./schema";
import type { ProposalView, ProposedChange } from "./views";

export interface PolicyProposal extends ProposePolicyInput {
  /** Of the use case. */
  slug: string;
  /** YAML or JSON. */
  text: string;
  /** Digest or number of the version that it starts from. */
  startsFrom: string;
}

/**
 * Proposes a document as a change request, by the commands that the console uses: it is never in force by this. The
 * same document proposed again, while it is open, is the same change. Throws `invalid` with path and line, `stale`
 * naming the version that is newer and who brought it, and whatever drafting, editing and submitting throw.
 */
export async function proposePolicy(ctx: Ctx, input: PolicyProposal): Promise<ProposalView> {
  const { document, locating } = parsePolicy(input.text);
  const useCase = await getStanding(ctx.db, input.slug);
  const current = await getVersion(ctx.db, useCase.id);
  const inForce = { useCase: input.slug, version: current.number, digest: current.digest };
  if (documentDigest(document) === current.digest && input.change === undefined) {
    requirePermission(ctx, "use-case:read");
    return { ...inForce, outcome: "unchanged", change: null };
  }
  if (![current.digest, String(current.number)].includes(input.startsFrom)) {
    throw await staleFrom(ctx.db, useCase.id, input);
  }
  const { id, outcome } = await locating(() =>
    input.change === undefined
      ? draftOnce(ctx, useCase.id, input, current.number, document)
      : replaceProposal(ctx, input.change, input, current.number, document),
  );
  const change = await getChange(ctx, { id });
  const submitted =
    input.submit === "true" && change.status === "draft" ? await submitChange(ctx, { id }) : change;
  return { ...inForce, outcome, change: toProposedChange(submitted) };
}

type Drafted = { id: string; outcome: "created" | "existing" | "updated" };

/** The open change of the same person and proposal, or a new draft: one of them, however often at once. */
function draftOnce(
  ctx: Ctx,
  useCaseId: string,
  { slug, justification }: PolicyProposal,
  baseVersion: number,
  proposal: PolicyDocument,
): Promise<Drafted> {
  const { id: person } = requirePerson(ctx);
  return inTransaction(ctx, async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(${LOCKS.proposal}::int, hashtext(${person}))`;
    const open = await tx.changeRequest.findMany({
      where: { useCaseId, baseVersion, requestedById: person, status: { in: [...OPEN_STATUSES] } },
      orderBy: { ref: "asc" },
      select: { id: true, proposal: true },
    });
    const digest = documentDigest(proposal);
    const same = open.find((one) => documentDigest(parseDocument(one.proposal)) === digest);
    if (same) return { id: same.id, outcome: "existing" };
    const drafted = await draftChange(within(ctx, tx), {
      useCase: slug,
      baseVersion,
      proposal,
      justification,
    });
    return { id: drafted.id, outcome: "created" };
  });
}

/** Puts the document in the place of the proposal of an open change. */
async function replaceProposal(
  ctx: Ctx,
  idOrRef: string,
  { slug, justification }: PolicyProposal,
  baseVersion: number,
  proposal: PolicyDocument,
): Promise<Drafted> {
  const before = await getChange(ctx, { id: idOrRef });
  if (before.useCase?.slug !== slug) {
    throw new SluiceError("invalid", "Some fields are not valid.", {
      fields: [{ path: "change", message: `${before.ref} is no change of the policy of ${slug}` }],
    });
  }
  const isSame =
    before.baseVersion === baseVersion &&
    before.documents !== null &&
    documentDigest(before.documents.proposal) === documentDigest(proposal);
  if (isSame) return { id: before.id, outcome: "existing" };
  await editChange(ctx, { id: before.id, baseVersion, proposal, justification });
  return { id: before.id, outcome: "updated" };
}

/** The same context, whose commands take part in a transaction that is open. */
function within(ctx: Ctx, tx: Tx): Ctx {
  const joined = <T>(work: (inner: Tx) => Promise<T>) => work(tx);
  return {
    ...ctx,
    db: new Proxy(tx, { get: (it, key) => (key === "$transaction" ? joined : it[key as keyof Tx]) }) as Db,
  };
}

/** What moved since: its number, its change, and whose it was. */
async function staleFrom(db: Db, useCaseId: string, { startsFrom }: PolicyProposal): Promise<SluiceError> {
  const newest = await db.policyVersion.findFirstOrThrow({
    where: { useCaseId },
    orderBy: { number: "desc" },
    select: {
      number: true,
      effectiveFrom: true,
      change: { select: { ref: true, requestedBy: { select: { name: true } } } },
    },
  });
  const { number, effectiveFrom, change } = newest;
  const whose = change ? `, CHG-${change.ref} of ${change.requestedBy?.name ?? "a safeguard"}` : "";
  const from = startsFrom.length > 20 ? `${startsFrom.slice(0, 15)}…` : `version ${startsFrom}`;
  return new SluiceError(
    "stale",
    `Version ${number} is in force since ${effectiveFrom.toISOString()}${whose}, not ${from}. ` +
      "Read it, bring your edit to it, and propose that.",
  );
}

function toProposedChange(change: ChangeView): ProposedChange {
  const { ref, status, direction, moves, evidence, seats, blockedBy } = change;
  const impact = evidence?.impact ?? null;
  return {
    ref,
    path: `/changes/${ref}`,
    status,
    direction,
    moves,
    impact: impact && {
      decisions: impact.decisions,
      stricter: impact.stricter,
      looser: impact.looser,
      notReplayable: impact.decisions - impact.replayed,
    },
    seats: seats.map(({ title, eligible, filledBy }) => ({
      title,
      eligible: eligible.map(({ name }) => name),
      filledBy: filledBy?.name ?? null,
    })),
    waitsFor: blockedBy,
  };
}
