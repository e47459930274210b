import type { Prisma, Tx } from "@/lib/db/prisma";
import { SluiceError } from "@/lib/errors";
import { mergeBy } from "@/lib/policy/merge";
import type { LoadedChange } from "./row";
import type { Content, Subject } from "./subjects/subject";

/**
 * What stands once a broken glass is taken back: every field that it moved is what it was before. A field that somebody
 * has moved since stays as it is now, unless that is still looser than before: what moved it was judged against the
 * broken glass, so that a small step back up would keep most of a loosening that nobody agreed to. Where the fields
 * together are not valid, the whole of what stood before comes back.
 */
export async function withoutGlass(tx: Tx, change: LoadedChange, inForce: Content): Promise<Content> {
  const { subject, proposal } = change;
  const before = await seatedBase(tx, change);
  const theirs = await withoutStepDowns(tx, change, inForce);
  const { merged } = mergeBy(subject.shape, { base: proposal, mine: before, theirs }, (path) =>
    isLooser(subject, { path, before, theirs }) ? "mine" : "theirs",
  );
  return isValid(subject, inForce, merged) ? merged : before;
}

/**
 * The base of a broken glass, without what another one had moved in it that was taken back in the meantime: two of them,
 * one upon the other, leave nothing of either.
 */
async function seatedBase(tx: Tx, { row, subject, base }: LoadedChange): Promise<Content> {
  if (row.appliedAt === null) return base;
  return without(tx, { row, subject }, base, {
    emergency: "break_glass",
    appliedVersion: { lte: row.baseVersion },
    review: { verdict: { not: "upheld" }, at: { gte: row.appliedAt } },
  });
}

/** A safeguard that came down under the broken glass judged it, not what stood before; it may come down again. */
async function withoutStepDowns(tx: Tx, { row, subject }: LoadedChange, content: Content): Promise<Content> {
  if (row.appliedVersion === null) return content;
  return without(tx, { row, subject }, content, {
    emergency: "step_down",
    appliedVersion: { gt: row.appliedVersion },
  });
}

/** What those of the changes of the same thing had moved, and nobody since, goes back; the newest first. */
async function without(
  tx: Tx,
  { row, subject }: Pick<LoadedChange, "row" | "subject">,
  content: Content,
  where: Prisma.ChangeRequestWhereInput,
): Promise<Content> {
  const { subject: kind, subjectKey, useCase } = row;
  const changes = await tx.changeRequest.findMany({
    where: { ...where, subject: kind, subjectKey, useCaseId: useCase?.id ?? null },
    orderBy: { appliedVersion: "desc" },
    select: { baseVersion: true, proposal: true },
  });
  let left = content;
  for (const { baseVersion, proposal } of changes) {
    const moved = { base: subject.parse(proposal), mine: await subject.read(tx, baseVersion), theirs: left };
    left = mergeBy(subject.shape, moved, () => "theirs").merged;
  }
  return left;
}

function isLooser(
  { shape, compare }: Subject,
  { path, before, theirs }: { path: string; before: Content; theirs: Content },
): boolean {
  const restored = shape.put(theirs, path, shape.at(before, path));
  return ["loosens", "mixed"].includes(compare(restored, theirs).direction);
}

function isValid(subject: Subject, base: Content, content: Content): boolean {
  try {
    subject.check(base, subject.parse(content), { restores: true });
    return true;
  } catch (error) {
    if (error instanceof SluiceError) return false;
    throw error;
  }
}
