import { Badge } from "@mantine/core";
import type { ReactNode } from "react";

/** Words of the product as badges. The word always stands there: colour only helps. */

const COLOURS: Record<string, string> = {
  // outcomes
  allow: "green",
  flag: "yellow",
  redact: "violet",
  require_approval: "orange",
  block: "red",
  // effects
  would_block: "red",
  would_redact: "violet",
  would_require_approval: "orange",
  blocked: "red",
  redacted: "violet",
  needs_approval: "orange",
  exempted: "cyan",
  logged: "gray",
  // stages
  logging: "gray",
  limited: "yellow",
  enforcing: "green",
  // tiers
  low: "gray",
  moderate: "blue",
  high: "orange",
  critical: "red",
  // directions
  tightens: "green",
  loosens: "red",
  mixed: "orange",
  equal: "gray",
  // states
  draft: "gray",
  in_review: "blue",
  submitted: "blue",
  approved: "green",
  applied: "green",
  in_force: "green",
  scheduled: "blue",
  suspended: "orange",
  break_glass: "red",
  step_back: "orange",
  step_down: "orange",
  review_overdue: "orange",
  expired: "gray",
  rejected: "red",
  withdrawn: "gray",
  revoked: "red",
  retired: "gray",
  conflicted: "orange",
  // incidents
  open: "orange",
  closed: "gray",
  // rulings and appeals
  true_positive: "green",
  false_positive: "orange",
  unsure: "gray",
  upheld: "green",
  overturned: "orange",
  // held requests
  pending: "orange",
  granted: "green",
  denied: "red",
  used: "blue",
};

/** Any word of the vocabulary, such as an outcome, a stage, a tier or a state. */
export function WordBadge({ word, children }: { word: string; children?: ReactNode }) {
  return (
    <Badge
      component="span"
      variant="light"
      color={COLOURS[word] ?? "gray"}
      radius="sm"
      tt="none"
      fw={600}
      miw="max-content"
      autoContrast
    >
      {children ?? word.replaceAll("_", " ")}
    </Badge>
  );
}
