/** The closed sets of words of a policy, each in its order. */

/** Mode of a control, stricter to the right. */
export const MODES = ["off", "log", "redact", "require_approval", "enforce"] as const;
/** Sensitivity of a content control, wider net (stricter) to the right. */
export const SENSITIVITIES = ["L1", "L2", "L3", "L4"] as const;
/** Stage of a policy, stricter to the right. */
export const STAGES = ["logging", "limited", "enforcing"] as const;
/** Data classes, more sensitive to the right. */
export const DATA_CLASSES = ["public", "internal", "confidential", "restricted"] as const;
export const ACTIONS = [
  "prompt",
  "completion",
  "tool_call",
  "tool_result",
  "retrieval",
  "outbound",
  "secret_access",
] as const;
/** What an enforcement point does when it cannot ask, stricter to the right. */
export const FAIL_MODES = ["open", "closed"] as const;
/** What is kept of content, more to the right. */
export const CAPTURES = ["none", "excerpt", "full"] as const;
export const CREDENTIAL_KINDS = ["federated", "task", "static"] as const;
/** Risk tiers of a use case, riskier to the right. */
export const TIERS = ["low", "moderate", "high", "critical"] as const;
export const ENVIRONMENTS = ["development", "staging", "production"] as const;
/** Impact of a tool, stricter to the right. */
export const IMPACTS = ["low", "high"] as const;
/** Outcome of a decision, stricter to the right. */
export const OUTCOMES = ["allow", "flag", "redact", "require_approval", "block"] as const;

export type Mode = (typeof MODES)[number];
export type Sensitivity = (typeof SENSITIVITIES)[number];
export type Stage = (typeof STAGES)[number];
export type DataClass = (typeof DATA_CLASSES)[number];
export type Action = (typeof ACTIONS)[number];
export type FailMode = (typeof FAIL_MODES)[number];
export type Capture = (typeof CAPTURES)[number];
export type CredentialKind = (typeof CREDENTIAL_KINDS)[number];
export type Tier = (typeof TIERS)[number];
export type Environment = (typeof ENVIRONMENTS)[number];
export type Impact = (typeof IMPACTS)[number];
export type Outcome = (typeof OUTCOMES)[number];
/** A sensitivity as a number: 1 is `L1` (confident) … 4 is `L4` (weak). */
export type SignalLevel = 1 | 2 | 3 | 4;

/** `L2` → 2. */
export function levelOf(sensitivity: Sensitivity): SignalLevel {
  return (SENSITIVITIES.indexOf(sensitivity) + 1) as SignalLevel;
}

/** 2 → `L2`. */
export function sensitivityOf(level: SignalLevel): Sensitivity {
  return SENSITIVITIES[level - 1] as Sensitivity;
}
