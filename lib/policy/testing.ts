import type { PolicyDocument } from "./document";
import { type Facts, toFacts } from "./facts";

/** The example of the design, word for word, with workloads and controls that its cohort names. For tests. */
export const exampleDocument: PolicyDocument = {
  schema: "sluice.policy/v1",
  template: "public-facing",
  stage: "logging",
  limited: {
    controls: ["secrets", "pii/credit-card"],
    cohort: { percent: 10, workloads: ["…"] },
  },
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
    credentials: { kinds: ["federated", "task", "static"], maxAgeHours: 720 },
    traffic: { requestsPerMinute: 120, promptChars: 16384, toolCallsPerSession: 32 },
  },
  controls: {
    "prompt-attack": { mode: "log", sensitivity: "L2" },
    "tool-not-approved": { mode: "log" },
    "custom/no-restricted-transfers": {
      mode: "log",
      when: 'context.tool == "send_money" && context.dataClass == "restricted"',
    },
    "custom/no-legal-advice": {
      mode: "log",
      sensitivity: "L2",
      phrases: ["legal advice"],
      patterns: ["\\bsue (him|her|them)\\b"],
    },
  },
};

/** Facts of a plain, approved prompt, with what a test wants different. */
export function someFacts(different: Partial<Facts> = {}): Facts {
  return toFacts({
    action: "prompt",
    attributed: true,
    cohort: 100,
    credential: { ageBucket: 1, kind: "task" },
    environment: "production",
    links: {},
    signals: {},
    useCase: "support-bot",
    workload: "gateway",
    ...different,
  });
}
