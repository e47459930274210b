import { randomBytes } from "node:crypto";
import { uuidv7 } from "uuidv7";
import { mintCredential } from "@/lib/access/credential-secret";
import type { Db } from "@/lib/db/prisma";
import { compile } from "@/lib/policy/compile";
import type { ControlBinding, DataClass, PolicyDocument, Stage } from "@/lib/policy/document";
import type { ExceptionScope } from "@/lib/policy/exception";

/** Rows for tests, straight into the database: no permission, no audit, no lifecycle. */

const SINCE = new Date("2026-01-01T00:00:00Z");
const mark = () => randomBytes(4).toString("hex");

type Role = "admin" | "security_lead" | "risk_owner" | "application_owner" | "auditor";

export async function buildPerson(db: Db, roles: Role[] = [], name = `Person ${mark()}`) {
  return db.person.create({
    data: {
      id: uuidv7(),
      email: `${mark()}@example.com`,
      name,
      createdAt: SINCE,
      roles: { create: roles.map((role) => ({ role, grantedAt: SINCE })) },
    },
  });
}

/** A use case, with a risk owner of its own unless one is given. */
export async function buildUseCase(
  db: Db,
  given: {
    slug?: string;
    dataClass?: DataClass;
    riskOwnerId?: string;
    environment?: "development" | "staging" | "production";
  } = {},
) {
  const riskOwnerId = given.riskOwnerId ?? (await buildPerson(db, ["risk_owner"])).id;
  const slug = given.slug ?? `use-case-${mark()}`;
  return db.useCase.create({
    data: {
      id: uuidv7(),
      slug,
      name: slug,
      description: "A use case for tests.",
      audience: "internal",
      purpose: "testing",
      tier: "moderate",
      dataClass: given.dataClass ?? "internal",
      environment: given.environment ?? "production",
      riskOwnerId,
      createdAt: SINCE,
    },
  });
}

/** A document that lets everything pass, with the given controls at the given stage. */
export function buildDocument(
  controls: Record<string, ControlBinding> = {},
  stage: Stage = "logging",
  different: Partial<PolicyDocument> = {},
): PolicyDocument {
  return {
    schema: "sluice.policy/v1",
    template: null,
    stage,
    limited: { controls: [], cohort: { percent: 0, workloads: [] } },
    failMode: "closed",
    capture: "excerpt",
    baseline: {
      purposes: null,
      models: null,
      dataClasses: null,
      tools: null,
      destinations: null,
      retrievalSources: null,
      credentials: { kinds: null, maxAgeHours: null },
      traffic: { requestsPerMinute: null, promptChars: null, toolCallsPerSession: null },
    },
    controls,
    ...different,
  };
}

/** The next version of a use case's policy. */
export async function buildPolicyVersion(
  db: Db,
  useCaseId: string,
  document: PolicyDocument,
  effectiveFrom: Date = SINCE,
) {
  const { digest, cedar } = compile(document);
  const last = await db.policyVersion.aggregate({ where: { useCaseId }, _max: { number: true } });
  const number = (last._max.number ?? 0) + 1;
  return db.policyVersion.create({
    data: { id: uuidv7(), useCaseId, number, document, cedar, digest, effectiveFrom },
  });
}

/** The next version of the floor of a data class. */
export async function buildFloorVersion(
  db: Db,
  dataClass: DataClass,
  document: PolicyDocument,
  effectiveFrom: Date = SINCE,
) {
  const last = await db.floorVersion.aggregate({ where: { dataClass }, _max: { number: true } });
  const number = (last._max.number ?? 0) + 1;
  const { digest } = compile(document);
  return db.floorVersion.create({
    data: { id: uuidv7(), dataClass, number, document, digest, effectiveFrom },
  });
}

/** A workload that serves use cases, with one credential whose secret is returned. */
export async function buildWorkload(
  db: Db,
  useCaseIds: string[],
  given: {
    slug?: string;
    kind?: "static" | "federated" | "task";
    createdAt?: Date;
    expiresAt?: Date;
    revokedAt?: Date;
  } = {},
) {
  const slug = given.slug ?? `workload-${mark()}`;
  const { credential, prefix, secretHash } = mintCredential();
  const workload = await db.workload.create({
    data: {
      id: uuidv7(),
      slug,
      name: slug,
      description: "A workload for tests.",
      createdAt: SINCE,
      useCases: { create: useCaseIds.map((useCaseId) => ({ useCaseId })) },
      credentials: {
        create: {
          id: uuidv7(),
          kind: given.kind ?? "task",
          label: "test",
          prefix,
          secretHash: Uint8Array.from(secretHash),
          createdAt: given.createdAt ?? new Date(),
          expiresAt: given.expiresAt ?? new Date("2099-01-01T00:00:00Z"),
          revokedAt: given.revokedAt ?? null,
        },
      },
    },
  });
  return { workload, credential, prefix };
}

/** An approved exception, with four people of its own. */
export async function buildException(
  db: Db,
  given: {
    useCaseId: string;
    controls: string[];
    startsAt: Date;
    expiresAt: Date;
    scope?: ExceptionScope;
    reviewAt?: Date;
    riskOwner?: string;
  },
) {
  const [riskOwner, businessOwner, requester, decider] = [
    await buildPerson(db, ["risk_owner"], given.riskOwner),
    await buildPerson(db, ["application_owner"]),
    await buildPerson(db, ["application_owner"]),
    await buildPerson(db, ["security_lead"]),
  ];
  return db.policyException.create({
    data: {
      id: uuidv7(),
      useCaseId: given.useCaseId,
      controls: given.controls,
      scope: { ...given.scope },
      justification: "The supplier's interface cannot be changed before the next release.",
      compensatingControls: "Every call is reviewed by hand the same day.",
      category: "mitigated",
      riskOwnerId: riskOwner.id,
      businessOwnerId: businessOwner.id,
      startsAt: given.startsAt,
      expiresAt: given.expiresAt,
      reviewAt: given.reviewAt ?? given.expiresAt,
      status: "approved",
      requestedById: requester.id,
      createdAt: given.startsAt,
      submittedAt: given.startsAt,
      termsDigest: "0".repeat(64),
      decidedById: decider.id,
      decidedAt: given.startsAt,
      decisionNote: "Accepted for the time named.",
    },
  });
}

/** An issuer whose tokens count as those of workloads, by audience `sluice` and the given patterns of subjects. */
export async function buildIssuer(
  db: Db,
  issuer: string,
  bindings: { workloadId: string; subject: string; audience?: string }[],
  jwksUri: string | null = null,
) {
  const id = uuidv7();
  await db.federatedIssuer.create({
    data: { id, name: `Issuer ${mark()}`, issuer, jwksUri, createdAt: SINCE },
  });
  for (const { workloadId, subject, audience = "sluice" } of bindings) {
    const data = { id: uuidv7(), workloadId, issuerId: id, audience, subject, createdAt: SINCE };
    await db.workloadFederation.create({ data });
  }
  return { id };
}
