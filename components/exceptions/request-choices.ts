import type { Role } from "@/lib/access/permissions";
import type { ExceptionLimits } from "@/lib/exceptions/rules";
import type { Tier } from "@/lib/policy/vocabulary";

/** What there is to pick from in the request form. */
export interface RequestChoices {
  /** Use cases for which the viewer may ask. */
  useCases: { slug: string; name: string; tier: Tier; riskOwner: { id: string } }[];
  /** Active people. */
  people: { id: string; name: string; roles: readonly Role[] }[];
  /** The limits that hold now. */
  limits: ExceptionLimits;
}
