import { type Ctx, inTransaction, requirePermission } from "@/lib/access/context";
import type { Db, Tx } from "@/lib/db/prisma";
import { ruleBroken, SluiceError } from "@/lib/errors";
import { type MergedField, mergeBy, type Side } from "@/lib/policy/merge";
import { propose } from "./edit-change";
import { requireMay } from "./may";
import { getChange } from "./queries";
import { type LoadedChange, loadChange } from "./row";
import type { RebaseChangeInput, Seen } from "./schema";
import type { ChangeView, RebaseView } from "./views";

/** What rebasing would do, field by field; where both sides moved a field, this change's value unless chosen otherwise. */
export async function getRebase(ctx: Ctx, { id }: { id: string }): Promise<RebaseView> {
  requirePermission(ctx, "use-case:read");
  const change = await loadChange(ctx.db, id, ctx.now);
  const { fields } = await merge(ctx.db, change, {});
  return { baseVersion: change.row.baseVersion, ontoVersion: change.currentVersion, fields };
}

/**
 * The requester moves a change onto the version in force, three-way by field. Every field that both sides moved needs
 * a choice (`rule` names those without one); `conflict` when the version in force is no longer the one that was seen.
 */
export async function rebaseChange(
  ctx: Ctx,
  { id, ontoVersion, choices, seen }: RebaseChangeInput & { id: string } & Seen,
): Promise<ChangeView> {
  await inTransaction(ctx, async (tx) => {
    const before = await loadChange(tx, id, ctx.now, seen);
    requireMay(ctx, "rebase", before);
    if (ontoVersion !== before.currentVersion) {
      throw new SluiceError("conflict", `Version ${before.currentVersion} is in force, not ${ontoVersion}.`);
    }
    const { merged, fields } = await merge(tx, before, choices);
    assertChosen(fields, choices);
    await propose(tx, ctx, before, {
      seen,
      baseVersion: ontoVersion,
      proposal: merged,
      justification: before.row.justification,
      move: "rebase",
      action: "change.rebased",
      detail: { from: before.row.baseVersion, won: wonBy(fields) },
    });
  });
  return getChange(ctx, { id });
}

async function merge(
  db: Db | Tx,
  { subject, base, proposal, currentVersion }: LoadedChange,
  choices: Choices,
) {
  const theirs = await subject.read(db, currentVersion);
  return mergeBy(subject.shape, { base, mine: proposal, theirs }, (path) => choices[path] ?? "mine");
}

type Choices = Record<string, Side>;

function assertChosen(fields: readonly MergedField[], choices: Choices): void {
  const open = fields.filter(({ conflict, path }) => conflict && !Object.hasOwn(choices, path));
  if (open.length === 0) return;
  const named = open.map(({ title }) => title).join(", ");
  throw ruleBroken("rebase-conflict", `Both sides moved ${named}: choose whose value stands.`);
}

function wonBy(fields: readonly MergedField[]): Record<string, Side> {
  return Object.fromEntries(fields.filter(({ conflict }) => conflict).map(({ path, won }) => [path, won]));
}
