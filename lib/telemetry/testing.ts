import type { Pool } from "pg";
import { uuidv7 } from "uuidv7";
import type { Ctx } from "@/lib/access/context";
import type { Role } from "@/lib/access/permissions";
import type { Db } from "@/lib/db/prisma";
import type { Decision, KeptFinding } from "@/lib/pdp/decision";
import { decisionIdAt } from "@/lib/pdp/decision-id";
import { createRecorder } from "@/lib/pdp/record";
import { type CompiledPolicy, compile } from "@/lib/policy/compile";
import { factsDigest } from "@/lib/policy/digest";
import type { PolicyDocument } from "@/lib/policy/document";
import { evaluate } from "@/lib/policy/evaluate";
import type { PolicyExceptionTerms } from "@/lib/policy/exception";
import type { Facts } from "@/lib/policy/facts";

/** A person with roles. For tests. */
export async function makePerson(db: Db, roles: Role[], now: Date): Promise<string> {
  const id = uuidv7();
  await db.person.create({
    data: {
      id,
      email: `${id}@example.com`,
      name: `Person ${id.slice(-4)}`,
      createdAt: now,
      roles: { create: roles.map((role) => ({ role, grantedAt: now })) },
    },
  });
  return id;
}

/** What a signed-in person with these roles asks with. For tests. */
export function ctxOf(db: Db, personId: string, roles: Role[], now: Date): Ctx {
  const actor = { kind: "person", id: personId, name: "Someone", email: "", roles, sessionId: null } as const;
  return { actor, now, requestId: "test", db };
}

/** A registered use case, with a first policy version when a document is given. For tests. */
export async function makeUseCase(
  db: Db,
  slug: string,
  { riskOwnerId, now, document }: { riskOwnerId: string; now: Date; document?: PolicyDocument },
): Promise<{ id: string; slug: string }> {
  const id = uuidv7();
  await db.useCase.create({
    data: {
      id,
      slug,
      name: slug.replaceAll("-", " "),
      description: "",
      audience: "customers",
      purpose: "customer support",
      tier: "moderate",
      dataClass: "internal",
      environment: "production",
      riskOwnerId,
      createdAt: now,
    },
  });
  if (document) await addVersion(db, id, 1, document, now);
  return { id, slug };
}

/** The next version of a policy. For tests. */
export async function addVersion(
  db: Db,
  useCaseId: string,
  number: number,
  document: PolicyDocument,
  at: Date,
): Promise<void> {
  const { cedar, digest } = compile(document);
  await db.policyVersion.create({
    data: { id: uuidv7(), useCaseId, number, document, cedar, digest, effectiveFrom: at },
  });
}

interface DecideInput {
  useCase: { id: string; slug: string };
  facts: Facts;
  at: Date;
  policy: CompiledPolicy;
  version?: number;
  exceptions?: readonly PolicyExceptionTerms[];
  different?: Partial<Decision>;
}

/** A decision as a decision point makes it. For tests. */
export function decide({
  useCase,
  facts,
  at,
  policy,
  version = 1,
  exceptions = [],
  different = {},
}: DecideInput): Decision {
  const { outcome, wouldBe, findings } = evaluate(facts, policy, exceptions, at);
  return {
    id: decisionIdAt(at),
    useCaseId: useCase.id,
    useCase: useCase.slug,
    decidedAt: at,
    kind: "decision",
    facts,
    fact: factsDigest(facts),
    policyVersion: version,
    policyDigest: policy.digest.slice("sha256:".length),
    outcome,
    wouldBe,
    findings: JSON.parse(JSON.stringify(findings)) as KeptFinding[],
    sessionId: null,
    traceId: null,
    actorHash: null,
    contentDigest: null,
    excerpt: null,
    evaluatedUs: 40,
    late: false,
    synthetic: [],
    ...different,
  };
}

/** Records decisions with all their hours, as a decision point does. For tests. */
export async function recordDecisions(pool: Pool, decisions: readonly Decision[]): Promise<void> {
  const recorder = createRecorder(pool, { shard: "test", timeoutMs: 60_000 });
  await recorder.recordAll(decisions);
}
