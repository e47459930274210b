import type { Pool } from "pg";
import { uuidv7 } from "uuidv7";
import type { Db } from "@/lib/db/prisma";
import { compile } from "@/lib/policy/compile";
import { factsDigest } from "@/lib/policy/digest";
import type { PolicyDocument } from "@/lib/policy/document";
import { evaluate } from "@/lib/policy/evaluate";
import { buildPerson, buildPolicyVersion, buildUseCase } from "@/lib/testing/builders";
import { benchFacts } from "./traffic-load";

const HOUR = 3_600_000;
const HOURS = 720;
const FACTS = 5000;
const FACTS_PER_HOUR = 1400;
const EXCEPTIONS = 20;

/**
 * A use case with ten million decisions of 5,000 facts in 30 days, as its hours count them, and 20 exceptions that
 * begin and end within: each at the start of an hour, so that no single decision needs to be there.
 */
export async function loadBusyUseCase(
  db: Db,
  pool: Pool,
  document: PolicyDocument,
): Promise<{ useCaseId: string; from: Date; to: Date }> {
  const useCase = await buildUseCase(db, { slug: "busy" });
  await buildPolicyVersion(db, useCase.id, document);
  const to = new Date(Math.floor(Date.now() / HOUR) * HOUR);
  const from = new Date(to.getTime() - HOURS * HOUR);
  const policy = compile(document);
  const rows = Array.from({ length: FACTS }, (_, number) => {
    const facts = benchFacts(useCase.slug, number);
    const { outcome, wouldBe } = evaluate(facts, policy, [], to);
    return { number, digest: factsDigest(facts), facts, outcome, would_be: wouldBe };
  });
  await pool.query(LOAD, [useCase.id, JSON.stringify(rows), from, HOURS, FACTS_PER_HOUR]);
  await pool.query("VACUUM ANALYZE decision_hour, fact");
  await loadExceptions(db, useCase, from);
  return { useCaseId: useCase.id, from, to };
}

const LOAD = `
WITH given AS (
  SELECT * FROM jsonb_to_recordset($2::jsonb) AS r("number" int, "digest" text, "facts" jsonb, "outcome" text, "would_be" text)
), stored AS (
  INSERT INTO fact SELECT $1::uuid, decode("digest", 'hex'), "facts", $3::timestamptz FROM given
)
INSERT INTO decision_hour
SELECT $1::uuid, $3::timestamptz + make_interval(hours => h), decode(g."digest", 'hex'), 1, g."outcome", g."would_be",
  '00000000-0000-0000-0000-000000000000', 'bench', 10
FROM generate_series(0, $4::int - 1) AS h CROSS JOIN generate_series(0, $5::int - 1) AS i
JOIN given g ON g."number" = (h * 37 + i * 13) % 5000`;

async function loadExceptions(
  db: Db,
  useCase: { id: string; riskOwnerId: string },
  from: Date,
): Promise<void> {
  const [requester, decider] = [await buildPerson(db), await buildPerson(db, ["security_lead"])];
  await db.policyException.createMany({
    data: Array.from({ length: EXCEPTIONS }, (_, i) => {
      const startsAt = new Date(from.getTime() + i * 24 * HOUR);
      const expiresAt = new Date(startsAt.getTime() + 9 * 24 * HOUR);
      return {
        id: uuidv7(),
        useCaseId: useCase.id,
        controls: ["pii/email", "prompt-attack"],
        scope: { tools: [`tool-${i}`] },
        justification: "Generated to measure how long an impact takes.",
        compensatingControls: "none",
        category: "waiver" as const,
        riskOwnerId: useCase.riskOwnerId,
        businessOwnerId: requester.id,
        requestedById: requester.id,
        startsAt,
        expiresAt,
        reviewAt: expiresAt,
        status: "approved" as const,
        createdAt: startsAt,
        submittedAt: startsAt,
        termsDigest: "",
        decidedById: decider.id,
        decidedAt: startsAt,
      };
    }),
  });
}
