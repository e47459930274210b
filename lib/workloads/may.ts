import type { PersonActor } from "@/lib/access/context";
import { can, type Permission, type Relation } from "@/lib/access/permissions";
import { SluiceError } from "@/lib/errors";
import type { ActionView } from "@/lib/people/views";
import { relationIn } from "@/lib/use-cases/refs";
import type { WorkloadAction } from "./views";

const PERMISSION_OF = {
  update: "workload:manage",
  "issue-credential": "workload:manage",
  "revoke-credential": "credential:revoke",
  federate: "workload:manage",
  "revoke-tasks": "credential:revoke",
  retire: "workload:manage",
} as const satisfies Record<WorkloadAction, Permission>;

interface Served {
  slug: string;
  riskOwnerId: string;
  members: { personId: string }[];
}

/**
 * What keeps a person from acting on a workload; null when nothing does. Giving power needs the permission for every
 * use case that it serves, taking a credential away for one of them.
 */
export function refusal(
  action: WorkloadAction,
  viewer: PersonActor,
  served: readonly Served[],
): SluiceError | null {
  const reaches = (relation?: Relation) => can(viewer, PERMISSION_OF[action], relation);
  const mayFor = (useCase: Served) => reaches(relationIn(useCase, viewer.id));
  if (reaches()) return null;
  const takesAway = PERMISSION_OF[action] === "credential:revoke";
  if (takesAway ? served.some(mayFor) : served.length > 0 && served.every(mayFor)) {
    return null;
  }
  const missing = served.find((useCase) => !mayFor(useCase));
  const where = missing ? ` for the use case "${missing.slug}"` : "";
  return new SluiceError("forbidden", `Your roles do not allow it${where}.`);
}

const NAMES = Object.keys(PERMISSION_OF) as WorkloadAction[];

/** What this viewer may do with a workload that is not retired. */
export function workloadActions(
  viewer: PersonActor,
  served: readonly Served[],
): ActionView<WorkloadAction>[] {
  return NAMES.map((name) => {
    const refused = refusal(name, viewer, served);
    return { name, allowed: refused === null, why: refused?.message ?? null };
  });
}
