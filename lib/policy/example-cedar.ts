import { getControl } from "./catalogue";
import { compile } from "./compile";
import type { ControlBinding, PolicyDocument } from "./document";

/** A baseline to show controls by; every list and limit is set, so that each control has something to depart from. */
const EXAMPLE: PolicyDocument = {
  schema: "sluice.policy/v1",
  template: null,
  stage: "logging",
  limited: { controls: [], cohort: { percent: 0, workloads: [] } },
  failMode: "closed",
  capture: "excerpt",
  baseline: {
    purposes: ["customer-support"],
    models: ["openai/gpt-4o", "anthropic/*"],
    dataClasses: ["public", "internal"],
    tools: [
      { name: "send_money", impact: "high" },
      { name: "search_*", impact: "low" },
    ],
    destinations: ["api.example.com", "*.corp.example"],
    retrievalSources: ["kb/*"],
    credentials: { kinds: ["federated", "task"], maxAgeHours: 720 },
    traffic: { requestsPerMinute: 120, promptChars: 16_384, toolCallsPerSession: 32 },
  },
  controls: {},
};

/** The Cedar text that a built-in control compiles to at sensitivity L2, over an example baseline; null for others. */
export function exampleCedar(id: string): string | null {
  const control = getControl(id);
  if (control === null || control.family === "custom") return null;
  const binding: ControlBinding = control.takesSensitivity
    ? { mode: control.usualMode, sensitivity: "L2" }
    : { mode: control.usualMode };
  const { cedar } = compile({ ...EXAMPLE, controls: { [id]: binding } });
  return cedar.slice(cedar.indexOf(`@id("${id}")`)).trimEnd();
}
