import type { Ctx } from "@/lib/access/context";
import { applyDueChanges } from "@/lib/changes/apply-due-changes";
import { stepBackUnreviewed } from "@/lib/changes/step-back";

/** Applies what is scheduled and takes back what was not reviewed, when their time has come. Returns whether any had. */
export async function keepChanges(ctx: Pick<Ctx, "actor" | "db" | "now" | "requestId">): Promise<boolean> {
  const applied = await applyDueChanges(ctx);
  const steppedBack = await stepBackUnreviewed(ctx);
  return applied || steppedBack;
}
