import type { Tx } from "@/lib/db/prisma";
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
export async function withoutGlass(tx: Tx, change: LoadedChange, theirs: Content): Promise<Content> {
  const { subject, proposal } = change;
  const before = await seatedBase(tx, change);
  const { merged } = mergeBy(subject.shape, { base: proposal, mine: before, theirs }, (path) =>
    isLooser(subject, { path, before, theirs }) ? "mine" : "theirs",
  );
  return isValid(subject, theirs, merged) ? merged : before;
}

/**
 * The base of a broken glass, without what another one had moved in it that was taken back in the meantime: two of them,
 * one upon the other, leave nothing of either.
 */
async function seatedBase(tx: Tx, { row, subject, base }: LoadedChange): Promise<Content> {
  if (row.appliedAt === null) return base;
  const earlier = await tx.changeRequest.findMany({
    where: {
      subject: row.subject,
      subjectKey: row.subjectKey,
      useCaseId: row.useCase?.id ?? null,
      emergency: "break_glass",
      appliedVersion: { lte: row.baseVersion },
      review: { verdict: { not: "upheld" }, at: { gte: row.appliedAt } },
    },
    orderBy: { appliedVersion: "desc" },
    select: { baseVersion: true, proposal: true },
  });
  let seated = base;
  for (const glass of earlier) {
    const mine = await subject.read(tx, glass.baseVersion);
    const moved = { base: subject.parse(glass.proposal), mine, theirs: seated };
    seated = mergeBy(subject.shape, moved, () => "theirs").merged;
  }
  return seated;
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
