import type { ExceptionLimits } from "@/lib/exceptions/rules";
import type { RequestExceptionInput } from "@/lib/exceptions/schema";
import type { ExceptionView } from "@/lib/exceptions/views";
import type { ExceptionScope } from "@/lib/policy/exception";
import type { Tier } from "@/lib/policy/vocabulary";

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const USUAL_LIFE_DAYS = 30;

/** What the request form holds: every list is there, a choice not made is empty text. */
export type RequestValues = Omit<RequestExceptionInput, "scope" | "category" | "submit"> & {
  scope: Record<keyof ExceptionScope, string[]>;
  category: string;
  submit: boolean;
};

export const FORM_FIELDS = [
  "useCase",
  "controls",
  "scope.workloads",
  "scope.models",
  "scope.tools",
  "scope.dataClasses",
  "scope.destinations",
  "scope.purposes",
  "scope.environments",
  "justification",
  "compensatingControls",
  "category",
  "riskOwnerId",
  "businessOwnerId",
  "startsAt",
  "expiresAt",
  "reviewAt",
] as const;

/** On which field the refusal of a rule is shown. */
export const RULE_FIELDS = {
  "longest-life": "expiresAt",
  "already-expired": "expiresAt",
  "chain-cap": "expiresAt",
  backdated: "startsAt",
};

/** Start now, expiry after 30 days or the tier's longest life, review half-way. Instants in ISO 8601. */
export function usualTimes(now: string, tier: Tier, limits: ExceptionLimits) {
  const start = Math.floor(Date.parse(now) / MINUTE_MS) * MINUTE_MS;
  const life = Math.min(USUAL_LIFE_DAYS, limits.longestLifeDays[tier]) * DAY_MS;
  const iso = (at: number) => new Date(at).toISOString();
  return { startsAt: iso(start), expiresAt: iso(start + life), reviewAt: iso(start + life / 2) };
}

/** The latest expiry that the tier allows for this start; null when the start is no instant. */
export function latestExpiry(startsAt: string, tier: Tier, limits: ExceptionLimits): string | null {
  const start = Date.parse(startsAt);
  return Number.isNaN(start) ? null : new Date(start + limits.longestLifeDays[tier] * DAY_MS).toISOString();
}

/** Values of a form that was opened with `?useCase=&control=&workload=&tool=…`; each may come several times. */
export function valuesOf(query: URLSearchParams, times: ReturnType<typeof usualTimes>): RequestValues {
  const all = (...names: string[]) => [...new Set(names.flatMap((name) => query.getAll(name)))];
  return {
    useCase: query.get("useCase") ?? "",
    controls: all("control", "controls"),
    scope: {
      workloads: all("workload"),
      models: all("model"),
      tools: all("tool"),
      dataClasses: all("dataClass"),
      destinations: all("destination"),
      purposes: all("purpose"),
      environments: all("environment"),
    },
    justification: "",
    compensatingControls: "",
    category: "waiver",
    riskOwnerId: "",
    businessOwnerId: "",
    ...times,
    submit: true,
  };
}

/** What a renewal begins with: the terms of the old one, from its expiry on, for as long again as the limits let it. */
export function valuesOfRenewal(
  old: Pick<
    ExceptionView,
    | "useCase"
    | "controls"
    | "scope"
    | "justification"
    | "compensatingControls"
    | "category"
    | "riskOwner"
    | "businessOwner"
    | "startsAt"
    | "expiresAt"
    | "chain"
  >,
  limits: ExceptionLimits,
  now: string,
): RequestValues {
  const start = Math.max(Date.parse(old.expiresAt), Math.floor(Date.parse(now) / MINUTE_MS) * MINUTE_MS);
  const length = Date.parse(old.expiresAt) - Date.parse(old.startsAt);
  const longest = limits.longestLifeDays[old.useCase.tier] * DAY_MS;
  const end = Math.min(start + Math.min(length, longest), Date.parse(old.chain.endsAt));
  const iso = (at: number) => new Date(at).toISOString();
  const empty = valuesOf(new URLSearchParams(), { startsAt: "", expiresAt: "", reviewAt: "" });
  return {
    ...empty,
    useCase: old.useCase.slug,
    controls: old.controls.map(({ id }) => id),
    scope: { ...empty.scope, ...old.scope },
    justification: old.justification,
    compensatingControls: old.compensatingControls,
    category: old.category,
    riskOwnerId: old.riskOwner.active ? old.riskOwner.id : "",
    businessOwnerId: old.businessOwner.active ? old.businessOwner.id : "",
    startsAt: iso(start),
    expiresAt: iso(end),
    reviewAt: iso(start + (end - start) / 2),
  };
}
