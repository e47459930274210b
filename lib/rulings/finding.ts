import type { Db, Tx } from "@/lib/db/prisma";
import { SluiceError } from "@/lib/errors";
import { CANARY } from "@/lib/policy/evaluate";
import type { Facts } from "@/lib/policy/facts";
import { DECISION_COLUMNS, DECISION_TABLES, type StoredDecision } from "@/lib/telemetry/decision-row";
import { uuidv7Time } from "@/lib/telemetry/rules";
import type { FindingView } from "@/lib/telemetry/views";
import { getStanding, type UseCaseStanding } from "@/lib/use-cases/refs";

/** A control that fired for a recorded decision, with the use case and who is named on it. */
export interface LoadedFinding {
  decisionId: string;
  decidedAt: Date;
  useCase: UseCaseStanding;
  control: string;
  level: string | null;
  effect: string;
  /** Null when they are no longer kept. */
  facts: Facts | null;
  /** Hex SHA-256 of the facts. */
  fact: string;
  policyVersion: number;
}

/** The finding of a control in a decision; `not_found` when the decision is not kept, or the control did not fire. */
export async function getFinding(
  db: Db | Tx,
  { decisionId, control }: { decisionId: string; control: string },
): Promise<LoadedFinding> {
  const [stored] = await db.$queryRaw<(StoredDecision & { fact: string })[]>`
    SELECT ${DECISION_COLUMNS}, encode(d."fact", 'hex') AS "fact" FROM ${DECISION_TABLES}
    WHERE d."decided_at" = ${uuidv7Time(decisionId)} AND d."id" = ${decisionId}::uuid`;
  if (!stored) throw new SluiceError("not_found", "There is no such decision, or it is no longer kept.");
  const found: FindingView | undefined = stored.findings.find((finding) => finding.control === control);
  if (!found || control === CANARY) {
    throw new SluiceError("not_found", "No control of this name fired for that decision.");
  }
  return {
    decisionId: stored.id,
    decidedAt: stored.decided_at,
    useCase: await getStanding(db, stored.slug),
    control,
    level: found.level ?? null,
    effect: found.effect,
    facts: stored.facts,
    fact: stored.fact,
    policyVersion: stored.policy_version,
  };
}

/** What the audit log says of a finding: where it stands, never what it was about. */
export function findingDetail(finding: {
  decisionId: string;
  control: string;
  level: string | null;
  effect: string;
}): Record<string, unknown> {
  const { decisionId, control, level, effect } = finding;
  return { decisionId, control, level, effect };
}
