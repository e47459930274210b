import { type Ctx, requirePermission, requireSignedIn } from "@/lib/access/context";
import { SluiceError } from "@/lib/errors";
import { getPreferences } from "./queries";
import { KIND_RULES } from "./rules";
import type { SetPreferenceInput } from "./schema";
import type { PreferencesView } from "./views";

/** Chooses how the reader is told of a kind from now on. The inbox stays on for what they have to do or must know. */
export async function setPreference(
  ctx: Ctx,
  { kind, mail, inbox }: SetPreferenceInput,
): Promise<PreferencesView> {
  const { id: personId } = requirePermission(ctx, "use-case:read");
  requireSignedIn(ctx);
  if (!inbox && !KIND_RULES[kind].inboxMayBeOff) {
    throw new SluiceError("invalid", "This kind always stands in the inbox.", {
      fields: [{ path: "inbox", message: "cannot be off for this kind" }],
    });
  }
  await ctx.db.notificationPreference.upsert({
    where: { personId_kind: { personId, kind } },
    create: { personId, kind, mail, inbox },
    update: { mail, inbox },
  });
  return getPreferences(ctx);
}
