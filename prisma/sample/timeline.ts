import type { Ctx, PersonActor } from "@/lib/access/context";
import type { Role } from "@/lib/access/permissions";
import { acceptCondition } from "@/lib/changes/accept-condition";
import { applyChange } from "@/lib/changes/apply-change";
import { approveChange } from "@/lib/changes/approve-change";
import { draftChange } from "@/lib/changes/draft-change";
import { submitChange } from "@/lib/changes/submit-change";
import type { Db } from "@/lib/db/prisma";
import { approveException } from "@/lib/exceptions/approve-exception";
import { rejectException } from "@/lib/exceptions/reject-exception";
import { requestException } from "@/lib/exceptions/request-exception";
import type { RequestExceptionInput } from "@/lib/exceptions/schema";
import type { PolicyDocument } from "@/lib/policy/document";
import { createUseCase } from "@/lib/use-cases/create-use-case";
import { getPolicy } from "@/lib/use-cases/policy-queries";
import { addFederation } from "@/lib/workloads/add-federation";
import { addIssuer } from "@/lib/workloads/add-issuer";
import { createWorkload } from "@/lib/workloads/create-workload";
import { issueCredential } from "@/lib/workloads/issue-credential";
import type { PersonKey } from "./people";
import { type SampleUseCase, USE_CASES } from "./use-cases";

const DAY_MS = 86_400_000;

/** What happened in the sample organisation, through the real commands, each by its person and at its time. */
export interface SampleEvent {
  at: Date;
  happen: (stage: SampleStage) => Promise<void>;
}

export interface SampleStage {
  db: Db;
  /** The context of a person at the time of the event. */
  as: (key: PersonKey) => Ctx & { actor: PersonActor };
  idOf: (key: PersonKey) => string;
  at: Date;
}

export const SAMPLE_DAYS = 30;

/** The events of the last 30 days, in order. */
export function timeline(now: Date): SampleEvent[] {
  const ago = (days: number, hour: number) => {
    const date = new Date(now.getTime() - days * DAY_MS);
    return new Date(Math.min(date.setUTCHours(hour, 12, 0, 0), now.getTime() - 60_000));
  };
  const events: SampleEvent[] = [
    { at: ago(30, 6), happen: register },
    ...USE_CASES.filter((useCase) => useCase.register.slug !== "hr-assistant").map((useCase, index) => ({
      at: ago(26 - index, 9),
      happen: (stage: SampleStage) =>
        change(
          stage,
          useCase.register.slug,
          declared(useCase),
          "Declare the baseline from a week of observed traffic.",
          ["riskOwner", "lead"],
          true,
        ),
    })),
    { at: ago(28, 10), happen: (stage) => except(stage, MIGRATION, "approve") },
    {
      at: ago(20, 10),
      happen: (stage) =>
        change(
          stage,
          "code-helper",
          limited(["secrets", "pii/credit-card"], 50),
          LIMITED_WHY,
          ["riskOwner", "lead"],
          true,
        ),
    },
    {
      at: ago(12, 11),
      happen: (stage) =>
        change(
          stage,
          "support-bot",
          limited(["secrets", "pii/credit-card"], 25),
          LIMITED_WHY,
          ["riskOwner", "lead2"],
          true,
        ),
    },
    { at: ago(10, 9), happen: (stage) => except(stage, TICKETS, "approve") },
    { at: ago(9, 15), happen: (stage) => except(stage, REVIEWER, "approve") },
    {
      at: ago(8, 10),
      happen: (stage) =>
        change(
          stage,
          "code-helper",
          (document) => ({ ...document, stage: "enforcing" }),
          "Two weeks in limited without a false positive: enforce for everybody.",
          ["riskOwner", "lead"],
          true,
        ),
    },
    { at: ago(6, 14), happen: (stage) => except(stage, HANDOVER, "reject") },
    { at: ago(2, 9), happen: (stage) => except(stage, CLAIMANTS, "wait") },
    {
      at: ago(1, 10),
      happen: (stage) =>
        change(
          stage,
          "payments-agent",
          limited(["pii/iban", "high-impact-tool"], 10),
          "Start with a tenth of the sessions, so that accounts payable can get used to approving transfers.",
          ["riskOwner"],
          false,
        ),
    },
  ];
  return events.sort((a, b) => a.at.getTime() - b.at.getTime());
}

const LIMITED_WHY =
  "The controls of high confidence first, for a part of the sessions; the rest stays in logging.";

async function register(stage: SampleStage): Promise<void> {
  for (const { register: entry, workloads } of USE_CASES) {
    await createUseCase(stage.as("riskOwner"), {
      ...entry,
      riskOwnerId: stage.idOf("riskOwner"),
      applicationOwnerIds: [stage.idOf("appOwner")],
    });
    for (const workload of workloads) {
      await createWorkload(stage.as("admin"), { ...workload, useCases: [entry.slug] });
      await issueCredential(stage.as("admin"), {
        workload: workload.slug,
        label: "production",
        expiresAt: new Date(stage.at.getTime() + 180 * DAY_MS).toISOString(),
      });
    }
  }
  await federate(stage);
}

/** The reviewer runs in a pipeline, which signs a token for each run. */
async function federate(stage: SampleStage): Promise<void> {
  const { id: issuer } = await addIssuer(stage.as("admin"), {
    name: "GitHub Actions",
    issuer: "https://token.actions.githubusercontent.com",
  });
  const bound = { issuer, audience: "sluice", subject: "repo:example-org/reviewer:*" };
  await addFederation(stage.as("admin"), { workload: "ci-reviewer", ...bound });
}

type Edit = (document: PolicyDocument) => PolicyDocument;

async function change(
  stage: SampleStage,
  useCase: string,
  edit: Edit,
  justification: string,
  approvers: PersonKey[],
  apply: boolean,
): Promise<void> {
  const requester = stage.as("appOwner");
  const { document, version } = await getPolicy(requester, { slug: useCase });
  const { id } = await draftChange(requester, {
    useCase,
    baseVersion: version,
    proposal: edit(document),
    justification,
  });
  const submitted = await submitChange(requester, { id });
  for (const key of approvers) {
    const seen = { proposalDigest: submitted.proposalDigest, evidenceDigest: submitted.evidenceDigest ?? "" };
    const seats = submitted.seats.filter((seat) =>
      seat.eligible.some((person) => person.id === stage.idOf(key)),
    );
    if (seats.length > 0)
      await approveChange(stage.as(key), { id, note: "Read with its effect on recorded traffic.", ...seen });
  }
  if (!apply) return;
  for (const { id: condition, met } of submitted.evidence?.readiness?.conditions ?? []) {
    const evidenceDigest = submitted.evidenceDigest ?? "";
    const reason = "Watched closely in the first weeks; it steps back at the first sign of harm.";
    if (!met) await acceptCondition(stage.as("riskOwner"), { id, condition, reason, evidenceDigest });
  }
  await applyChange(requester, { id });
}

/** The baseline as the sample's traffic shows it. */
function declared(useCase: SampleUseCase): Edit {
  return (document) => ({
    ...document,
    baseline: {
      ...document.baseline,
      models: useCase.models,
      dataClasses: useCase.dataClasses,
      tools: useCase.tools.map(({ name, impact }) => ({ name, impact })),
      destinations: useCase.destinations,
      retrievalSources: useCase.retrievalSources,
    },
  });
}

/** Enrols these controls too, beside those that the template enrols. */
function limited(controls: string[], percent: number): Edit {
  return (document) => {
    const enrolled = [...new Set([...document.limited.controls, ...controls])];
    return {
      ...document,
      stage: "limited",
      limited: { controls: enrolled, cohort: { percent, workloads: [] } },
    };
  };
}

interface SampleException
  extends Pick<
    RequestExceptionInput,
    "useCase" | "controls" | "scope" | "justification" | "compensatingControls" | "category"
  > {
  businessOwner: PersonKey;
  days: number;
}

const TICKETS: SampleException = {
  useCase: "support-bot",
  controls: ["pii/email"],
  scope: { tools: ["create_ticket"] },
  justification:
    "Tickets carry the customer's address so that a person can answer; the ticket system is inside our network.",
  compensatingControls:
    "The ticket system is inside, its access is reviewed quarterly, addresses are deleted after 90 days.",
  category: "mitigated",
  businessOwner: "service",
  days: 19,
};
const REVIEWER: SampleException = {
  useCase: "code-helper",
  controls: ["secrets"],
  scope: { workloads: ["ci-reviewer"] },
  justification:
    "Test fixtures of the payment library hold keys that look real; they are revoked and being replaced one by one.",
  compensatingControls:
    "All keys in the fixtures were revoked; the scanner of the repository stops new ones.",
  category: "waiver",
  businessOwner: "service",
  days: 12,
};
const MIGRATION: SampleException = {
  useCase: "code-helper",
  controls: ["model-not-approved"],
  scope: { models: ["local/*"] },
  justification: "A trial of a local model for two weeks, to compare its answers with the approved ones.",
  compensatingControls: "The model runs inside our network and keeps no logs.",
  category: "waiver",
  businessOwner: "service",
  days: 14,
};
const HANDOVER: SampleException = {
  useCase: "claims-triage",
  controls: ["tool-not-approved"],
  scope: { tools: ["approve_payout"] },
  justification: "Handlers would like the assistant to prepare small payouts by itself over the holidays.",
  compensatingControls: "Payouts under 200 only.",
  category: "waiver",
  businessOwner: "claims",
  days: 30,
};
const CLAIMANTS: SampleException = {
  useCase: "claims-triage",
  controls: ["pii/iban"],
  scope: { workloads: ["claims-service"], tools: ["read_claim"] },
  justification:
    "A claim holds the claimant's account number; without it the assistant cannot say whether the form is complete.",
  compensatingControls:
    "The model is hosted under a contract without retention; account numbers are masked in what handlers see.",
  category: "mitigated",
  businessOwner: "claims",
  days: 45,
};

async function except(
  stage: SampleStage,
  sample: SampleException,
  end: "approve" | "reject" | "wait",
): Promise<void> {
  const { businessOwner, days, ...terms } = sample;
  const expiry = stage.at.getTime() + days * DAY_MS;
  const requested = await requestException(stage.as("appOwner"), {
    ...terms,
    riskOwnerId: stage.idOf("riskOwner"),
    businessOwnerId: stage.idOf(businessOwner),
    startsAt: stage.at.toISOString(),
    expiresAt: new Date(expiry).toISOString(),
    reviewAt: new Date(expiry - DAY_MS).toISOString(),
    submit: true,
  });
  const { id, termsDigest } = requested;
  if (end === "approve")
    await approveException(stage.as("lead"), { id, termsDigest, note: "Limited in scope and time." });
  if (end === "reject")
    await rejectException(stage.as("lead"), {
      id,
      note: "Payouts need a person. Ask for a change of the policy instead.",
    });
}

/** The actor of a sample person, without a session. */
export function actorOf(person: {
  id: string;
  name: string;
  email: string;
  roles: readonly Role[];
}): PersonActor {
  return {
    kind: "person",
    id: person.id,
    name: person.name,
    email: person.email,
    roles: person.roles,
    sessionId: null,
  };
}
