import { DATA_CLASSES, type DataClass, type Environment, TIERS, type Tier } from "@/lib/policy/vocabulary";

/** The name that requests carry for a purpose: `Customer support` → `customer-support`. */
export function purposeSlug(purpose: string): string {
  return purpose
    .toLowerCase()
    .normalize("NFKD")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
}

/** What a use case is taken for: it decides on seats, floors and which exceptions hold. */
export interface Classification {
  tier: Tier;
  dataClass: DataClass;
  environment: Environment;
}

/**
 * The fields by which an edit would ask for less: a lower tier needs fewer seats, a lower data class has a lower
 * floor, and in another environment exceptions hold that were granted for that one.
 */
export function loosenedFields(
  before: Classification,
  after: { [Field in keyof Classification]?: Classification[Field] | undefined },
): (keyof Classification)[] {
  const { tier = before.tier, dataClass = before.dataClass, environment = before.environment } = after;
  return [
    ...(TIERS.indexOf(tier) < TIERS.indexOf(before.tier) ? (["tier"] as const) : []),
    ...(DATA_CLASSES.indexOf(dataClass) < DATA_CLASSES.indexOf(before.dataClass)
      ? (["dataClass"] as const)
      : []),
    ...(environment === before.environment ? [] : (["environment"] as const)),
  ];
}
