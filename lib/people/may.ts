import type { PersonActor } from "@/lib/access/context";
import { can } from "@/lib/access/permissions";
import { ruleBroken, SluiceError } from "@/lib/errors";
import type { ActionView, PersonAction } from "./views";

/** What keeps a viewer from changing somebody's roles or deactivating them; null when nothing does. */
export function manageRefusal(
  viewer: PersonActor,
  person: { id: string; deactivatedAt: Date | null },
): SluiceError | null {
  if (!can(viewer, "people:manage")) {
    return new SluiceError("forbidden", "Only an admin manages people.");
  }
  if (viewer.id === person.id) {
    return ruleBroken("own-account", "Nobody changes their own roles or deactivates themselves.");
  }
  if (person.deactivatedAt !== null) return new SluiceError("conflict", "This person is deactivated.");
  return null;
}

/** What this viewer may do with an account. */
export function personActions(
  viewer: PersonActor,
  person: { id: string; deactivatedAt: Date | null },
): ActionView<PersonAction>[] {
  const refused = manageRefusal(viewer, person);
  return (["change-roles", "deactivate"] as const).map((name) => ({
    name,
    allowed: refused === null,
    why: refused?.message ?? null,
  }));
}
