import type { Outcome } from "@/lib/policy/vocabulary";

/** How a part is filled: a colour by meaning and a pattern of its own, so that nothing is told by colour alone. */
export type Pattern = "solid" | "dots" | "diagonal" | "vertical" | "cross" | "horizontal";

export interface Look {
  key: string;
  label: string;
  /** A custom property of `app/global.css`, at least 3:1 against the page in light and dark. */
  colour: string;
  pattern: Pattern;
}

const OUTCOME_LOOKS = {
  allow: { label: "allow", colour: "var(--outcome-allow)", pattern: "dots" },
  flag: { label: "flag", colour: "var(--outcome-flag)", pattern: "diagonal" },
  redact: { label: "redact", colour: "var(--outcome-redact)", pattern: "vertical" },
  require_approval: {
    label: "require approval",
    colour: "var(--outcome-require_approval)",
    pattern: "cross",
  },
  block: { label: "block", colour: "var(--outcome-block)", pattern: "solid" },
} as const satisfies Record<Outcome, Omit<Look, "key">>;

/** What an effect looks like: as the outcome that it has, or would have. */
const OUTCOME_OF_EFFECT: Record<string, Outcome> = {
  logged: "flag",
  would_redact: "redact",
  redacted: "redact",
  would_require_approval: "require_approval",
  needs_approval: "require_approval",
  would_block: "block",
  blocked: "block",
};

/** Outcomes and effects from the least strict to the strictest. */
const ORDER = [
  "allow",
  "exempted",
  "logged",
  "flag",
  "would_redact",
  "redact",
  "redacted",
  "would_require_approval",
  "require_approval",
  "needs_approval",
  "would_block",
  "block",
  "blocked",
];

/** The look of an outcome or an effect; anything else looks neutral. */
export function lookOf(part: string): Look {
  const outcome = OUTCOME_OF_EFFECT[part] ?? part;
  const label = part.replaceAll("_", " ");
  if (Object.hasOwn(OUTCOME_LOOKS, outcome))
    return { key: part, ...OUTCOME_LOOKS[outcome as Outcome], label };
  const colour = part === "exempted" ? "var(--outcome-exempted)" : "var(--outcome-gap)";
  return { key: part, label, colour, pattern: "horizontal" };
}

/** Parts in the order in which they are stacked and listed: the strictest last, unknown ones at the end. */
export function byStrictness(a: string, b: string): number {
  const rank = (part: string) => (ORDER.includes(part) ? ORDER.indexOf(part) : ORDER.length);
  return rank(a) - rank(b) || (a < b ? -1 : a > b ? 1 : 0);
}
