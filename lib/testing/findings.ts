import type { Pool } from "pg";
import { uuidv7 } from "uuidv7";
import type { Db } from "@/lib/db/prisma";
import type { Decision } from "@/lib/pdp/decision";
import { compile } from "@/lib/policy/compile";
import type { PolicyDocument } from "@/lib/policy/document";
import { someFacts } from "@/lib/policy/testing";
import type { SignalLevel } from "@/lib/policy/vocabulary";
import { decide, recordDecisions } from "@/lib/telemetry/testing";
import { buildDocument, buildPolicyVersion } from "@/lib/testing/builders";

/** A policy that would block attacks and card numbers, and the document under it. */
export const watching: PolicyDocument = buildDocument({
  "prompt-attack": { mode: "enforce", sensitivity: "L4" },
  "pii/credit-card": { mode: "enforce", sensitivity: "L4" },
});

/** The next version of a use case's policy, in force long since. */
export function putPolicy(db: Db, useCaseId: string, document: PolicyDocument) {
  return buildPolicyVersion(db, useCaseId, document, new Date("2026-01-02T00:00:00Z"));
}

/** One finding of `prompt-attack` (or others) for each level given, at its instant, by version 2 (`putPolicy`). */
export async function recordFindings(
  pool: Pool,
  useCase: { id: string; slug: string },
  findings: readonly { at: Date; level?: SignalLevel; control?: string; excerpt?: string; id?: string }[],
  document: PolicyDocument = watching,
): Promise<Decision[]> {
  const policy = compile(document);
  const decisions = findings.map(({ at, level = 2, control = "prompt-attack", excerpt, id }) =>
    decide({
      useCase,
      facts: someFacts({ useCase: useCase.slug, action: "prompt", signals: { [control]: level } }),
      at,
      policy,
      version: 2,
      different: { sessionId: uuidv7(), excerpt: excerpt ?? null, ...(id && { id }) },
    }),
  );
  await recordDecisions(pool, decisions);
  return decisions;
}
